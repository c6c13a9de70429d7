// What may stand under the key of a server action (facts: api-surface.md §3, §7).
import type { Microversion } from '../../../model/microversions.ts'
import { hostName, name, nonNegativeInteger, object, zoneName } from './parameters.ts'
import { metadata } from './servers.ts'

/** Actions whose value means nothing: any value is taken, as Nova does. */
export const nothing = {} as const

export const resizeFlavor = object(
  {
    flavorRef: { type: ['string', 'integer'], minLength: 1 },
    'OS-DCF:diskConfig': { type: 'string', enum: ['AUTO', 'MANUAL'] },
  },
  ['flavorRef'],
)

export const migrateHost = (version: Microversion): object =>
  version.has('migrateToHost')
    ? { oneOf: [{ type: 'null' }, object({ host: { oneOf: [{ type: 'null' }, hostName] } })] }
    : nothing

export const rescueOptions = {
  oneOf: [
    { type: 'null' },
    object({ adminPass: { type: 'string' }, rescue_image_ref: { type: 'string', format: 'uuid' } }),
  ],
} as const

export const lockReason = (version: Microversion): object =>
  version.has('lockedReason')
    ? {
        oneOf: [
          { type: 'null' },
          object({ locked_reason: { type: 'string', minLength: 1, maxLength: 255 } }),
        ],
      }
    : nothing

export function unshelveTo(version: Microversion): object {
  if (!version.has('unshelveToZone')) return nothing
  if (!version.has('unshelveToHost'))
    return { oneOf: [{ type: 'null' }, object({ availability_zone: zoneName }, ['availability_zone'])] }
  return {
    oneOf: [
      { type: 'null' },
      {
        ...object({ availability_zone: { oneOf: [{ type: 'null' }, zoneName] }, host: hostName }),
        minProperties: 1,
      },
    ],
  }
}

export const imageCreation = object({ name, metadata }, ['name'])

export const backupCreation = object(
  { name, backup_type: { type: 'string' }, rotation: nonNegativeInteger, metadata },
  ['name', 'backup_type', 'rotation'],
)
