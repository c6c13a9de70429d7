// What a value in a request may be, in the words of Neutron's validators (neutron_lib/api/validators).
// A parser answers the value as we keep it, or refuses with the reason; the attribute's name is added by the caller.
import { isObject } from '../base/json.ts'
import { pythonRepr, pythonStr } from '../base/python.ts'
import { formatCidr, formatIp, parseCidr, parseIp } from './addresses.ts'

export type Parse<T> = (value: unknown) => T

/** Why a value is refused; becomes `Invalid input for NAME. Reason: …`. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

export function refuse(reason: string): never {
  throw new Refused(reason)
}

/** Text of at most `lengthMax` characters. NUL is refused: PostgreSQL cannot keep it. */
export const text =
  (lengthMax: number): Parse<string> =>
  value => {
    if (typeof value !== 'string' || value.includes('\0'))
      refuse(`'${pythonStr(value)}' is not a valid string`)
    if (value.length > lengthMax) refuse(`'${value}' exceeds maximum length of ${lengthMax}`)
    return value
  }

export const boolean: Parse<boolean> = value => {
  if (typeof value === 'boolean') return value
  if (value === 1 || value === 0) return value === 1
  if (typeof value === 'string' && /^(true|1)$/i.test(value)) return true
  if (typeof value === 'string' && /^(false|0)$/i.test(value)) return false
  return refuse(`'${pythonStr(value)}' cannot be converted to boolean`)
}

export const integer =
  (min: number, max: number): Parse<number> =>
  value => {
    const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
    if (typeof number !== 'number' || !Number.isInteger(number))
      refuse(`'${pythonStr(value)}' is not an integer`)
    if (number < min) refuse(`'${number}' is too small - must be at least '${min}'`)
    if (number > max) refuse(`'${number}' is too large - must be no larger than '${max}'`)
    return number
  }

export const oneOf =
  <const T extends string | number>(...values: readonly T[]): Parse<T> =>
  value => {
    const found = values.find(candidate => candidate === value || String(candidate) === value)
    return found ?? refuse(`'${pythonStr(value)}' is not in ${pythonRepr(values)}`)
  }

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
export const uuid: Parse<string> = value =>
  typeof value === 'string' && uuidForm.test(value)
    ? value.toLowerCase()
    : refuse(`'${pythonStr(value)}' is not a valid UUID`)

/** An IP address, in its canonical form. */
export const ipAddress: Parse<string> = value => {
  const ip = typeof value === 'string' ? parseIp(value) : undefined
  return ip ? formatIp(ip) : refuse(`'${pythonStr(value)}' is not a valid IP address`)
}

/** `address/length`, in canonical form without host bits. */
export const cidr: Parse<string> = value => {
  const found = typeof value === 'string' ? parseCidr(value) : undefined
  if (!found) refuse(`'${pythonStr(value)}' is not a valid IP subnet`)
  if (!String(value).includes('/'))
    refuse(`'${value}' isn't a recognized IP subnet cidr, '${formatCidr(found)}' is recommended`)
  return formatCidr(found)
}

/** A prefix or a single address; a bare address keeps its form. */
export const addressOrCidr: Parse<string> = value =>
  typeof value === 'string' && !value.includes('/') ? ipAddress(value) : cidr(value)

/** The same, with bits of the host part as they were given (neutron_lib, convert_ip_to_canonical_format). */
export const addressInCidr: Parse<string> = value => {
  const normal = addressOrCidr(value)
  const [address = '', length] = String(value).split('/')
  return length === undefined ? normal : `${ipAddress(address)}/${length}`
}

export const macAddress: Parse<string> = value => {
  if (typeof value !== 'string' || !/^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/.test(value))
    refuse(`'${pythonStr(value)}' is not a valid MAC address`)
  const mac = value.replaceAll('-', ':').toLowerCase()
  if (mac === '00:00:00:00:00:00') refuse(`'${value}' is not a valid MAC address`)
  return mac
}

export const orNull =
  <T>(parse: Parse<T>): Parse<T | null> =>
  value =>
    value === null ? null : parse(value)

export const listOf =
  <T>(parse: Parse<T>, { itemsMax = 1000 }: { readonly itemsMax?: number } = {}): Parse<readonly T[]> =>
  value => {
    if (!Array.isArray(value)) refuse(`'${pythonStr(value)}' is not a list`)
    if (value.length > itemsMax) refuse(`the list has more than ${itemsMax} items`)
    return value.map(parse)
  }

/** A list whose items differ from each other. `null` is an empty one. */
export const setOf =
  <T>(parse: Parse<T>, options?: { readonly itemsMax?: number }): Parse<readonly T[]> =>
  value => {
    const items = value === null ? [] : listOf(parse, options)(value)
    const seen = new Set(items.map(item => JSON.stringify(item)))
    if (seen.size < items.length) refuse(`Duplicate items in the list: '${items.map(pythonStr).join(', ')}'`)
    return items
  }

type Fields = Readonly<Record<string, { readonly parse: Parse<unknown>; readonly required?: true }>>
type Parsed<F extends Fields> = {
  readonly [K in keyof F as F[K] extends { required: true } ? K : never]: ReturnType<F[K]['parse']>
} & {
  readonly [K in keyof F as F[K] extends { required: true } ? never : K]?: ReturnType<F[K]['parse']>
}

/** An object with these keys and no others. */
export const dictOf =
  <const F extends Fields>(fields: F): Parse<Parsed<F>> =>
  value => {
    if (!isObject(value)) refuse(`'${pythonStr(value)}' is not a dictionary`)
    const missing = Object.keys(fields).filter(name => fields[name]!.required && !Object.hasOwn(value, name)) // own keys
    const unknown = Object.keys(value).filter(name => !Object.hasOwn(fields, name))
    if (missing.length > 0 || unknown.length > 0)
      refuse(
        `Validation of dictionary's keys failed. Expected keys: ${pythonRepr(Object.keys(fields))} Provided keys: ${pythonRepr(Object.keys(value))}`,
      )
    // Every key was just found in `fields`, and holds what its parser answered.
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, fields[name]!.parse(item)]),
    ) as Parsed<F>
  }

/** A free object of ours to keep as JSON, of at most `bytesMax` when written. */
export const jsonObject =
  (bytesMax: number): Parse<Readonly<Record<string, unknown>>> =>
  value => {
    if (!isObject(value)) refuse(`'${pythonStr(value)}' is not a dictionary`)
    const written = JSON.stringify(value)
    if (Buffer.byteLength(written) > bytesMax) refuse(`the dictionary is larger than ${bytesMax} bytes`)
    if (written.includes('\\u0000')) refuse('the dictionary contains a NUL character')
    return value
  }
