// What may be asked of volumes of servers (facts: api-surface.md §7).
import { deviceNamePattern } from '../../device-names.ts'
import { boolean, object, perVersion, rooted } from './parameters.ts'
import { tagPattern } from './servers.ts'

const uuid = { type: 'string', format: 'uuid' } as const
const device = { type: ['string', 'null'], pattern: deviceNamePattern } as const

export const attachVolumeBody = perVersion(version =>
  rooted(
    'volumeAttachment',
    object(
      {
        volumeId: uuid,
        device,
        ...(version.has('attachTags') ? { tag: tagPattern } : {}),
        ...(version.has('attachmentDeleteFlag') ? { delete_on_termination: boolean } : {}),
      },
      ['volumeId'],
    ),
  ),
)

export interface AttachVolumeBody {
  readonly volumeAttachment: {
    readonly volumeId: string
    readonly device?: string | null
    readonly tag?: string
    readonly delete_on_termination?: boolean | string
  }
}

/** From 2.85 on the whole attachment may be sent back, as long as nothing else in it is new. */
export const updateVolumeBody = perVersion(version =>
  rooted(
    'volumeAttachment',
    object(
      version.has('updateAttachment')
        ? {
            volumeId: uuid,
            device,
            tag: tagPattern,
            delete_on_termination: boolean,
            serverId: uuid,
            id: uuid,
          }
        : { volumeId: uuid },
      ['volumeId'],
    ),
  ),
)

export interface UpdateVolumeBody {
  readonly volumeAttachment: {
    readonly volumeId: string
    readonly device?: string | null
    readonly tag?: string
    readonly delete_on_termination?: boolean | string
    readonly serverId?: string
    readonly id?: string
  }
}
