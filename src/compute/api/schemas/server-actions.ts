// What may stand under the key of a server action (facts: api-surface.md §3, §7).
import type { Microversion } from '../../../model/microversions.ts'
import { boolean, hostName, name, nonNegativeInteger, object, zoneName } from './parameters.ts'
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

const hostOrNone = { oneOf: [{ type: 'null' }, hostName] }

export const migrateHost = (version: Microversion): object =>
  version.has('migrateToHost') ? { oneOf: [{ type: 'null' }, object({ host: hostOrNone })] } : nothing

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

export function liveMigration(version: Microversion): object {
  const hasAuto = version.has('autoBlockMigration')
  const isForceable = version.has('liveMigrateForce') && !version.has('noForce')
  return object(
    {
      host: hostOrNone,
      block_migration: hasAuto ? { ...boolean, enum: [...boolean.enum, 'auto'] } : boolean,
      ...(hasAuto ? {} : { disk_over_commit: boolean }),
      ...(isForceable ? { force: boolean } : {}),
    },
    ['host', 'block_migration', ...(hasAuto ? [] : ['disk_over_commit'])],
  )
}

export function evacuation(version: Microversion): object {
  const findsStorage = version.has('evacuateFindsStorage')
  const isForceable = version.has('evacuateForce') && !version.has('noForce')
  return object(
    {
      host: hostName,
      adminPass: { type: 'string' },
      ...(findsStorage ? {} : { onSharedStorage: boolean }),
      ...(isForceable ? { force: boolean } : {}),
    },
    findsStorage ? [] : ['onSharedStorage'],
  )
}
