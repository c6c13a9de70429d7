// How the tables of samples are written: a row for each documented request and its answer.
import type { Account } from '../../support/cloud.ts'
import type { Stage } from './stage.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A number, or where it changes: `{ 1: 200, 14: 200 }` by the first microversion. */
export type ByVersion<Value> = Value | { readonly [since: number]: Value }

export interface SampleRow {
  readonly method: Method
  /** Below compute, with what it needs prepared; asked for anew at each microversion. */
  readonly path: string | ((stage: Stage, minor: number) => string | Promise<string>)
  /** `<area>/<name>` of what is sent and of what is answered. A row has one of them at least. */
  readonly request?: string
  readonly response?: string
  /** Sent where no file has the request. */
  readonly body?: object
  readonly status: ByVersion<number>
  readonly as?: ByVersion<Account>
  /** Told apart from other rows of the same samples. */
  readonly variant?: string
  /** First and last microversion it is for; the samples' own and the newest when not given. */
  readonly since?: number
  readonly until?: number
  /** Versions of the samples that are about something else, with a row of their own or none. */
  readonly not?: readonly number[]
  /** The request's values under these keys, in place of the sample's. */
  readonly put?: (
    stage: Stage,
    minor: number,
  ) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>
  /** The request as the cloud takes it, where the sample is not one it can take. */
  readonly mend?: (body: never, stage: Stage, minor: number) => unknown
  /** Changes of the answer for which there is no sample: the sample as it is from then on. */
  readonly changes?: Changes
  /** The same for the time before the first sample: the sample as it was below that microversion. */
  readonly before?: Changes
  /** The answer's sample as it is for what it asks about, where that is another thing than the sample's. */
  readonly amend?: (sample: never) => unknown
  /** Lists that are empty at what it asks about, though not in the sample. */
  readonly lacks?: readonly string[]
  /** Names in the sample that are other names here. */
  readonly called?: Readonly<Record<string, string>>
  /** Nobody waits for what it starts: something else goes on meanwhile. */
  readonly busy?: boolean
  /** What is left of it, and put away before the next. */
  readonly after?: (stage: Stage, minor: number) => unknown
}

export type Changes = Readonly<Record<number, (sample: never) => unknown>>

export const valueAt = <Value>(value: ByVersion<Value>, minor: number): Value => {
  if (typeof value !== 'object' || value === null) return value as Value
  const known = Object.entries(value as object).filter(([since]) => Number(since) <= minor)
  return known.at(-1)![1] as Value // tables begin at 1, and number-like keys are in order
}

type Rest = Partial<SampleRow>

/** An answer to GET. */
export const read = (response: string, path: SampleRow['path'], rest: Rest = {}): SampleRow => ({
  method: 'GET',
  path,
  response,
  status: 200,
  ...rest,
})

/** A request with a body, and its answer when it has one. */
export const send = (
  method: Method,
  request: string,
  path: SampleRow['path'],
  rest: Rest = {},
): SampleRow => ({ method, path, request, status: 200, ...rest })

/** An action of a server, which is asked for by `on`. */
export const act = (
  request: string,
  on: (stage: Stage, minor: number) => Promise<string>,
  rest: Rest = {},
): SampleRow => ({
  method: 'POST',
  request,
  path: async (stage, minor) => `/servers/${await on(stage, minor)}/action`,
  status: 202,
  ...rest,
})
