// One operation being worked on: the server as it is now, what was asked, what was found out, and the means to go on.
import type { Transaction } from 'kysely'
import { readJson } from '../../base/json.ts'
import type { EventName } from '../../model/events.ts'
import type { Log, LogContext } from '../../platform/journal/log.ts'
import { tables } from '../../platform/store/store.ts'
import { cut, detailsOf, eventTraceback, faultCode, faultDetails, publicMessage } from '../errors.ts'
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
import { Superseded } from './operation.ts'
import { tellException } from './tell.ts'
import type { WorkDeps } from './work-deps.ts'

/** Data every operation may carry beside its own. */
interface CommonData {
  /** Failures asked for with `once` that have happened: `point:error`. */
  readonly failedOnce?: readonly string[]
}

export class Work<Args, Data> {
  readonly deps: WorkDeps
  readonly operationId: string
  readonly actionId: string | null
  readonly args: Args
  readonly context: LogContext
  /** How many times this operation was taken up before. */
  readonly takenUpBefore: number
  readonly #deletes: boolean
  #server: ServerRow
  #data: Data & CommonData

  constructor(deps: WorkDeps, row: OperationRow, server: ServerRow, deletes: boolean) {
    this.deps = deps
    this.operationId = row.id
    this.actionId = row.action_id
    this.args = readJson(row.args_json)
    this.context = readJson(row.context_json)
    this.takenUpBefore = row.attempts
    this.#deletes = deletes
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

  transaction<R>(body: (tx: Transaction<ComputeTables>) => Promise<R>): Promise<R> {
    return this.deps.store.transaction<ComputeTables, R>(body)
  }

  /** Changes the server (and more in the same transaction); Superseded when it is being deleted. */
  async change(patch: ServerPatch, also?: (tx: Transaction<ComputeTables>) => Promise<void>): Promise<void> {
    const changed = await this.transaction(async tx => {
      const row = await patchServer(
        tx,
        this.#server.id,
        patch,
        this.deps.clock.now(),
        this.#deletes ? {} : { notDeleting: true },
      )
      if (row) await also?.(tx)
      return row
    })
    if (!changed) throw new Superseded(`server ${this.#server.id} is being deleted`)
    this.#server = changed
  }

  /** Throws Superseded when the server is being deleted by now. */
  async stillWanted(): Promise<void> {
    const row = await readServer(tables<ComputeTables>(this.deps.store), this.#server.id)
    if (
      !row ||
      row.deleted === 1 ||
      (!this.#deletes && (row.task_state === 'deleting' || row.task_state === 'soft-deleting'))
    )
      throw new Superseded(`server ${this.#server.id} is being deleted`)
    this.#server = row
  }

  /** Keeps what a step found out, so that it is there after a crash. */
  async remember(patch: Partial<Data & CommonData>): Promise<void> {
    this.#data = { ...this.#data, ...patch }
    await this.transaction(tx =>
      patchOperation(tx, this.operationId, { data_json: JSON.stringify(this.#data) }, this.deps.clock.now()),
    )
  }

  /** Runs `body` inside an event of the action: started before, finished with its result, traceback and reason. */
  async event<R>(name: EventName, host: string, body: () => Promise<R>): Promise<R> {
    const { actionId } = this
    if (actionId === null) return body()
    const id = await this.transaction(tx => startEvent(tx, actionId, name, host, this.deps.clock.now()))
    try {
      await this.failIfAsked(name)
      const result = await body()
      await this.transaction(tx =>
        finishEvent(tx, actionId, id, { result: 'Success' }, this.deps.clock.now()),
      )
      return result
    } catch (error) {
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
    const answer = (await this.deps.bus.call(hostTopic(host), message)) as HostAnswer<Name> // agents answer by messages.ts
    if ('result' in answer) return answer.result
    const { name, message: text, code, isPublic, stack } = answer.error
    const error = new HostError(name, text, { code, isPublic })
    if (stack !== undefined) error.stack = stack
    throw error
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
    if (metadata === undefined && flavor === undefined && this.deps.failuresOf === undefined) return null
    const asked = readFailures(metadata, flavor, this.deps.failuresOf?.(this.args)).find(
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
