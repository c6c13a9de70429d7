// One operation being worked on: the server as it is now, what was asked, what was found out, and the means to go on.
import type { Transaction } from 'kysely'
import { readJson } from '../../base/json.ts'
import type { EventName } from '../../model/events.ts'
import { NoConsumer } from '../../platform/bus/bus.ts'
import type { Log, LogContext } from '../../platform/journal/log.ts'
import { tables } from '../../platform/store/store.ts'
import {
  cut,
  detailsOf,
  type Explanation,
  eventTraceback,
  faultCode,
  faultDetails,
  HostUnreachable,
  publicMessage,
  tryDetails,
} from '../errors.ts'
import { errorFor, type Failure, failureKey, HostError, readFailures } from '../failures.ts'
import { type HostAnswer, type HostCallName, type HostCalls, hostTopic } from '../messages.ts'
import type { OnBehalf } from '../neighbours/neighbours.ts'
import { finishEvent, startEvent } from '../store/actions.ts'
import { type OperationRow, patchOperation } from '../store/operations.ts'
import {
  addFault,
  flavorOf,
  metadataOf,
  patchServer,
  readServer,
  type ServerPatch,
  type ServerRow,
} from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import { errorOf, type FailureRecord, recordOf } from './failure-record.ts'
import { isInterruption, type Operation, Superseded } from './operation.ts'
import { tellException } from './tell.ts'
import type { WorkDeps } from './work-deps.ts'

/** Data every operation may carry beside its own. */
interface CommonData {
  /** Failures asked for with `once` that have happened: `point:error`. */
  readonly failedOnce?: readonly string[]
  /** Why it is being undone. */
  readonly failure?: FailureRecord
}

type Tx = Transaction<ComputeTables>

/** What is to change of a server; a function is given the row as it is, held, where the change depends on that. */
export type Change = ServerPatch | ((server: ServerRow) => ServerPatch)

// biome-ignore lint/suspicious/noExplicitAny: what takes works of every operation
export type AnyWork = Work<any, any>

export class Work<Args, Data> {
  readonly deps: WorkDeps
  readonly operationId: string
  readonly actionId: string | null
  readonly args: Args
  readonly context: LogContext
  /** How many times this operation was taken up before. */
  readonly takenUpBefore: number
  readonly #definition: Operation<Args, Data>
  #step: number
  #isPassed = false
  #server: ServerRow
  #noted: Explanation | null = null
  #data: Data & CommonData
  #due: readonly ((tx: Tx) => Promise<void>)[] = []

  constructor(deps: WorkDeps, row: OperationRow, server: ServerRow, definition: Operation<Args, Data>) {
    this.deps = deps
    this.operationId = row.id
    this.actionId = row.action_id
    this.args = readJson(row.args_json)
    this.context = readJson(row.context_json)
    this.takenUpBefore = row.attempts
    this.#definition = definition
    this.#step = row.step
    this.#server = server
    this.#data = readJson(row.data_json)
  }

  get server(): ServerRow {
    return this.#server
  }
  get data(): Data {
    return this.#data
  }
  /** The conductor's log under the request's ids. */
  get log(): Log {
    return this.deps.logs.conductor.under(this.context)
  }
  /** A compute host's log under the request's ids. */
  hostLog(host: string): Log {
    return this.deps.logs.compute(host).under(this.context)
  }
  /** For calls to other services: the request's ids, and the log of whoever calls. */
  behalf(host?: string): OnBehalf {
    return {
      ids: {
        requestId: this.context.requestId as OnBehalf['ids']['requestId'],
        globalRequestId: this.context.globalRequestId as OnBehalf['ids']['globalRequestId'],
      }, // our own ids, back from JSON
      log: host === undefined ? this.log : this.hostLog(host),
    }
  }

  async transaction<R>(body: (tx: Tx) => Promise<R>): Promise<R> {
    const due = this.#due
    if (due.length === 0) return this.deps.store.transaction<ComputeTables, R>(body)
    const result = await this.deps.store.transaction<ComputeTables, R>(async tx => {
      for (const write of due) await write(tx)
      return body(tx)
    })
    this.#due = this.#due.filter(write => !due.includes(write))
    return result
  }

  /** Written with whatever is written next, so that a record costs no transaction of its own. */
  withNext(write: (tx: Tx) => Promise<void>): void {
    this.#due = [...this.#due, write]
  }

  /** Changes the server (and more in the same transaction); Superseded when it is being deleted. */
  async change(
    patch: Change,
    also?: (tx: Tx) => Promise<void>,
    remembered: Partial<Data & CommonData> = {},
  ): Promise<void> {
    const data = { ...this.#data, ...remembered }
    const changed = await this.transaction(async tx => {
      const row = await this.#patch(tx, patch)
      if (!row) return undefined
      if (Object.keys(remembered).length > 0) await this.#write(tx, { data_json: JSON.stringify(data) })
      await also?.(tx)
      return row
    })
    if (!changed) throw this.#superseded()
    this.#server = changed
    this.#data = data
  }

  #write(tx: Tx, patch: Parameters<typeof patchOperation>[2]): Promise<void> {
    return patchOperation(tx, this.operationId, patch, this.deps.clock.now())
  }

  async #patch(tx: Tx, change: Change): Promise<ServerRow | undefined> {
    if (typeof change !== 'function') return this.#patchRow(tx, change)
    const held = await this.#patchRow(tx, {})
    return held && this.#patchRow(tx, change(held))
  }

  async #patchRow(tx: Tx, patch: ServerPatch): Promise<ServerRow | undefined> {
    const now = this.deps.clock.now()
    const { deletes, besideDeletion } = this.#definition
    const row = await patchServer(tx, this.#server.id, patch, now, deletes ? {} : { notDeleting: true })
    if (row || !besideDeletion) return row
    const { task_state: _deletions, ...rest } = patch
    return patchServer(tx, this.#server.id, rest, now)
  }

  /**
   * The last change of a step: with it the step is over. In one transaction, so that a process dying in between cannot
   * have the step run again over what somebody else has done with the server since.
   */
  async complete(
    patch: Change,
    also?: (tx: Tx) => Promise<void>,
    remembered: Partial<Data & CommonData> = {},
  ): Promise<void> {
    const pass = async (tx: Tx) => {
      await also?.(tx)
      await this.#passStep(tx)
    }
    await this.change(patch, pass, remembered)
    this.#isPassed = true
  }

  /** The step has made its last change: nothing that happens now can fail it. */
  get isPassed(): boolean {
    return this.#isPassed
  }

  /** The step is over, and the next one begins. */
  async nextStep(): Promise<void> {
    await this.transaction(tx => this.#passStep(tx))
    this.#step += 1
    this.#isPassed = false
  }

  #passStep(tx: Tx): Promise<void> {
    return this.#write(tx, { step: this.#step + 1 })
  }

  /** Throws Superseded when the server is being deleted by now. */
  async stillWanted(): Promise<void> {
    const row = await readServer(tables<ComputeTables>(this.deps.store), this.#server.id)
    const { deletes, besideDeletion } = this.#definition
    const isLeaving = row?.task_state === 'deleting' || row?.task_state === 'soft-deleting'
    if (!row || row.deleted === 1 || (isLeaving && !deletes && !besideDeletion)) throw this.#superseded()
    this.#server = row
  }

  #superseded(): Superseded {
    return new Superseded(`server ${this.#server.id} is being deleted`)
  }

  /** Keeps what a step found out (and more in the same transaction), so that it is there after a crash. */
  async remember(patch: Partial<Data & CommonData>, also?: (tx: Tx) => Promise<void>): Promise<void> {
    const data = { ...this.#data, ...patch }
    await this.transaction(async tx => {
      await also?.(tx)
      await patchOperation(tx, this.operationId, { data_json: JSON.stringify(data) }, this.deps.clock.now())
    })
    this.#data = data
  }

  /** The operation is to be undone from the step it is in, for this reason. */
  async startUndoing(error: unknown): Promise<void> {
    const failure = { failure: recordOf(error) } as Partial<Data & CommonData> // a key of CommonData
    await this.remember(failure, tx =>
      patchOperation(tx, this.operationId, { state: 'undoing', step: this.#step }, this.deps.clock.now()),
    )
  }

  /** Why it is being undone, be it since an earlier process began to. */
  get failure(): Error | undefined {
    const { failure } = this.#data
    return failure && errorOf(failure)
  }

  /** Runs `body` inside an event of the action: started before, finished with its result, traceback and reason. */
  event<R>(name: EventName, host: string, body: () => Promise<R>): Promise<R> {
    return this.#inEvent(name, host, async () => {
      await this.failIfAsked(name)
      return body()
    })
  }

  /**
   * A try that may be made again elsewhere: answers what went wrong, or null. Upstream's event of it ends with Success
   * whatever happens in it (facts: api-surface.md §5). Still throws Superseded, quietly.
   */
  async attempt(name: EventName, host: string, body: () => Promise<unknown>): Promise<unknown> {
    const failure = await this.#inEvent(name, host, async () => {
      try {
        await this.failIfAsked(name)
        await body()
        return null
      } catch (error) {
        if (isInterruption(error)) throw error
        if (!(error instanceof Superseded)) this.noteFailure(error)
        return error
      }
    })
    if (failure instanceof Superseded) throw failure
    return failure
  }

  /** The event being done is to say what went wrong in it, though as upstream's it ends with Success. */
  noteFailure(error: unknown): void {
    this.#noted = tryDetails(error, this.#server.task_state)
  }

  async #inEvent<R>(name: EventName, host: string, body: () => Promise<R>): Promise<R> {
    const { actionId } = this
    if (actionId === null) return body()
    const id = await this.transaction(tx => startEvent(tx, actionId, name, host, this.deps.clock.now()))
    try {
      const result = await body()
      const noted = this.#noted && { details: this.#noted.admin, ownerDetails: this.#noted.owner }
      const end = { result: 'Success', ...noted } as const
      this.#noted = null
      await this.transaction(tx => finishEvent(tx, actionId, id, end, this.deps.clock.now()))
      return result
    } catch (error) {
      if (isInterruption(error)) throw error // open, the event is taken up again with its step
      const { admin, owner } =
        error instanceof Superseded
          ? { admin: 'The server was deleted meanwhile.', owner: 'The server was deleted meanwhile.' }
          : detailsOf(error)
      if (!(error instanceof Superseded) && name.startsWith('compute_'))
        tellException(this, error, name.slice('compute_'.length), host)
      const end = {
        result: 'Error',
        traceback: eventTraceback(error),
        details: admin,
        ownerDetails: owner,
      } as const
      await this.transaction(tx => finishEvent(tx, actionId, id, end, this.deps.clock.now()))
      throw error
    }
  }

  /** Records an event that is over: recovery's mark. */
  async mark(name: EventName, details: string): Promise<void> {
    const { actionId } = this
    if (actionId === null) return
    const now = this.deps.clock.now()
    await this.transaction(async tx => {
      const id = await startEvent(tx, actionId, name, this.deps.conductorHost, now)
      await finishEvent(
        tx,
        actionId,
        id,
        { result: 'Success', details: cut(details), ownerDetails: cut(details) },
        now,
      )
    })
  }

  /** Writes the server's newest fault. Shown only while the status is ERROR or DELETED. */
  async recordFault(error: unknown, host: string | null, message = publicMessage(error)): Promise<void> {
    const code = faultCode(error)
    const record = { code, message: cut(message), details: code === 500 ? faultDetails(error) : '', host }
    await this.transaction(tx => addFault(tx, this.#server.id, record, this.deps.clock.now()))
  }

  /** Asks a host's agent; its error comes back as HostError. */
  async onHost<Name extends HostCallName>(
    host: string,
    call: Name,
    args: HostCalls[Name]['args'],
  ): Promise<HostCalls[Name]['result']> {
    const message = {
      call,
      server: this.#server.id,
      args,
      context: this.context,
      fail: await this.#takeFailure(call),
    }
    const answer = (await this.#call(host, message)) as HostAnswer<Name> // agents answer by messages.ts
    if ('result' in answer) return answer.result
    const { name, message: text, code, isPublic, stack } = answer.error
    const error = new HostError(name, text, { code, isPublic })
    if (stack !== undefined) error.stack = stack
    throw error
  }

  async #call(host: string, message: unknown): Promise<unknown> {
    try {
      return await this.deps.bus.call(hostTopic(host), message)
    } catch (cause) {
      throw cause instanceof NoConsumer ? new HostUnreachable(host, { cause }) : cause
    }
  }

  /** Throws what `faultline:fail` asks for at this point, if it does. */
  async failIfAsked(point: string): Promise<void> {
    const failure = await this.#takeFailure(point)
    if (failure) throw errorFor(failure, { imageId: this.#server.image_id })
  }

  async #takeFailure(point: string): Promise<Failure | null> {
    const metadata = this.#server.metadata_json.includes(failureKey)
      ? metadataOf(this.#server)[failureKey]
      : undefined
    const flavor = this.#server.flavor_json.includes(failureKey)
      ? flavorOf(this.#server).extraSpecs[failureKey]
      : undefined
    const inArgs = this.#definition.failuresIn?.(this.args)
    if (metadata === undefined && flavor === undefined && inArgs === undefined) return null
    const asked = readFailures(metadata, flavor, inArgs).find(
      failure => failure.point === point && !this.#happened(failure),
    )
    if (!asked) return null
    if (asked.once)
      await this.remember({
        failedOnce: [...(this.#data.failedOnce ?? []), `${asked.point}:${asked.error}`],
      } as Partial<Data & CommonData>) // a key of CommonData
    return asked
  }

  #happened(failure: Failure): boolean {
    return failure.once && (this.#data.failedOnce ?? []).includes(`${failure.point}:${failure.error}`)
  }
}
