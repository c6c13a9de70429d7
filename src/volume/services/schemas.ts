// Bodies about services, quota classes, clusters (cinder/api/schemas/services.py, workers.py).
import { item, textOrNull, wrap } from '../schemas.ts'

const host = { type: 'string', minLength: 1, maxLength: 255 }
const word = { type: 'string', minLength: 1, maxLength: 255 }

const switching = item({ binary: word, host, cluster: textOrNull, service: word }, [], {
  anyOf: [{ required: ['binary'] }, { required: ['service'] }],
  required: ['host'],
})
const switchingWithReason = {
  ...switching,
  properties: { ...switching.properties, disabled_reason: { ...word, pattern: '\\S' } },
}
const freezing = item({ host, cluster: textOrNull })
const failingOver = item({ host, cluster: textOrNull, backend_id: textOrNull })
const logLevels = item({
  binary: { enum: [null, '', '*', 'cinder-api', 'cinder-volume', 'cinder-scheduler', 'cinder-backup'] },
  server: textOrNull,
  prefix: textOrNull,
  level: textOrNull,
})

/** PUT /os-services/{action}, by the action. */
export const serviceActionSchemas = {
  enable: switching,
  disable: switching,
  'disable-log-reason': switchingWithReason,
  freeze: freezing,
  thaw: freezing,
  failover: failingOver,
  failover_host: failingOver,
  'set-log': logLevels,
  'get-log': logLevels,
} as const satisfies Record<string, object>

export const updateHostBody = { type: 'object', additionalProperties: { type: 'string' } }

export const quotaClassBody = wrap('quota_class_set', {
  type: 'object',
  patternProperties: {
    '^[a-zA-Z0-9-_:. ]{1,300}$': {
      type: ['integer', 'string'],
      pattern: '^-?[0-9]+$',
      minimum: -1,
      maximum: 2_147_483_647,
    },
  },
  additionalProperties: false,
})

/** PUT /clusters/{enable|disable}. */
export const clusterBody = item({ name: { ...word }, binary: word, disabled_reason: textOrNull }, ['name'])

export const cleanupBody = item({
  cluster_name: textOrNull,
  service_id: { type: ['integer', 'string', 'null'] },
  host: textOrNull,
  binary: { enum: ['cinder-volume', 'cinder-scheduler'] },
  is_up: { type: ['boolean', 'string'] },
  disabled: { type: ['boolean', 'string'] },
  resource_id: { anyOf: [{ type: 'string', format: 'uuid' }, { type: 'null' }] },
  resource_type: { type: ['string', 'null'], enum: ['Volume', 'Snapshot', 'volume', 'snapshot', null] },
})
