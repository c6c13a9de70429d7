// What an operation is: the steps that keep a promise, in order, each with its undo, and how the server is left when
// it fails. The conductor runs any of them; `operations/table.ts` lists them all.
import type { EventName } from '../../model/events.ts'
import type { ServerPatch } from '../store/servers.ts'
import type { Work } from './work.ts'

export interface Step<Args, Data> {
  /** Name in the journal and in recovery marks. */
  readonly name: string
  /** Event recorded around the step, where it has exactly one; others record theirs inside with `work.event`. */
  readonly event?: EventName
  /** Where the step happens: whose name the event carries. */
  readonly at: 'conductor' | 'host'
  /**
   * Must be safe to run again: after a crash it is, from its beginning. A step that ends with a change of the server
   * makes it with `work.complete`, so that it is not run again over what others have done since.
   */
  run(work: Work<Args, Data>): Promise<void>
  /** Takes back what `run` did, done or half done; must be safe to run again too. */
  undo?(work: Work<Args, Data>): Promise<void>
}

export interface Operation<Args, Data> {
  readonly kind: string
  readonly steps: readonly Step<Args, Data>[]
  /**
   * The server's states after a failure; task_state is cleared unless said otherwise. Default: vm_state as it was.
   * (facts: states.md §4, revert-task-state and error-out).
   */
  failed?(work: Work<Args, Data>, error: unknown): ServerPatch | Promise<ServerPatch>
  /** The deletion itself: does not stop when the server is being deleted. */
  readonly deletes?: true
  /** Goes on while the server is being deleted, and leaves the deletion's task_state alone. */
  readonly besideDeletion?: true
  /** Has no task_state of its own, and leaves alone what others set meanwhile. */
  readonly withoutTask?: true
  /** Runs while another operation is working on the server, and does not wait for it. */
  readonly beside?: true
  /** `faultline:fail` among the arguments: a resize's new flavor. */
  failuresIn?(args: Args): string | undefined
}

// Args and data are read back from JSON; each operation knows its own shapes.
// biome-ignore lint/suspicious/noExplicitAny: the table holds operations of every shape
export type AnyOperation = Operation<any, any>

export const operation = <Args, Data>(definition: Operation<Args, Data>): Operation<Args, Data> => definition
export const step = <Args, Data>(name: string, rest: Omit<Step<Args, Data>, 'name'>): Step<Args, Data> => ({
  name,
  ...rest,
})

/** The server is being deleted: whatever was going on with it stops, quietly, and takes back what it can. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}

/** The process is stopping: the operation stays where it is, for the next start. */
export class Draining extends Error {
  override readonly name = 'Draining'
}

/** The store failed a transaction; nothing of it is done. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed'
}

/** No failure of the operation: it is gone on with when the process, or the store, is there again. */
export const isInterruption = (error: unknown): boolean =>
  error instanceof Draining || error instanceof StoreFailed
