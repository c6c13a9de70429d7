// Ways to break a request that was right: each takes a draft and answers a broken one. Choices come from fast-check,
// so that a failure can be repeated.
import fc from 'fast-check'
import { newUuid } from '../../../src/base/ids.ts'
import type { Json } from '../plausible/plausible.ts'

export interface Draft {
  readonly method: string
  readonly prefix: string
  /** `/servers/{id}`. */
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  /** Parameters that are on the wire as they stand here, already encoded. */
  readonly rawParams: Readonly<Record<string, string>>
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json
  /** Goes out instead of `body`. */
  readonly raw: string | Uint8Array | null
}

export interface Mutation {
  readonly what: string
  apply(draft: Draft): Draft
}

const huge = 'A'.repeat(70_000)
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)

const oddTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\uffff',
  '\u202eevil',
  '😀',
  'ß'.repeat(256),
  'a'.repeat(256),
  huge,
  "'; drop table servers; --",
  '%',
  '%_\\',
  '../../etc/passwd',
  '[',
  '(a+)+$',
  '{{7*7}}',
  '__proto__',
  'constructor',
  'null',
  'None',
  '-1',
  '0',
  '1e309',
  '99999999999999999999',
  '2147483648',
  '0x10',
  '2026-13-45T99:99:99Z',
  '0000-00-00',
  '10.0.0.0/33',
  'fe80::/129',
  '999.1.1.1',
  'a:b:c',
  'in:a,b',
  'startswith:',
  'CUSTOM_',
  newUuid(),
]

const oddValues: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  [],
  {},
  [[]],
  [null],
  [1, 'a', null, {}],
  { a: { b: { c: [] } } },
  { constructor: { prototype: 1 } },
  ...oddTexts,
]

const oddSegments: readonly string[] = [
  '%00',
  'a%00b',
  '%ff',
  '%F0%9F%98%80',
  '%2e%2e',
  '%2F',
  '%25',
  '%20',
  'x'.repeat(900),
  '0',
  '-1',
  '99999999999999999999',
  'null',
  'detail',
  '__proto__',
  'constructor',
  'req-00000000-0000-0000-0000-000000000000',
  '%27%3B--',
  newUuid(),
  newUuid().toUpperCase(),
  newUuid().replaceAll('-', ''),
]

const queryNames: readonly string[] = [
  'limit',
  'marker',
  'sort_key',
  'sort_dir',
  'sort',
  'offset',
  'name',
  'status',
  'changes-since',
  'changes-before',
  'all_tenants',
  'deleted',
  'fields',
  'page_reverse',
  'resources',
  'required',
  'member_of',
  'in_tree',
  'ip',
  'fixed_ips',
  'tags',
  'tags-any',
  'visibility',
  'member_status',
  'size_min',
  'created_at',
  'start',
  'end',
  'detailed',
  'user_id',
  'project_id',
  'is_public',
  'minRam',
  'host',
  'uuid',
  'zzz',
  '__proto__',
  '%00',
]

const contentTypes: readonly string[] = [
  'application/xml',
  'text/plain',
  'application/json; charset=latin1',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  '',
  '???',
  'application/openstack-images-v2.1-json-patch',
]

const rawBodies: readonly (string | Uint8Array)[] = [
  '',
  '{',
  '{"a":',
  'null',
  '1',
  '"text"',
  '[]',
  '{}',
  'NaN',
  '{"a":1}{"b":2}',
  '\ufeff{}',
  '{"__proto__":{"isAdmin":true}}',
  deep(2000),
  `{"a":${deep(50_000)}}`,
  ' '.repeat(200_000),
  JSON.stringify({ a: 'b'.repeat(120_000) }),
  new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  new Uint8Array([0, 1, 2, 3]),
]

const versions: readonly string[] = [
  'compute 2.1',
  'compute 2.0',
  'compute 2.105',
  'compute 3.0',
  'compute 2.x',
  'compute 2',
  'compute',
  'compute latest',
  'placement 1.0',
  'placement 1.10',
  'placement 1.28',
  'placement 1.99',
  'placement x',
  'volume 9.9',
  ',,,',
  '',
  'compute 2.1, compute 2.90',
]

const pick = <T>(items: readonly T[]) => fc.constantFrom(...items)

/** Every place in a JSON value, from the root down, as lists of keys. */
function placesOf(value: Json, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.keys(value).flatMap(key => placesOf(value[key], [...path, key]))]
}

/** A copy in which the value at `path` is what `change` makes of it; `undefined` takes it out. */
function changed(value: Json, path: readonly string[], change: (old: Json) => Json): Json {
  const [first, ...rest] = path
  if (first === undefined) return change(value)
  const copy = Array.isArray(value) ? [...value] : { ...value }
  const made = changed(copy[first], rest, change)
  if (made === undefined && Array.isArray(copy)) copy.splice(Number(first), 1)
  else if (made === undefined) delete copy[first]
  else
    Object.defineProperty(copy, first, { value: made, enumerable: true, configurable: true, writable: true })
  return copy
}

const inBody = (what: string, index: number, change: (old: Json) => Json): Mutation => ({
  what,
  apply(draft) {
    if (draft.body === undefined) return draft
    const places = placesOf(draft.body)
    return { ...draft, body: changed(draft.body, places[index % places.length] ?? [], change) }
  },
})

const withHeader = (what: string, name: string, value: string | null): Mutation => ({
  what: `${what}: ${value ?? 'none'}`,
  apply(draft) {
    const { [name]: _, ...rest } = draft.headers
    return { ...draft, headers: value === null ? rest : { ...rest, [name]: value } }
  },
})

const short = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? 'undefined'

/** Tokens to come with instead of a good one, by what is wrong with them. */
export type WrongTokens = Readonly<Record<string, string>>

export const mutations = (wrongTokens: WrongTokens): fc.Arbitrary<Mutation> => {
  const at = fc.nat(1000)
  const value = fc.oneof({ weight: 4, arbitrary: pick(oddValues) }, fc.jsonValue({ maxDepth: 3 }))
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(at, value)
        .map(([index, odd]) => inBody(`body value ${index} = ${short(odd)}`, index, () => odd)),
    },
    { weight: 2, arbitrary: at.map(index => inBody(`body without value ${index}`, index, () => undefined)) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(at, pick(oddTexts), value)
        .map(([index, name, odd]) =>
          inBody(`body with ${short(name)} at ${index} = ${short(odd)}`, index, old =>
            typeof old === 'object' && old !== null && !Array.isArray(old)
              ? changed(old, [name], () => odd)
              : [old],
          ),
        ),
    },
    {
      weight: 2,
      arbitrary: pick(rawBodies).map(raw => ({
        what: `raw body ${typeof raw === 'string' ? short(raw.slice(0, 40)) : 'bytes'}`,
        apply: (draft: Draft) => (draft.body === undefined ? draft : { ...draft, raw }),
      })),
    },
    {
      weight: 4,
      arbitrary: fc.tuple(at, pick(oddSegments)).map(([index, odd]) => ({
        what: `path parameter ${index} = ${short(odd)}`,
        apply(draft: Draft) {
          const names = [...draft.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
          const name = names[index % Math.max(1, names.length)]
          return name === undefined ? draft : { ...draft, rawParams: { ...draft.rawParams, [name]: odd } }
        },
      })),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(pick(queryNames), fc.oneof(pick(oddTexts), fc.string({ unit: 'binary' })))
        .map(([name, odd]) => ({
          what: `query ${name}=${short(odd)}`,
          apply: (draft: Draft) => ({
            ...draft,
            query: `${draft.query}&${name}=${encodeURIComponent(odd.toWellFormed()).slice(0, 8000)}`,
          }),
        })),
    },
    {
      weight: 1,
      arbitrary: pick(['%ff=%ff', '=', '&&&', 'a', '%', 'limit=1&limit=2', 'name=%C3%28']).map(odd => ({
        what: `query ${odd}`,
        apply: (draft: Draft) => ({ ...draft, query: `${draft.query}&${odd}` }),
      })),
    },
    {
      weight: 2,
      arbitrary: pick(contentTypes).map(type => withHeader('content type', 'content-type', type)),
    },
    {
      weight: 2,
      arbitrary: fc
        .oneof(
          pick(versions),
          fc.integer({ min: 1, max: 104 }).map(minor => `compute 2.${minor}`),
        )
        .map(version => withHeader('version', 'openstack-api-version', version)),
    },
    {
      weight: 2,
      arbitrary: pick(Object.entries(wrongTokens)).map(([what, token]) =>
        withHeader(what, 'x-auth-token', token === '' ? null : token),
      ),
    },
    {
      weight: 1,
      arbitrary: pick(['PATCH', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'GET', 'PURGE']).map(method => ({
        what: `method ${method}`,
        apply: (draft: Draft) => ({ ...draft, method }),
      })),
    },
    {
      weight: 1,
      arbitrary: pick(['', 'text/html', '*/*', 'application/xml', '???']).map(accept =>
        withHeader('accept', 'accept', accept),
      ),
    },
    {
      weight: 1,
      arbitrary: pick(['req-not-an-id', 'req-FFFFFFFF-0000-4000-8000-000000000000', huge.slice(0, 4000)]).map(
        id => withHeader('request id', 'x-openstack-request-id', id),
      ),
    },
  )
}

/** The path and query as they go on the wire. */
export const wirePath = ({ prefix, path, params, rawParams, query }: Draft): string => {
  const filled = path.replace(
    /\{(\w+)\}/g,
    (_, name: string) => rawParams[name] ?? encodeURIComponent(params[name] ?? ''),
  )
  const clean = query.replace(/^&/, '')
  return prefix + filled + (clean === '' ? '' : `?${clean}`)
}
