// An image as the rest of the service handles it: its row with properties and tags, and the numbers it may hold.
import { fault } from '../model/errors.ts'
import { validator } from '../platform/http/validate.ts'
import { imageSchema } from './schemas.ts'
import type { ImageRow } from './tables.ts'

export interface Image extends ImageRow {
  readonly properties: ReadonlyMap<string, string>
  readonly tags: ReadonlySet<string>
}

/** What a caller can set; everything else follows from the data or from us. */
export const settableAttributes = [
  'name',
  'visibility',
  'protected',
  'os_hidden',
  'owner',
  'container_format',
  'disk_format',
  'tags',
  'min_ram',
  'min_disk',
] as const
export type SettableAttribute = (typeof settableAttributes)[number]

export const isSettable = (name: string): name is SettableAttribute =>
  (settableAttributes as readonly string[]).includes(name)

const checkImage = validator(imageSchema)
const integerMax = 2_147_483_647

/** Refuses attributes the schema does not allow, in Glance's sentence. */
export function checkAttributes(attributes: Readonly<Record<string, unknown>>): void {
  const invalid = checkImage(attributes)
  if (invalid) throw fault('ImageInvalid', { schema: 'image', reason: invalid.reason })
  for (const parameter of ['min_ram', 'min_disk']) {
    const value = attributes[parameter]
    if (typeof value !== 'number') continue
    if (value < 0)
      throw fault('ImageParameterInvalid', { value, parameter, reason: 'Cannot be a negative value' })
    if (value > integerMax)
      throw fault('ImageParameterInvalid', {
        value,
        parameter,
        reason: `Cannot be greater than ${integerMax}`,
      })
  }
}
