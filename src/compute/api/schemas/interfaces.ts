// What may be asked of interfaces of servers (facts: api-surface.md §7).
import { object, perVersion } from './parameters.ts'
import { ipAddress, tagPattern } from './servers.ts'

const uuid = { type: 'string', format: 'uuid' } as const

export const interfaceBody = perVersion(version =>
  object({
    interfaceAttachment: object({
      net_id: uuid,
      port_id: { oneOf: [uuid, { type: 'null' }] },
      fixed_ips: {
        type: 'array',
        minItems: 1,
        maxItems: 1,
        items: object({ ip_address: ipAddress }, ['ip_address']),
      },
      ...(version.has('attachTags') ? { tag: tagPattern } : {}),
    }),
  }),
)

export interface InterfaceBody {
  readonly interfaceAttachment?: {
    readonly net_id?: string
    readonly port_id?: string | null
    readonly fixed_ips?: readonly { readonly ip_address: string }[]
    readonly tag?: string
  }
}

export const addFixedIpValue = object(
  { networkId: { type: ['string', 'integer'], minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9-._]*$' } },
  ['networkId'],
)
export const addFloatingIpValue = object({ address: ipAddress, fixed_address: ipAddress }, ['address'])
export const addressValue = object({ address: ipAddress }, ['address'])
