// The little languages of placement's query strings: `resources=VCPU:2,DISK_GB:5`, `required=TRAIT,!TRAIT` (from 1.39
// also `in:A,B`), `member_of=in:AGG,AGG` (from 1.32 also `!in:`).
import { isUuidLike } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { since } from './negotiate.ts'

/** Lists of alternatives that must each have one, and names that must not be there. */
export interface Wanted {
  readonly anyOf: readonly (readonly string[])[]
  readonly forbidden: readonly string[]
}

export const nothingWanted: Wanted = { anyOf: [], forbidden: [] }

const bad = (reason: string) => fault('PlacementQueryBad', { reason })

const intMax = 2_147_483_647

/** @throws PlacementQueryBad when the value is no list of CLASS:AMOUNT with positive amounts */
export function parseResources(value: string): ReadonlyMap<string, number> {
  const form =
    'Badly formed resources parameter. Expected resources query string parameter in form: ?resources=VCPU:2,MEMORY_MB:1024.'
  if (value.trim() === '') throw bad(`${form} Got: empty string.`)
  const found = new Map<string, number>()
  for (const part of value.split(',')) {
    const [name, amount, ...more] = part.split(':')
    if (name === undefined || amount === undefined || more.length > 0) throw bad(`${form} Got: ${part}.`)
    if (!/^\s*[+-]?\d+\s*$/.test(amount))
      throw bad(`Requested resource ${name} expected positive integer amount. Got: ${amount}.`)
    const count = Number(amount)
    if (count < 1) throw bad(`Requested resource ${name} requires amount >= 1. Got: ${count}.`)
    // More than any inventory can hold is no error, but must stay a number the database knows.
    found.set(name, Math.min(count, intMax))
  }
  return found
}

/** The values of `required` (or a name of the same kind). Several need 1.39, forbidden ones 1.22. */
export function parseTraits(call: Call<unknown>, name: string): Wanted {
  const values = call.query.many(name)
  if (values.length > 1 && !since(call, 39)) throw fault('PlacementQueryDuplicate', { name })
  const anyOf: string[][] = []
  const forbidden: string[] = []
  for (const value of values) {
    const isAny = since(call, 39) && value.startsWith('in:')
    const names = (isAny ? value.slice('in:'.length) : value).split(',').map(part => part.trim())
    const mayForbid = since(call, 22) && !isAny
    if (names.some(part => part === '' || part === '!' || (part.startsWith('!') && !mayForbid)))
      throw bad(
        `Invalid query string parameters: Expected '${name}' parameter value of the form: HW_CPU_X86_VMX,${mayForbid ? '!' : ''}CUSTOM_MAGIC. Got: ${value}`,
      )
    if (isAny) anyOf.push(names)
    else
      for (const part of names)
        if (part.startsWith('!')) forbidden.push(part.slice(1))
        else anyOf.push([part])
  }
  const both = forbidden.filter(part => anyOf.some(names => names.length === 1 && names[0] === part))
  if (both.length > 0)
    throw bad(
      `Conflicting required and forbidden traits found in the following traits keys: ${name}: (${both.join(', ')})`,
    )
  return { anyOf, forbidden }
}

/** The values of `member_of`. Several need 1.24, forbidden ones 1.32. */
export function parseMemberOf(call: Call<unknown>): Wanted {
  const values = call.query.many('member_of')
  if (values.length > 1 && !since(call, 24)) throw fault('PlacementQueryDuplicate', { name: 'member_of' })
  const anyOf: string[][] = []
  const forbidden: string[] = []
  for (const value of values) {
    const isForbidden = value.startsWith('!')
    if (isForbidden && !since(call, 32))
      throw bad(`Forbidden member_of parameters are not supported in the specified microversion`)
    const rest = isForbidden ? value.slice(1) : value
    if (rest.includes(',') && !rest.startsWith('in:'))
      throw bad(`Multiple values for 'member_of' must be prefixed with the 'in:' keyword. Got: ${value}`)
    const uuids = (rest.startsWith('in:') ? rest.slice('in:'.length) : rest).split(',')
    const wrong = uuids.find(uuid => !isUuidLike(uuid))
    if (wrong !== undefined)
      throw bad(
        `Invalid query string parameters: Expected 'member_of' parameter to contain valid UUID(s). Got: ${wrong}`,
      )
    if (isForbidden) forbidden.push(...uuids)
    else anyOf.push(uuids)
  }
  return { anyOf, forbidden }
}

/** The provider whose tree is meant. */
export function parseInTree(call: Call<unknown>): string | undefined {
  const value = call.query.one('in_tree')
  if (value !== undefined && !isUuidLike(value))
    throw bad(
      `Invalid query string parameters: Expected 'in_tree' parameter to be a format of uuid. Got: ${value}`,
    )
  return value
}
