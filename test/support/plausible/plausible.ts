// One plausible request for each route of each service: what a client that knows the API would send, and what it gets.
// test/rules/routes.test.ts sends them as they are; test/contract/mutations.test.ts sends them broken.
import type { Method } from '../../../src/platform/http/types.ts'
import type { Account, TestCloud } from '../cloud.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
export type Json = any

export interface Plausible {
  readonly as?: Account
  /** For the `{…}` of the path. */
  readonly params?: Readonly<Record<string, string>>
  /** Without its `?`. */
  readonly query?: string
  readonly body?: Json
  /** Other bodies the route takes. */
  readonly variants?: readonly Json[]
  /** Sent as it is, instead of `body`. */
  readonly raw?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Microversion of compute or placement; the newest when absent. */
  readonly version?: string
  /** Status of the answer; 200 when absent. */
  readonly status?: number
}

/** Makes what the request needs, and the request. Each call makes it afresh, so that it can be sent again. */
export type PlausibleRow = (world: World) => Plausible | Promise<Plausible>
/** By `METHOD /path/{as}/in/the/routes`. */
export type PlausibleTable = Readonly<Record<string, PlausibleRow>>

export interface RouteRow {
  readonly method: Method
  readonly path: string
  readonly since?: number
  readonly until?: number
}

export interface ServiceRows {
  readonly name: string
  readonly prefix: string
  readonly as: Account
  readonly routes: readonly RouteRow[]
  readonly table: PlausibleTable
}

export interface World {
  readonly cloud: TestCloud
  /** A name nothing has yet. */
  name(): string
  /** POST; answers the JSON, or throws when it is refused. */
  make(path: string, body: Json, as?: Account): Promise<Json>
  get(path: string, as?: Account): Promise<Json>
  /** The same value for every call with this key, made by the first. */
  once<T>(key: string, made: () => Promise<T>): Promise<T>
  /** What `once` made may be gone: it is made anew. */
  forget(): void
}

export function createWorld(cloud: TestCloud): World {
  let count = 0
  const kept = new Map<string, Promise<unknown>>()
  const ask = async (method: string, path: string, as: Account, body?: Json) => {
    const answer = await cloud.ask(method, path, {
      as,
      ...(body === undefined ? {} : { body }),
      headers: versionHeader(path),
    })
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`)
    return answer.body
  }
  return {
    cloud,
    name() {
      count += 1
      return `plausible-${count}`
    },
    make: (path, body, as = 'admin') => ask('POST', path, as, body),
    get: (path, as = 'admin') => ask('GET', path, as),
    once<T>(key: string, made: () => Promise<T>) {
      const found = (kept.get(key) as Promise<T> | undefined) ?? made() // one type a key, by those who use it
      kept.set(key, found)
      return found
    },
    forget: () => kept.clear(),
  }
}

/** The newest placement and volume; compute's version is an argument of `cloud.ask`. */
export const versionHeader = (path: string): Readonly<Record<string, string>> =>
  path.startsWith('/placement')
    ? { 'openstack-api-version': 'placement 1.39' }
    : path.startsWith('/volume')
      ? { 'openstack-api-version': 'volume latest' }
      : {}

/** `/servers/{id}` with its parameters filled in, and the query. */
export const fill = (path: string, { params = {}, query }: Plausible): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name]
    if (value === undefined) throw new Error(`${path} needs ${name}`)
    return encodeURIComponent(value)
  }) + (query === undefined ? '' : `?${query}`)
