// What identity's bodies look like (keystone/{identity,resource,assignment,catalog,application_credential}/schema.py).
// Keystone keeps attributes it does not know, so most resources are open.
import Type, { type Static, type TSchema } from 'typebox'
import { limits } from '../model/limits.ts'
import type { Call } from '../platform/http/call.ts'

const open = { additionalProperties: true }
const orNull = <T = string>(type: string, rest: object = {}) =>
  Type.Unsafe<T | null>({ type: [type, 'null'], ...rest })

const name = Type.String({ minLength: 1, maxLength: 255, pattern: '[\\S]+' })
const shortName = Type.String({ minLength: 1, maxLength: 64, pattern: '[\\S]+' })
const idRule = { minLength: 1, maxLength: 64, pattern: '^[a-zA-Z0-9-]+$' }
const id = Type.String(idRule)
const maybe = Type.Optional
const description = maybe(orNull('string'))
const enabled = maybe(Type.Boolean())
const optionsOf = maybe(Type.Object({ immutable: maybe(orNull<boolean>('boolean')) }, open))
/** Sent back by clients that echo a resource; it may not change. */
const sameId = maybe(Type.String())

const tagRule = { minLength: 1, maxLength: 255, pattern: '^[^,/]*$' }
export const projectTag = Type.String(tagRule)
const tagList = Type.Array(projectTag, { maxItems: limits.projectTagsMax, uniqueItems: true })

/** `{ "<key>": {…} }`: the body about one resource. */
const about = <K extends string, T extends TSchema>(key: K, resource: T) =>
  Type.Object({ [key]: resource } as Record<K, T>) // one known key
const created = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, open)
const updated = <T extends Record<string, TSchema>>(properties: T) =>
  Type.Object(properties, { ...open, minProperties: 1 })

/** The validated body of a row that carries `T`. */
export const bodyOf = <T extends TSchema>(_schema: T, call: Pick<Call<unknown>, 'body'>): Static<T> =>
  call.body as Static<T> // the row checked it against the same schema

const domain = { description, enabled, options: optionsOf, tags: maybe(tagList) }
export const domainCreate = about(
  'domain',
  created({
    name: shortName,
    explicit_domain_id: maybe(Type.String({ pattern: '^[0-9a-f]{32}$' })),
    ...domain,
  }),
)
export const domainUpdate = about('domain', updated({ id: sameId, name: maybe(shortName), ...domain }))

const project = {
  description,
  enabled,
  domain_id: maybe(orNull('string', idRule)),
  parent_id: maybe(orNull('string', idRule)),
  is_domain: maybe(Type.Boolean()),
  options: optionsOf,
  tags: maybe(tagList),
}
export const projectCreate = about('project', created({ name: shortName, ...project }))
export const projectUpdate = about('project', updated({ id: sameId, name: maybe(shortName), ...project }))
export const projectTagsUpdate = Type.Object({ tags: tagList })

const user = {
  password: maybe(orNull('string')),
  default_project_id: maybe(orNull('string', idRule)),
  description,
  enabled,
  domain_id: maybe(id),
  options: optionsOf,
}
export const userCreate = about('user', created({ name, ...user }))
export const userUpdate = about('user', updated({ id: sameId, name: maybe(name), ...user }))
export const passwordChange = about(
  'user',
  Type.Object({ original_password: Type.String(), password: Type.String() }, { additionalProperties: false }),
)

const group = { description, domain_id: maybe(id) }
export const groupCreate = about('group', created({ name, ...group }))
export const groupUpdate = about('group', updated({ id: sameId, name: maybe(name), ...group }))

const role = { description, domain_id: maybe(orNull('string', idRule)), options: optionsOf }
export const roleCreate = about('role', created({ name, ...role }))
export const roleUpdate = about('role', updated({ id: sameId, name: maybe(name), ...role }))

const region = {
  id: maybe(Type.String({ maxLength: 255 })),
  description,
  parent_region_id: maybe(orNull('string')),
}
export const regionCreate = about('region', created(region))
export const regionUpdate = about('region', updated(region))

const serviceName = Type.String({ minLength: 1, maxLength: 255 })
const service = { name: maybe(serviceName), description, enabled }
export const serviceCreate = about('service', created({ type: serviceName, ...service }))
export const serviceUpdate = about('service', updated({ id: sameId, type: maybe(serviceName), ...service }))

const endpointInterface = Type.Unsafe<'admin' | 'internal' | 'public'>({
  type: 'string',
  enum: ['admin', 'internal', 'public'],
})
const url = Type.String({ maxLength: 225, pattern: '^[a-zA-Z0-9+.-]+:.+' })
const endpoint = { enabled, region_id: maybe(orNull('string')), region: maybe(orNull('string')) }
export const endpointCreate = about(
  'endpoint',
  created({ interface: endpointInterface, service_id: Type.String(), url, ...endpoint }),
)
export const endpointUpdate = about(
  'endpoint',
  updated({
    id: sameId,
    interface: maybe(endpointInterface),
    service_id: maybe(Type.String()),
    url: maybe(url),
    ...endpoint,
  }),
)

const roleByIdOrName = Type.Object(
  { id: maybe(id), name: maybe(name) },
  { minProperties: 1, maxProperties: 1, additionalProperties: false },
)
export const credentialCreate = about(
  'application_credential',
  created({
    name,
    description,
    secret: maybe(orNull('string')),
    expires_at: maybe(orNull('string')),
    roles: maybe(Type.Array(roleByIdOrName)),
    unrestricted: maybe(Type.Boolean()),
    access_rules: maybe(Type.Array(Type.Object({}, open))),
  }),
)

const storedCredential = { project_id: maybe(orNull('string', idRule)) }
export const storedCredentialCreate = about(
  'credential',
  created({ blob: Type.String(), type: name, user_id: id, ...storedCredential }),
)
export const storedCredentialUpdate = about(
  'credential',
  updated({ blob: maybe(Type.String()), type: maybe(name), user_id: maybe(id), ...storedCredential }),
)
export const ec2CredentialCreate = Type.Object({ tenant_id: id }, open)

export const policyCreate = about('policy', created({ blob: Type.String(), type: name }))
export const policyUpdate = about(
  'policy',
  updated({ id: sameId, blob: maybe(Type.String()), type: maybe(name) }),
)

const reference = Type.Object({ id: maybe(Type.String()), name: maybe(Type.String()) })
const userReference = { id: maybe(Type.String()), name: maybe(Type.String()), domain: maybe(reference) }
/** keystone/auth/schema.py; what it cannot say (id or name, one scope) is checked where it is used. */
export const authRequest = about(
  'auth',
  Type.Object({
    identity: Type.Object(
      {
        methods: Type.Array(Type.String()),
        password: maybe(
          Type.Object({ user: maybe(Type.Object({ ...userReference, password: maybe(Type.String()) })) }),
        ),
        token: maybe(Type.Object({ id: Type.String() })),
        application_credential: maybe(
          Type.Object({
            id: maybe(Type.String()),
            name: maybe(Type.String()),
            secret: maybe(Type.String()),
            user: maybe(Type.Object(userReference)),
          }),
        ),
      },
      open,
    ),
    scope: maybe(
      Type.Unsafe<ScopeRequest>({
        type: ['object', 'string'],
        properties: {
          project: Type.Object({ ...userReference }),
          domain: reference,
          system: Type.Object({ all: maybe(Type.Boolean()) }),
          'OS-TRUST:trust': Type.Object({ id: maybe(Type.String()) }),
        },
      }),
    ),
  }),
)
export type AuthRequest = Static<typeof authRequest>['auth']
export type Reference = Static<typeof reference>
export type ScopedReference = Reference & { readonly domain?: Reference }
export type ScopeRequest =
  | string
  | {
      readonly project?: ScopedReference
      readonly domain?: Reference
      readonly system?: { readonly all?: boolean }
      readonly unscoped?: object
      readonly 'OS-TRUST:trust'?: object
    }
