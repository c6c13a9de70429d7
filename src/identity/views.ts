// The shapes identity answers with.

import type { Selectable } from 'kysely'
import { readJson } from '../base/json.ts'
import { isoMicros } from '../base/time.ts'
import type { IdentityTables } from './tables.ts'

export const identityPrefix = '/identity/v3'

const version = (origin: string) => ({
  id: 'v3.14',
  status: 'stable',
  updated: '2020-04-07T00:00:00Z',
  links: [{ rel: 'self', href: `${origin}${identityPrefix}/` }],
  'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
})

/** `GET /identity`: answered with 300. */
export const identityVersions = (origin: string) => ({ versions: { values: [version(origin)] } })
export const versionView = (origin: string) => ({ version: version(origin) })

type Row<T extends keyof IdentityTables> = Selectable<IdentityTables[T]>

const extraOf = (row: { readonly extra: string }) => readJson<Record<string, unknown>>(row.extra)
const optionsOf = (row: { readonly options: string }) => readJson<Record<string, unknown>>(row.options)

export const linkTo = (origin: string, path: string) => ({ self: `${origin}${identityPrefix}${path}` })

export const domainView = (row: Row<'identity_domains'>, origin: string) => ({
  ...extraOf(row),
  id: row.id,
  name: row.name,
  description: row.description,
  enabled: row.enabled === 1,
  tags: [],
  options: optionsOf(row),
  links: linkTo(origin, `/domains/${row.id}`),
})

export const projectView = (
  row: Row<'identity_projects'> & { readonly tags: readonly string[] },
  origin: string,
) => ({
  ...extraOf(row),
  id: row.id,
  name: row.name,
  domain_id: row.domain_id,
  description: row.description,
  enabled: row.enabled === 1,
  parent_id: row.parent_id,
  is_domain: false,
  tags: row.tags,
  options: optionsOf(row),
  links: linkTo(origin, `/projects/${row.id}`),
})

export const userView = (row: Row<'identity_users'>, origin: string) => ({
  ...extraOf(row),
  id: row.id,
  name: row.name,
  domain_id: row.domain_id,
  ...(row.description === null ? {} : { description: row.description }),
  ...(row.default_project_id === null ? {} : { default_project_id: row.default_project_id }),
  enabled: row.enabled === 1,
  password_expires_at: null,
  options: optionsOf(row),
  links: linkTo(origin, `/users/${row.id}`),
})

export const groupView = (row: Row<'identity_groups'>, origin: string) => ({
  ...extraOf(row),
  id: row.id,
  name: row.name,
  domain_id: row.domain_id,
  description: row.description,
  links: linkTo(origin, `/groups/${row.id}`),
})

export const roleView = (row: Row<'identity_roles'>, origin: string) => ({
  ...extraOf(row),
  id: row.id,
  name: row.name,
  domain_id: row.domain_id === '' ? null : row.domain_id,
  description: row.description,
  options: optionsOf(row),
  links: linkTo(origin, `/roles/${row.id}`),
})

export const regionView = (row: Row<'identity_regions'>, origin: string) => ({
  ...extraOf(row),
  id: row.id,
  description: row.description,
  parent_region_id: row.parent_region_id,
  links: linkTo(origin, `/regions/${encodeURIComponent(row.id)}`),
})

export const serviceView = (row: Row<'identity_services'>, origin: string) => ({
  ...extraOf(row),
  id: row.id,
  type: row.type,
  ...(row.name === '' ? {} : { name: row.name }),
  ...(row.description === null ? {} : { description: row.description }),
  enabled: row.enabled === 1,
  links: linkTo(origin, `/services/${row.id}`),
})

export const endpointView = (row: Row<'identity_endpoints'>, origin: string) => ({
  ...extraOf(row),
  id: row.id,
  interface: row.interface,
  region_id: row.region_id,
  region: row.region_id,
  service_id: row.service_id,
  url: row.url,
  enabled: row.enabled === 1,
  links: linkTo(origin, `/endpoints/${row.id}`),
})

export const storedCredentialView = (row: Row<'identity_credentials'>, origin: string) => ({
  id: row.id,
  user_id: row.user_id,
  project_id: row.project_id,
  type: row.type,
  blob: row.blob,
  links: linkTo(origin, `/credentials/${row.id}`),
})

export const policyView = (row: Row<'identity_policies'>, origin: string) => ({
  ...extraOf(row),
  id: row.id,
  type: row.type,
  blob: row.blob,
  links: linkTo(origin, `/policies/${row.id}`),
})

const expiryText = (at: number, micros: number): string =>
  isoMicros(at).slice(0, -3) + String(micros).padStart(3, '0')

/** The secret is shown once, in the answer to its creation. */
export const credentialView = (
  row: Omit<Row<'identity_application_credentials'>, 'secret_hash'>,
  roles: readonly { readonly id: string; readonly name: string }[],
  origin: string,
  secret?: string,
) => ({
  id: row.id,
  name: row.name,
  description: row.description,
  user_id: row.user_id,
  project_id: row.project_id,
  system: null,
  roles: roles.map(({ id, name }) => ({ id, name, domain_id: null })),
  expires_at: row.expires_at === null ? null : expiryText(row.expires_at, row.expires_micros),
  unrestricted: row.unrestricted === 1,
  ...(secret === undefined ? {} : { secret }),
  links: linkTo(origin, `/users/${row.user_id}/application_credentials/${row.id}`),
})
