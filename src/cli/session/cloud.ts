// A cloud as commands see it: a token got once, endpoints from the catalogue, one client for each service.
import { CliError } from '../errors.ts'
import { asItem, asItems, type Item, itemOf, itemsOf, textOf } from '../item.ts'
import { authBody } from './auth.ts'
import type { Credentials } from './credentials.ts'
import type { Http, Method, Reply, Request } from './http.ts'
import { formatVersion, negotiate, type Version } from './versions.ts'

export type ServiceType = 'compute' | 'image' | 'network' | 'identity' | 'volume' | 'placement' | 'trace'

/** How the catalogue may call a service, and the path its API is below. */
const services = {
  compute: { types: ['compute'], path: '' },
  image: { types: ['image'], path: '/v2' },
  network: { types: ['network'], path: '/v2.0' },
  identity: { types: ['identity'], path: '/v3' },
  volume: { types: ['block-storage', 'volumev3', 'volume'], path: '' },
  placement: { types: ['placement'], path: '' },
  trace: { types: ['trace'], path: '' },
} as const satisfies Record<ServiceType, { readonly types: readonly string[]; readonly path: string }>

/** The newest versions whose replies we know how to read. */
const newestKnown = { compute: '2.104', placement: '1.39' } as const

export type CallOptions = Pick<Request, 'body' | 'upload' | 'headers' | 'allow' | 'download'>

export interface ServiceClient {
  request(method: Method, path: string, options?: CallOptions): Promise<Reply>
  /** GET, and the body. */
  get(path: string): Promise<unknown>
  post(path: string, body: unknown): Promise<Reply>
  put(path: string, body: unknown): Promise<Reply>
  delete(path: string): Promise<Reply>
  /**
   * Every item of a list, page after page. `limit` stops after that many.
   * Pages are found by `KEY_links` or `links` (compute, network), `links.next` (identity) or `next` (image).
   */
  list(path: string, key: string, limit?: number): Promise<readonly Item[]>
}

export interface Token {
  readonly id: string
  /** The `token` object of identity's reply: catalog, project, user, roles, expires_at. */
  readonly body: Item
}

export interface Cloud {
  readonly compute: ServiceClient
  readonly image: ServiceClient
  readonly network: ServiceClient
  readonly identity: ServiceClient
  readonly volume: ServiceClient
  readonly placement: ServiceClient
  /** Only a Faultline has it. */
  readonly trace: ServiceClient
  token(): Promise<Token>
  /** The project the token is for. */
  projectId(): Promise<string>
  /** True when the catalogue has the service. */
  has(service: ServiceType): Promise<boolean>
  /** The compute API version every compute call is made with. */
  computeVersion(): Promise<Version>
  /** Its minor part when compute was called already, else 0. */
  usedComputeMinor(): number
}

export function createCloud(http: Http, credentials: () => Promise<Credentials>): Cloud {
  const once = <T>(make: () => Promise<T>) => {
    let made: Promise<T> | undefined
    return () => {
      made ??= make()
      return made
    }
  }
  const known = once(credentials)

  const token = once(async (): Promise<Token> => {
    const found = await known()
    const reply = await http({
      method: 'POST',
      url: `${identityUrl(found.auth_url)}/auth/tokens`,
      service: 'identity',
      body: authBody(found),
    })
    const id = reply.headers['x-subject-token']
    if (id === undefined)
      throw new CliError(`${found.auth_url} answered, but gave no token: is it an identity service?`)
    return { id, body: itemOf(reply.body, 'token') }
  })

  const endpoint = async (service: ServiceType): Promise<string> => {
    const found = await known()
    const url = findEndpoint((await token()).body, service, found)
    if (url === undefined) {
      const region = found.region_name === undefined ? '' : ` in region ${found.region_name}`
      throw new CliError(`the cloud's catalogue has no ${service} service${region}`)
    }
    return url
  }

  let usedComputeMinor = 0
  const computeVersion = once(async () => {
    const version = await negotiate(http, {
      url: await endpoint('compute'),
      token: (await token()).id,
      service: 'compute',
      newestKnown: newestKnown.compute,
      asked: (await known()).compute_api_version,
    })
    usedComputeMinor = version.minor
    return version
  })
  const placementVersion = once(async () =>
    negotiate(http, {
      url: await endpoint('placement'),
      token: (await token()).id,
      service: 'placement',
      newestKnown: newestKnown.placement,
      asked: undefined,
    }),
  )

  const versionHeaders = async (service: ServiceType): Promise<Record<string, string>> => {
    if (service === 'compute') {
      const version = formatVersion(await computeVersion())
      return { 'OpenStack-API-Version': `compute ${version}`, 'X-OpenStack-Nova-API-Version': version }
    }
    if (service === 'placement')
      return { 'OpenStack-API-Version': `placement ${formatVersion(await placementVersion())}` }
    return {}
  }

  const client = (service: ServiceType): ServiceClient => {
    const request: ServiceClient['request'] = async (method, path, options = {}) =>
      http({
        ...options,
        method,
        url: (await endpoint(service)) + path,
        service,
        headers: {
          ...(await versionHeaders(service)),
          'X-Auth-Token': (await token()).id,
          ...options.headers,
        },
      })
    return {
      request,
      get: async path => (await request('GET', path)).body,
      post: (path, body) => request('POST', path, { body }),
      put: (path, body) => request('PUT', path, { body }),
      delete: path => request('DELETE', path),
      async list(path, key, limit = Number.POSITIVE_INFINITY) {
        const items: Item[] = []
        let next: string | undefined = path
        while (next !== undefined && items.length < limit) {
          const body: unknown = (await request('GET', next)).body
          const page = itemsOf(body, key)
          items.push(...page)
          next = page.length === 0 ? undefined : nextPage(path, body, key)
        }
        return items.slice(0, limit)
      },
    }
  }

  return {
    compute: client('compute'),
    image: client('image'),
    network: client('network'),
    identity: client('identity'),
    volume: client('volume'),
    placement: client('placement'),
    trace: client('trace'),
    token,
    computeVersion,
    usedComputeMinor: () => usedComputeMinor,
    async projectId() {
      const id = textOf(itemOf((await token()).body, 'project'), 'id')
      if (id === '')
        throw new CliError('the token is for no project', { hint: 'give --os-project-name NAME' })
      return id
    },
    has: async service => findEndpoint((await token()).body, service, await known()) !== undefined,
  }
}

const identityUrl = (url: string): string => (/\/v3$/.test(url) ? url : `${url.replace(/\/v2\.0$/, '')}/v3`)

function findEndpoint(token: Item, service: ServiceType, credentials: Credentials): string | undefined {
  const { types, path } = services[service]
  const wanted = credentials.interface?.replace(/URL$/, '') || 'public'
  for (const type of types) {
    for (const entry of asItems(token.catalog)) {
      if (entry.type !== type) continue
      const found = asItems(entry.endpoints).find(
        one =>
          one.interface === wanted &&
          (credentials.region_name === undefined ||
            one.region_id === credentials.region_name ||
            one.region === credentials.region_name),
      )
      if (!found) continue
      const url = textOf(found, 'url').replace(/\/+$/, '')
      return /\/v\d+(\.\d+)?(\/|$)/.test(new URL(url).pathname) ? url : url + path
    }
  }
  return undefined
}

/** The next page keeps the path we asked for, whatever host name the link carries (proxies): only its query counts. */
function nextPage(path: string, body: unknown, key: string): string | undefined {
  const whole = asItem(body)
  const link =
    [...asItems(whole[`${key}_links`]), ...asItems(whole.links)].find(one => one.rel === 'next')?.href ??
    asItem(whole.links).next ??
    whole.next
  if (typeof link !== 'string' || !link.includes('?')) return undefined
  return path.split('?')[0]! + link.slice(link.indexOf('?'))
}
