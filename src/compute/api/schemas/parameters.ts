// The parameter types Nova's schemas share (facts: limits-quotas.md §4).
import { type Microversion, minorMax } from '../../../model/microversions.ts'
import type { Call } from '../../../platform/http/call.ts'
import { versionOf } from '../negotiate.ts'

export const intMax = 2_147_483_647

export const name = { type: 'string', minLength: 1, maxLength: 255, format: 'name' } as const
export const zoneName = { type: 'string', minLength: 1, maxLength: 255, format: 'az_name' } as const
export const hostName = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  pattern: '^[a-zA-Z0-9-._]*$',
} as const
export const ownerId = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9-]*$' } as const
export const positiveInteger = {
  type: ['integer', 'string'],
  pattern: '^[0-9]*$',
  minimum: 1,
  minLength: 1,
} as const
export const nonNegativeInteger = {
  type: ['integer', 'string'],
  pattern: '^[0-9]*$',
  minimum: 0,
  minLength: 1,
} as const
export const boolean = {
  type: ['boolean', 'string'],
  enum: [
    true,
    'True',
    'TRUE',
    'true',
    '1',
    'ON',
    'On',
    'on',
    'YES',
    'Yes',
    'yes',
    false,
    'False',
    'FALSE',
    'false',
    '0',
    'OFF',
    'Off',
    'off',
    'NO',
    'No',
    'no',
  ],
} as const
export const text = { type: 'string' } as const
export const dateTime = { type: 'string', format: 'date-time' } as const
/** A page size in a query: digits only. */
export const limit = { type: 'string', pattern: '^[0-9]*$', minLength: 1 } as const
export const metadataKey = '^[a-zA-Z0-9-_:. ]{1,255}$'

/** An object that takes no other properties than these. */
export const object = (
  properties: Readonly<Record<string, object>>,
  required: readonly string[] = [],
): object => ({ type: 'object', properties, required, additionalProperties: false })

/** A body with one root key, as nearly all of Nova's are. */
export const rooted = (root: string, inner: object): object => object({ [root]: inner }, [root])

/** A schema that differs by microversion: made once for each version asked for. */
export function perVersion(make: (version: Microversion) => object): (call: Call<unknown>) => object {
  const made: object[] = new Array<object>(minorMax + 1)
  return call => {
    const version = versionOf(call)
    made[version.minor] ??= make(version)
    return made[version.minor]! // set on the line above
  }
}
