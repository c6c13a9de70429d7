// Logs that a shipper has put into Elasticsearch or OpenSearch, as a source of traces. Documents are read as lines of
// JSON are, so that whatever a shipper made of a line is understood, or not, in one place (parse/json-line.ts).
import type { Client } from '@opensearch-project/opensearch'
import { isObject } from '../../base/json.ts'
import { limits } from '../../model/limits.ts'
import type { Gap } from '../../model/trace.ts'
import { RecordReader } from '../parse/reader.ts'
import type { LogRecord } from '../record.ts'
import type { Coverage, Found, Source, Window } from '../source.ts'
import { coverageOf } from './held.ts'

export interface ElasticsearchOptions {
  /** Index names with wildcards: `logstash-*`. */
  readonly index: string
  /** The field that holds the time of a line; shippers agree on this one. */
  readonly timeField?: string
  /** Minutes east of UTC of times that do not say their zone. */
  readonly utcOffsetMinutes?: number
}

/**
 * `url` may carry user and password. The client is OpenSearch's, which speaks to Elasticsearch as well; Elasticsearch's
 * own refuses everything else. Throws when the server does not answer or refuses.
 */
export async function openElasticsearch(url: string, options: ElasticsearchOptions): Promise<Source> {
  const { Client: OpenSearch } = await import('@opensearch-project/opensearch')
  const client = new OpenSearch({ node: url, maxRetries: 3, requestTimeout: 30_000 })
  const seen: LogRecord[] = []
  const search = async (query: object, limit: number, isNewestFirst: boolean): Promise<Found> => {
    const found = await searchAll(client, options, query, limit, isNewestFirst)
    seen.push(...found.records.slice(0, Math.max(0, limits.traceHeldMax - seen.length)))
    return found
  }
  return {
    name: `index ${options.index} of ${new URL(url).host}`,
    find: (texts, window) =>
      search({ bool: { filter: [anyOf(texts), ...within(window, options)] } }, limits.traceHeldMax, false),
    coverage: (): readonly Coverage[] => coverageOf(seen),
    recent: async limit => (await search(tellsOfRequests, limit, true)).records,
    close: () => client.close(),
  }
}

/** An id is several words to an analyser: the phrase finds it in texts, and whole in keywords. */
const anyOf = (texts: ReadonlySet<string>): object => ({
  bool: {
    minimum_should_match: 1,
    should: [...texts].map(text => ({
      multi_match: { query: text, type: 'phrase', fields: ['*'], lenient: true },
    })),
  },
})

const within = (
  window: Window | null,
  { timeField = '@timestamp' }: ElasticsearchOptions,
): readonly object[] =>
  window === null
    ? []
    : [{ range: { [timeField]: { gte: window.from, lte: window.to, format: 'epoch_millis' } } }]

/** Request lines, and everything that went wrong. */
const tellsOfRequests = {
  bool: {
    minimum_should_match: 1,
    should: [
      { multi_match: { query: 'status', type: 'phrase', fields: ['*'], lenient: true } },
      { multi_match: { query: 'WARNING ERROR', fields: ['*'], lenient: true } },
    ],
  },
}

async function searchAll(
  client: Client,
  options: ElasticsearchOptions,
  query: object,
  limit: number,
  isNewestFirst: boolean,
): Promise<Found> {
  const { index, timeField = '@timestamp' } = options
  const records: LogRecord[] = []
  let unparsed = 0
  let read = 0
  const pages = client.helpers.scrollSearch({
    index,
    size: Math.min(limit, limits.elasticsearchPageItems),
    body: {
      query,
      sort: [{ [timeField]: { order: isNewestFirst ? 'desc' : 'asc', unmapped_type: 'date' } }],
    },
  } as Parameters<typeof client.helpers.scrollSearch>[0]) // their type knows fewer forms of a query than the server
  for await (const page of pages) {
    for (const hit of hitsOf(page.body)) {
      read += 1
      const record = read > limit ? null : readHit(hit, options)
      if (record) records.push(record)
      else if (read <= limit) unparsed += 1
    }
    if (read < limit) continue
    await page.clear()
    break
  }
  return { records, gaps: [...gapIf('unparsed', unparsed), ...(read > limit ? gapIf('cut-off', read) : [])] }
}

interface Hit {
  readonly index: string
  readonly id: string
  readonly source: object
}

function hitsOf(body: unknown): readonly Hit[] {
  const outer = isObject(body) && isObject(body.hits) ? body.hits.hits : null
  if (!Array.isArray(outer)) return []
  return outer.flatMap((hit: unknown) =>
    isObject(hit) && isObject(hit._source)
      ? [{ index: String(hit._index), id: String(hit._id), source: hit._source }]
      : [],
  )
}

function readHit(
  { index, id, source }: Hit,
  { utcOffsetMinutes = 0 }: ElasticsearchOptions,
): LogRecord | null {
  const reader = new RecordReader({ file: `${index}/${id}`, utcOffsetMinutes })
  const text = JSON.stringify(source)
  const [record] = [...reader.push(text, 0, text.length), ...reader.end()]
  return record ?? null
}

const gapIf = (kind: 'unparsed' | 'cut-off', count: number): readonly Gap[] =>
  count === 0
    ? []
    : [
        {
          kind,
          service: null,
          count,
          text:
            kind === 'unparsed'
              ? `${count} documents could not be read as lines of a log`
              : `only the first ${limits.traceHeldMax} documents were looked at`,
        },
      ]
