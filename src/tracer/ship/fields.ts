// The fields of a shipped line, by the names oslo.log's JSON formatter has. Whatever else a shipper adds stays in the
// document and is not searched. deploy/elk/index-template.json is written from this table.

interface FieldRow {
  /** Elasticsearch's and OpenSearch's mapping. */
  readonly mapping: { readonly type: string } & Readonly<Record<string, unknown>>
  readonly what: string
}

const word = { type: 'keyword', ignore_above: 1024 } as const
/** Looked into for the ids it holds. */
const prose = { type: 'text' } as const

export const fields = {
  '@timestamp': { mapping: { type: 'date' }, what: 'when the line was written' },
  message: { mapping: prose, what: 'what it says, without prefix and brackets' },
  levelname: { mapping: word, what: 'DEBUG, INFO, WARNING, ERROR, CRITICAL' },
  name: { mapping: word, what: 'logger' },
  service: { mapping: word, what: 'nova-api, nova-compute, neutron-server …' },
  hostname: { mapping: word, what: 'host of the service' },
  process: { mapping: { type: 'long' }, what: 'process id' },
  request_id: { mapping: word, what: "the service's own id of the request" },
  global_request_id: { mapping: word, what: "the caller's id of the request" },
  user_id: { mapping: word, what: 'who asked' },
  project_id: { mapping: word, what: 'for which project' },
  instance_uuid: { mapping: word, what: 'the server it is about' },
  traceback: { mapping: prose, what: 'the traceback behind it' },
  outcome: { mapping: word, what: 'of a request line: succeeded, refused (4xx), failed (5xx)' },
  cause: { mapping: word, what: 'why something failed: a code of docs/causes.md' },
  step: { mapping: word, what: 'what took `took_ms`: method and path without ids, or the step named' },
  took_ms: { mapping: { type: 'double' }, what: 'how long it took' },
  method: { mapping: word, what: 'of a request line' },
  path: { mapping: { ...prose, fields: { raw: word } }, what: 'of a request line, with its query' },
  status: { mapping: { type: 'integer' }, what: 'of a request line' },
  microversion: { mapping: word, what: 'of a request line' },
  remote_address: { mapping: word, what: 'of a request line: who it came from' },
  file: { mapping: word, what: 'file the line was read from' },
  offset: { mapping: { type: 'long' }, what: 'where in it, in bytes of the unpacked file' },
} as const satisfies Readonly<Record<string, FieldRow>>

export type FieldName = keyof typeof fields

/** The index template; `prefix` is what names of indices begin with. */
export const indexTemplate = (prefix: string) => ({
  index_patterns: [`${prefix}-*`],
  // Above the templates that Elasticsearch and shippers bring, which take hold of names like these.
  priority: 500,
  template: {
    settings: {
      index: {
        number_of_shards: 1,
        codec: 'best_compression',
        refresh_interval: '5s',
        mapping: { ignore_malformed: true },
      },
    },
    mappings: {
      // Logs name their fields as they like: each new one would become a mapping, until the index has no room for more.
      dynamic: false,
      properties: Object.fromEntries(Object.entries(fields).map(([name, { mapping }]) => [name, mapping])),
    },
  },
  _meta: {
    description: 'Lines of OpenStack logs, as `faultline logs ship` and the pipelines beside it write them',
  },
})

/** What names of indices begin with when nobody says otherwise. */
export const defaultPrefix = 'faultline-logs'
