// Neutron checks bodies against attribute tables: what may be given on create, what changed later, by whom, and with
// which default (neutron_lib/api/attributes.py). The tables are in schemas/; this file reads a body by one of them.
import { isObject } from '../base/json.ts'
import { fault } from '../model/errors.ts'
import type { PolicyRule } from '../model/policies.ts'
import type { Auth } from '../platform/http/auth.ts'
import { type Parse, Refused, text } from './parsers.ts'

interface AttributeOptions<T> {
  /** Value when a create does not give one; without this key the attribute is required. */
  readonly default?: T
  /** False: only set at creation, or only by the service. */
  readonly post?: false
  readonly put?: false
  /** Also needed when the attribute is given with something else than its default. */
  readonly createRule?: PolicyRule
  readonly updateRule?: PolicyRule
}

export interface Attribute<T> extends AttributeOptions<T> {
  readonly parse: Parse<T>
}

export type AttributeTable = Readonly<Record<string, Attribute<unknown>>>

/** What a create has after defaults. */
export type Values<A extends AttributeTable> = {
  readonly [K in keyof A as A[K] extends { post: false; put: false } ? never : K]: A[K] extends {
    default: undefined
  }
    ? ReturnType<A[K]['parse']> | undefined
    : ReturnType<A[K]['parse']>
}

export const attribute = <T, O extends AttributeOptions<T | undefined>>(
  parse: Parse<T>,
  options: O,
): { readonly parse: Parse<T> } & O => ({ parse, ...options })

/** Attributes only the service sets. Every resource has the first ones. */
export const readOnly = <const N extends string>(...names: readonly N[]) =>
  Object.fromEntries([...standardReadOnly, ...names].map(name => [name, readOnlyAttribute])) as Readonly<
    Record<N, typeof readOnlyAttribute>
  >

const standardReadOnly = ['id', 'status', 'tags', 'created_at', 'updated_at', 'revision_number']

const readOnlyAttribute = {
  parse: (): never => {
    throw new Refused('it is read-only')
  },
  post: false,
  put: false,
  default: undefined,
} as const

export interface Given<V> {
  readonly values: V
  /** Rules of the attributes that were given, beside the action's own. */
  readonly rules: readonly PolicyRule[]
}

export interface Created<V> extends Given<V> {
  readonly projectId: string
}

/** Reads one item of a create. */
export function readCreate<A extends AttributeTable>(
  table: A,
  item: Readonly<Record<string, unknown>>,
  auth: Auth,
): Created<Values<A>> {
  const { projectId, rest } = takeProject(item, auth)
  refuseUnknown(table, rest)
  const values: Record<string, unknown> = {}
  const rules: PolicyRule[] = []
  for (const name of Object.keys(table)) {
    const row: Attribute<unknown> = table[name]! // its own key
    if (!Object.hasOwn(rest, name)) {
      if (!('default' in row)) throw fault('NetworkRequiredAttribute', { name })
      values[name] = row.default
      continue
    }
    if (row.post === false) throw fault('NetworkAttributeNotInPost', { name })
    values[name] = parse(row, name, rest[name])
    if (row.createRule && JSON.stringify(values[name]) !== JSON.stringify(row.default))
      rules.push(row.createRule)
  }
  return { values: values as Values<A>, rules, projectId } // every key of the table was filled
}

/** Reads the changes of an update; only what was given is in `values`. */
export function readUpdate<A extends AttributeTable>(
  table: A,
  item: Readonly<Record<string, unknown>>,
): Given<Partial<Values<A>>> {
  const values: Record<string, unknown> = {}
  const rules: PolicyRule[] = []
  for (const name of ['project_id', 'tenant_id'])
    if (Object.hasOwn(item, name)) throw fault('NetworkAttributeReadOnly', { name })
  refuseUnknown(table, item)
  for (const name of Object.keys(item)) {
    const row: Attribute<unknown> = table[name]! // refuseUnknown let it pass
    if (row.put === false) throw fault('NetworkAttributeReadOnly', { name })
    values[name] = parse(row, name, item[name])
    if (row.updateRule) rules.push(row.updateRule)
  }
  return { values: values as Partial<Values<A>>, rules } // keys are the table's, values its parsers'
}

/** The item below `member`, or the items below `collection` (each with or without the envelope of its own). */
export function bodyItems(
  body: unknown,
  member: string,
  collection: string,
): { readonly items: readonly Readonly<Record<string, unknown>>[]; readonly bulk: boolean } {
  if (!isObject(body)) throw fault('NetworkBodyRequired')
  const many = body[collection]
  if (!Object.hasOwn(body, member) && Array.isArray(many)) {
    if (many.length === 0) throw fault('NetworkBodyRequired')
    const items = many.map(item =>
      bodyItem(isObject(item) && Object.hasOwn(item, member) ? item : { [member]: item }, member),
    )
    return { items, bulk: true }
  }
  return { items: [bodyItem(body, member)], bulk: false }
}

/** The item below `member`. */
export function bodyItem(body: unknown, member: string): Readonly<Record<string, unknown>> {
  if (!isObject(body)) throw fault('NetworkBodyRequired')
  if (!Object.hasOwn(body, member)) {
    if (Object.keys(body).length === 0) throw fault('NetworkBodyRequired')
    throw fault('NetworkBodyMember', { member })
  }
  const item = body[member]
  if (!isObject(item)) throw fault('NetworkBodyMember', { member })
  return item
}

function parse(row: Attribute<unknown>, name: string, value: unknown): unknown {
  try {
    return row.parse(value)
  } catch (error) {
    if (error instanceof Refused)
      throw fault('NetworkInvalidAttribute', { name, reason: error.message.replace(/\.$/, '') })
    throw error
  }
}

function refuseUnknown(table: AttributeTable, item: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(item).filter(name => !Object.hasOwn(table, name))
  if (names.length > 0) throw fault('NetworkUnrecognizedAttributes', { names: names.join(', ') })
}

const projectText = text(255)

// neutron_lib.api.attributes.populate_project_info: two names for one thing; only administrators name another project.
function takeProject(item: Readonly<Record<string, unknown>>, auth: Auth) {
  const { project_id: project, tenant_id: tenant, ...rest } = item
  if (project !== undefined && tenant !== undefined && project !== tenant)
    throw fault('NetworkProjectMismatch')
  const asked = project ?? tenant
  const own = auth.project?.id
  if (asked === undefined || asked === null) {
    if (own === undefined) throw fault('NetworkProjectRequired')
    return { projectId: own, rest }
  }
  const projectId = parse({ parse: projectText }, 'project_id', asked) as string // projectText answers text
  if (projectId !== own && !auth.isAdmin) throw fault('NetworkProjectForbidden')
  return { projectId, rest }
}
