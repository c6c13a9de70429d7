// An Elasticsearch as far as we use it, on a real socket: bulk writing, searching with scrolls, index templates. It can be
// slow, refuse, and cut connections.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

export interface BulkItem {
  readonly index: string
  readonly id: string
  readonly document: Readonly<Record<string, unknown>>
}

export interface Trouble {
  /** Of whole bulk requests, one after the other: `cut` closes the connection, `cut-after` does once it is stored. */
  bulk?: (number | 'cut' | 'cut-after' | 'ok')[]
  /** Status for one document; undefined takes it. */
  item?: (item: BulkItem) => number | undefined
  /** Before each answer to a bulk request. */
  delayMs?: number
  /** Largest body it takes. */
  bodyBytesMax?: number
}

export interface FakeElasticsearch {
  readonly url: string
  /** By index and id. */
  readonly documents: ReadonlyMap<string, BulkItem>
  readonly templates: ReadonlyMap<string, unknown>
  readonly trouble: Trouble
  /** Bulk requests so far. */
  readonly bulks: () => number
  /** The largest number of bulk requests that were there at once. */
  readonly atOnceMax: () => number
  close(): Promise<void>
}

export async function fakeElasticsearch(trouble: Trouble = {}): Promise<FakeElasticsearch> {
  const documents = new Map<string, BulkItem>()
  const templates = new Map<string, unknown>()
  const scrolls = new Map<string, BulkItem[]>()
  let [bulks, now, most] = [0, 0, 0]
  const server = createServer(async (request, response) => {
    const text = await bodyOf(request)
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake')
    if (pathname === '/_bulk') {
      bulks += 1
      now += 1
      most = Math.max(most, now)
      await bulk(text, response)
      now -= 1
    } else if (
      (request.method === 'PUT' || request.method === 'POST') &&
      pathname.startsWith('/_index_template/')
    ) {
      templates.set(pathname.slice('/_index_template/'.length), JSON.parse(text))
      answer(response, 200, { acknowledged: true })
    } else if (pathname === '/_search/scroll') {
      const id = String(JSON.parse(text || '{}').scroll_id ?? searchParams.get('scroll_id'))
      if (request.method === 'DELETE') answer(response, 200, { succeeded: scrolls.delete(id) })
      else page(response, id, pageSizes.get(id) ?? 10)
    } else if (pathname.endsWith('/_search')) {
      const index = decodeURIComponent(pathname.slice(1, -'/_search'.length))
      const body = JSON.parse(text)
      const found = [...documents.values()].filter(
        one => globPattern(index).test(one.index) && matches(body.query, one.document),
      )
      const order = body.sort?.[0]?.['@timestamp']?.order === 'desc' ? -1 : 1
      found.sort(
        (a, b) => order * String(a.document['@timestamp']).localeCompare(String(b.document['@timestamp'])),
      )
      const id = `scroll-${scrolls.size}`
      scrolls.set(id, found)
      pageSizes.set(id, Number(searchParams.get('size') ?? body.size ?? 10))
      page(response, id, pageSizes.get(id) ?? 10)
    } else answer(response, 404, { error: { type: 'not_found', reason: pathname }, status: 404 })
  })
  const pageSizes = new Map<string, number>()

  function page(response: ServerResponse, id: string, size: number): void {
    const hits = (scrolls.get(id) ?? []).splice(0, size)
    answer(response, 200, {
      _scroll_id: id,
      hits: { hits: hits.map(one => ({ _index: one.index, _id: one.id, _source: one.document })) },
    })
  }

  async function bulk(text: string, response: ServerResponse): Promise<void> {
    if (trouble.delayMs) await new Promise(resolve => setTimeout(resolve, trouble.delayMs))
    if (trouble.bodyBytesMax !== undefined && Buffer.byteLength(text) > trouble.bodyBytesMax)
      return answer(response, 413, {})
    const next = trouble.bulk?.shift() ?? 'ok'
    if (next === 'cut') return void response.destroy()
    if (typeof next === 'number') return answer(response, next, { error: { type: 'busy', reason: 'later' } })
    const lines = text.split('\n').filter(line => line !== '')
    const items = []
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const action = JSON.parse(lines[at] ?? '')
      const [operation = ''] = Object.keys(action)
      const { _index: index, _id: id } = action[operation]
      const item = { index, id, document: JSON.parse(lines[at + 1] ?? '') }
      items.push({ [operation]: store(operation, item) })
    }
    if (next === 'cut-after') return void response.destroy()
    answer(response, 200, { errors: items.some(item => Object.values(item)[0]?.error), items })
  }

  function store(operation: string, item: BulkItem): { status: number; result?: string; error?: object } {
    const refused = trouble.item?.(item)
    if (refused !== undefined) return { status: refused, error: { type: 'refused', reason: 'it is told to' } }
    const key = `${item.index}/${item.id}`
    const isThere = documents.has(key)
    if (isThere && operation === 'create')
      return { status: 409, error: { type: 'version_conflict_engine_exception', reason: 'it is there' } }
    documents.set(key, item)
    return isThere ? { status: 200, result: 'updated' } : { status: 201, result: 'created' }
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    documents,
    templates,
    trouble,
    bulks: () => bulks,
    atOnceMax: () => most,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  try {
    for await (const part of request) parts.push(part)
  } catch {
    // The client is gone; what it sent does not count.
    return ''
  }
  const bytes = Buffer.concat(parts)
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8')
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const globPattern = (glob: string): RegExp =>
  new RegExp(`^(?:${glob.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll(',', '|')})$`)

const words = (text: string): string =>
  ` ${text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .join(' ')} `

/** The queries our source asks, over all fields. */
// biome-ignore lint/suspicious/noExplicitAny: a query is whatever JSON it is
function matches(query: any, document: Readonly<Record<string, unknown>>): boolean {
  if (query.bool) {
    const { filter = [], should = [] } = query.bool
    const all = filter.every((one: unknown) => matches(one, document))
    return all && (should.length === 0 || should.some((one: unknown) => matches(one, document)))
  }
  if (query.range) {
    const { gte, lte } = query.range['@timestamp']
    const at = Date.parse(String(document['@timestamp']))
    return at >= gte && at <= lte
  }
  const { query: text, type } = query.multi_match
  const values = Object.values(document).map(value => words(String(value)))
  const wanted = type === 'phrase' ? [words(text)] : text.split(' ').map(words)
  return values.some(value => wanted.some((want: string) => value.includes(want)))
}
