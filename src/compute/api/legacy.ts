// `/v2`, the compatible face of the old API: version 2.1, read more kindly. Properties nobody asked for are dropped,
// and names may come with spaces around them (facts: faults.md §3).
//   relax(schema, { server: { name: ' vm1 ', colour: 'red' } })  →  { server: { name: 'vm1' } }
import { isObject } from '../../base/json.ts'
import { fault } from '../../model/errors.ts'
import type { Call } from '../../platform/http/call.ts'

export const isLegacyPath = (path: string): boolean =>
  path === '/compute/v2' || path.startsWith('/compute/v2/')

/** The body as its schema is to see it: as sent, or relaxed below `/v2`. */
export const bodyFor = (call: Call<unknown>, schema: object, body: unknown): unknown =>
  isLegacyPath(call.request.path) ? relax(schema, body) : body

/** Formats of names, and what the old API says of one that is nothing but spaces. */
const nameRules: Readonly<Record<string, string>> = {
  name: 'printable characters with at least one non space character',
  az_name: 'printable characters except :, with at least one non space character',
}

const ruleOf = ({ format }: Schema) => (format === undefined ? undefined : nameRules[format])

interface Schema {
  readonly format?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: object
  readonly additionalProperties?: unknown
  readonly items?: Schema
  readonly allOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

/** The schema or one of its parts: of those that say something about a value, the first. */
const partOf = (schema: Schema, says: (part: Schema) => boolean): Schema =>
  [schema, ...(schema.allOf ?? []), ...(schema.oneOf ?? [])].find(says) ?? schema

// Objects with patternProperties keep what they hold: those are metadata, and a key that does not fit is refused
// (nova/api/validation/validators.py, _soft_validate_additional_properties).
function relax(schema: Schema, value: unknown): unknown {
  if (typeof value === 'string') return relaxName(schema, value)
  if (Array.isArray(value)) {
    const { items } = partOf(schema, part => part.items !== undefined)
    return items ? value.map(item => relax(items, item)) : value
  }
  if (!isObject(value)) return value
  const {
    properties = {},
    patternProperties,
    additionalProperties,
  } = partOf(schema, part => part.properties !== undefined)
  const isOpen = additionalProperties !== false || patternProperties !== undefined
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const known = Object.hasOwn(properties, key) ? properties[key] : undefined
      if (known) return [[key, relax(known, inner)]]
      return isOpen ? [[key, inner]] : []
    }),
  )
}

function relaxName(schema: Schema, value: string): string {
  const rule = ruleOf(partOf(schema, part => ruleOf(part) !== undefined))
  if (rule === undefined) return value
  const name = value.trim()
  if (name === '' && value !== '')
    throw fault('InvalidInput', {
      reason: `An invalid 'name' value was provided. The name must be: ${rule}`,
    })
  return name
}
