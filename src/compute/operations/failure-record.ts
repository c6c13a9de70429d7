// Why an operation failed, kept with it while it is being undone: a process that dies meanwhile must not take the
// reason with it.
import { readJson } from '../../base/json.ts'
import { type ErrorCode, Fault, fault } from '../../model/errors.ts'
import { ExplainedError, type Explanation } from '../errors.ts'
import { HostError } from '../failures.ts'
import { Superseded } from './operation.ts'

export interface FailureRecord {
  readonly kind: 'superseded' | 'fault' | 'explained' | 'host' | 'other'
  readonly name: string
  readonly message: string
  readonly stack?: string
  readonly code?: number | null
  readonly isPublic?: boolean
  readonly explanation?: Explanation
  /** Of a fault: its code in the catalogue, and what fills its text. */
  readonly fault?: { readonly code: ErrorCode; readonly params: Readonly<Record<string, unknown>> }
}

export function recordOf(error: unknown): FailureRecord {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  const common = { name, message, ...(stack === undefined ? {} : { stack }) }
  if (error instanceof Superseded) return { kind: 'superseded', ...common }
  if (error instanceof Fault)
    return { kind: 'fault', ...common, fault: { code: error.code, params: error.params } }
  if (error instanceof ExplainedError)
    return { kind: 'explained', ...common, code: error.code, explanation: error.explanation }
  if (error instanceof HostError)
    return { kind: 'host', ...common, code: error.code, isPublic: error.isPublic }
  return { kind: 'other', ...common }
}

/** The error again, of the class it was. */
export function errorOf(record: FailureRecord): Error {
  const error = revive(record)
  if (record.stack !== undefined) error.stack = record.stack
  return error
}

/** Of an operation's data: why it failed, if it did. */
export function failureOf(dataJson: string): Error | undefined {
  const { failure } = readJson<{ readonly failure?: FailureRecord }>(dataJson)
  return failure && errorOf(failure)
}

function revive({ kind, name, message, code, isPublic, explanation, fault: known }: FailureRecord): Error {
  if (kind === 'superseded') return new Superseded(message)
  if (kind === 'fault' && known) return fault(known.code, known.params)
  if (kind === 'explained' && explanation)
    return new ExplainedError(name, message, explanation, code ?? undefined)
  if (kind === 'host')
    return new HostError(name, message, { code: code ?? null, isPublic: isPublic === true })
  const error = new Error(message)
  error.name = name
  return error
}
