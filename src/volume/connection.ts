// How a host reaches a volume: what it says of itself, and what it is told. The file's name is all it needs; where the
// folder is, hosts know and callers need not.
import { fileName } from './files.ts'
import type { VolumeRow } from './tables.ts'

/** os-brick's connector properties, as compute sends them. */
export interface Connector {
  readonly host?: string
  readonly mountpoint?: string
  readonly mode?: 'rw' | 'ro' | null
}

const driver = 'file'

const data = (volume: Pick<VolumeRow, 'id' | 'readonly'>, mode: string) => ({
  name: fileName({ kind: 'volume', id: volume.id }),
  volume_id: volume.id,
  access_mode: volume.readonly === 1 ? 'ro' : mode,
  qos_specs: null,
  encrypted: false,
  cacheable: false,
})

/** Of an attachment: flat, with the driver's type among the data. */
export const connectionOf = (
  volume: Pick<VolumeRow, 'id' | 'readonly'>,
  { attachmentId, mode }: { readonly attachmentId: string; readonly mode: string },
) => ({
  ...data(volume, mode),
  driver_volume_type: driver,
  attachment_id: attachmentId,
  enforce_multipath: false,
})

/** Of os-initialize_connection: the data under a key of its own. */
export const legacyConnectionOf = (volume: Pick<VolumeRow, 'id' | 'readonly'>, mode: string) => ({
  driver_volume_type: driver,
  data: data(volume, mode),
})
