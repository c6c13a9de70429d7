// JSON Schema 2020-12 by ajv, compiled once, and its errors told in the words of Python's jsonschema, as Nova,
// Keystone and Glance print them (facts: faults.md §4). One validator for all services.
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { pythonRepr, pythonStr } from '../../base/python.ts'
import { formats } from './formats.ts'

export interface Invalid {
  /** Path from the root to the offending element: names and list indexes. */
  readonly path: readonly (string | number)[]
  readonly value: unknown
  /** `'' should be non-empty`, in jsonschema's words. */
  readonly reason: string
  /** The JSON Schema keyword that refused, or the name format (`name`, `fqdn` …) for whole-message formats. */
  readonly keyword: string
  readonly format: string | undefined
}

/** Answers null when the value fits, else the best match among the errors. */
export type Validator = (value: unknown) => Invalid | null

const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  strict: false,
  validateFormats: true,
  ownProperties: true,
  // Upstream's patterns are Python's: escapes that mean nothing are allowed there. Ours may name classes of Unicode.
  unicodeRegExp: false,
  code: {
    regExp: Object.assign((pattern: string) => new RegExp(pattern, pattern.includes('\\p{') ? 'u' : ''), {
      code: 'new RegExp',
    }),
  },
})
for (const [name, validate] of Object.entries(formats)) ajv.addFormat(name, { type: 'string', validate })

// Nova converts digit strings before comparing (nova/api/validation/validators.py, _validate_minimum).
ajv.removeKeyword('minimum')
ajv.addKeyword({
  keyword: 'minimum',
  validate: (bound: number, value: unknown) => !isBelow(value, bound),
  errors: false,
})
ajv.removeKeyword('maximum')
ajv.addKeyword({
  keyword: 'maximum',
  validate: (bound: number, value: unknown) => !isAbove(value, bound),
  errors: false,
})

const asNumber = (value: unknown): number =>
  typeof value === 'string' && value.trim() !== ''
    ? Number(value)
    : typeof value === 'number'
      ? value
      : Number.NaN
const isBelow = (value: unknown, bound: number) => asNumber(value) < bound
const isAbove = (value: unknown, bound: number) => asNumber(value) > bound

const compiled = new WeakMap<object, Validator>()

/** Compiles a schema; the same schema object is compiled once. */
export function validator(schema: object): Validator {
  const known = compiled.get(schema)
  if (known) return known
  let check: ValidateFunction | undefined
  const made: Validator = value => {
    check ??= ajv.compile(schema)
    return check(value) ? null : bestMatch(check.errors ?? [], value)
  }
  compiled.set(schema, made)
  return made
}

/** jsonschema.best_match: the shortest path wins; an anyOf gives way to its one deepest error when there is one. */
function bestMatch(errors: readonly ErrorObject[], root: unknown): Invalid {
  const top = errors.filter(error => !errors.some(other => isWithin(error, other)))
  let best = [...top].sort(byRelevance)[0] ?? errors[0]!
  for (;;) {
    const inner = errors.filter(
      error =>
        isWithin(error, best) &&
        !errors.some(other => other !== best && isWithin(error, other) && isWithin(other, best)),
    )
    if (inner.length === 0) break
    const [first, second] = [...inner].sort((a, b) => depth(b) - depth(a))
    if (second && depth(first!) === depth(second)) break
    best = first!
  }
  return describe(best, errors, root)
}

const branches = /\/(anyOf|oneOf)$/
const isWithin = (error: ErrorObject, parent: ErrorObject): boolean =>
  error !== parent && branches.test(parent.schemaPath) && error.schemaPath.startsWith(`${parent.schemaPath}/`)
const depth = (error: ErrorObject) => error.instancePath.split('/').length
const weak = (error: ErrorObject) => (error.keyword === 'anyOf' || error.keyword === 'oneOf' ? 1 : 0)
const byRelevance = (a: ErrorObject, b: ErrorObject) => depth(a) - depth(b) || weak(a) - weak(b)

function describe(error: ErrorObject, all: readonly ErrorObject[], root: unknown): Invalid {
  const path: (string | number)[] = []
  let at: unknown = root
  for (const part of error.instancePath.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(at) ? Number(name) : name)
    at = (at as Record<string, unknown> | null)?.[name] // walking the value along a path ajv gave
  }
  return {
    path,
    value: error.data,
    reason: reason(error, all),
    keyword: error.keyword,
    format: error.keyword === 'format' ? String(error.schema) : undefined,
  }
}

function reason(error: ErrorObject, all: readonly ErrorObject[]): string {
  const value = pythonRepr(error.data)
  const params = error.params as Record<string, unknown> // each keyword's own shape, see ajv's docs
  switch (error.keyword) {
    case 'required':
      return `${pythonRepr(params.missingProperty)} is a required property`
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unexpected(error, all)
    case 'type': {
      const types = Array.isArray(error.schema) ? error.schema : [error.schema]
      return `${value} is not of type ${types.map(pythonRepr).join(', ')}`
    }
    case 'minLength':
    case 'minItems':
      return error.schema === 1 ? `${value} should be non-empty` : `${value} is too short`
    case 'minProperties':
      return error.schema === 1 ? `${value} should be non-empty` : `${value} does not have enough properties`
    case 'maxLength':
    case 'maxItems':
      return error.schema === 0 ? `${value} is expected to be empty` : `${value} is too long`
    case 'maxProperties':
      return `${value} has too many properties`
    case 'pattern':
      return `${value} does not match ${pythonRepr(error.schema)}`
    case 'minimum':
      return `${pythonStr(error.data)} is less than the minimum of ${String(error.schema)}`
    case 'maximum':
      return `${pythonStr(error.data)} is greater than the maximum of ${String(error.schema)}`
    case 'exclusiveMinimum':
      return `${pythonStr(error.data)} is less than or equal to the minimum of ${String(error.schema)}`
    case 'enum':
      return `${value} is not one of ${pythonRepr(error.schema)}`
    case 'const':
      return `${pythonRepr(error.schema)} was expected`
    case 'format':
      return `${value} is not a ${pythonRepr(error.schema)}`
    case 'uniqueItems':
      return `${value} has non-unique elements`
    case 'not':
      return `${value} should not be valid under ${pythonRepr(error.schema)}`
    case 'anyOf':
    case 'oneOf':
      return `${value} is not valid under any of the given schemas`
    case 'false schema':
      return `False schema does not allow ${value}`
    default:
      return error.message ?? error.keyword
  }
}

// jsonschema reports all unexpected names in one error; ajv one error each.
function unexpected(error: ErrorObject, all: readonly ErrorObject[]): string {
  const names = all
    .filter(other => other.schemaPath === error.schemaPath && other.instancePath === error.instancePath)
    .map(other => String(other.params.additionalProperty ?? other.params.unevaluatedProperty))
    .sort()
  const quoted = names.map(pythonRepr).join(', ')
  const patterns = Object.keys((error.parentSchema?.patternProperties as object | undefined) ?? {})
  if (patterns.length > 0)
    return `${quoted} ${names.length === 1 ? 'does' : 'do'} not match any of the regexes: ${patterns.sort().map(pythonRepr).join(', ')}`
  return `Additional properties are not allowed (${quoted} ${names.length === 1 ? 'was' : 'were'} unexpected)`
}

/** Nova's sentence for a body (nova/api/validation/validators.py, _SchemaValidator.validate). */
export function bodyMessage(invalid: Invalid): string {
  const rule = invalid.format === undefined ? undefined : nameRules[invalid.format]
  if (rule) return `An invalid 'name' value was provided. The name must be: ${rule}`
  if (invalid.path.length === 0) return invalid.reason
  return `Invalid input for field/attribute ${invalid.path.at(-1)}. Value: ${pythonStr(invalid.value)}. ${invalid.reason}`
}

/** Nova's sentence for the query; the parameter is named, the value is what is wrong in it. */
export function queryMessage(invalid: Invalid): string {
  if (invalid.path.length === 0) return invalid.reason
  return `Invalid input for query parameters ${invalid.path[0]}. Value: ${pythonStr(invalid.value)}. ${invalid.reason}`
}

const nameRules: Readonly<Record<string, string>> = {
  name: 'printable characters. Can not start or end with whitespace.',
  name_with_leading_trailing_spaces: 'printable characters with at least one non space character',
  az_name: 'printable characters except :.Can not start or end with whitespace.',
  az_name_with_leading_trailing_spaces:
    'printable characters except :, with at least one non space character',
  keypair_name_20: 'printable characters. Can not start or end with whitespace.',
}
