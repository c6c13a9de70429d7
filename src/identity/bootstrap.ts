// What every cloud starts with: the default domain, three projects, five roles, three users, and the catalogue. Run at
// each start; makes what is missing and moves our own endpoints when the address has changed.
import { newHexId } from '../base/ids.ts'
import type { Clock } from '../base/time.ts'
import type { Store } from '../platform/store/store.ts'
import { tables } from '../platform/store/store.ts'
import { hashPassword } from './passwords.ts'
import { defaultDomainId } from './store.ts'
import type { EndpointInterface, IdentityTables, TargetType, Tx } from './tables.ts'
import { identityPrefix } from './views.ts'

export interface IdentityBootstrap {
  /** `http://127.0.0.1:8774`: where everything is reached. */
  readonly origin: string
  readonly region: string
  /** Used when the user is made; a password changed later is left alone. */
  readonly passwords: { readonly admin: string; readonly demo: string; readonly service: string }
}

const projects = {
  admin: 'Bootstrap project for initializing the cloud.',
  demo: 'The project to try things in.',
  service: "The cloud's own services.",
} as const
type ProjectName = keyof typeof projects

const users = { admin: 'admin', demo: 'demo', nova: 'service' } as const satisfies Record<
  string,
  keyof IdentityBootstrap['passwords']
>
type UserName = keyof typeof users

const roles = ['admin', 'manager', 'member', 'reader', 'service'] as const
type RoleName = (typeof roles)[number]

const implied: readonly (readonly [RoleName, RoleName])[] = [
  ['admin', 'manager'],
  ['manager', 'member'],
  ['member', 'reader'],
]

const assignments: readonly (readonly [UserName, RoleName, ProjectName | 'system'])[] = [
  ['admin', 'admin', 'admin'],
  ['admin', 'admin', 'demo'],
  ['admin', 'admin', 'system'],
  ['demo', 'member', 'demo'],
  ['demo', 'reader', 'demo'],
  ['nova', 'admin', 'service'],
  ['nova', 'service', 'service'],
]

/** Service type, name, and its path below the origin. */
const catalogue = [
  { type: 'identity', name: 'keystone', path: identityPrefix },
  { type: 'compute', name: 'nova', path: '/compute/v2.1' },
  { type: 'image', name: 'glance', path: '/image' },
  { type: 'network', name: 'neutron', path: '/network' },
  { type: 'volumev3', name: 'cinderv3', path: '/volume/v3/$(project_id)s' },
  { type: 'block-storage', name: 'cinder', path: '/volume/v3/$(project_id)s' },
  { type: 'placement', name: 'placement', path: '/placement' },
  { type: 'trace', name: 'faultline-trace', path: '/trace/v1' },
] as const

const interfaces: readonly EndpointInterface[] = ['public', 'internal', 'admin']

export async function bootstrapIdentity(
  { store }: { readonly store: Store; readonly clock: Clock },
  options: IdentityBootstrap,
): Promise<void> {
  const hashes = await hashMissing(store, options.passwords)
  await store.accept(async (tx: Tx) => {
    // Processes that start together on one database take turns here.
    await tx.updateTable('identity_keys').set({ id: 'token' }).where('id', '=', 'token').execute()
    await ensureDomain(tx)
    const projectIds = await ensureProjects(tx)
    const roleIds = await ensureRoles(tx)
    const userIds = await ensureUsers(tx, hashes)
    await ensureAssignments(tx, userIds, roleIds, projectIds)
    await ensureCatalogue(tx, options)
  })
}

/** Hashes for the users that are not there yet, all at once: each takes a core for a while. */
async function hashMissing(
  store: Store,
  passwords: IdentityBootstrap['passwords'],
): Promise<ReadonlyMap<UserName, string>> {
  const there = await tables<IdentityTables>(store)
    .selectFrom('identity_users')
    .select('name')
    .where('domain_id', '=', defaultDomainId)
    .where('name', 'in', Object.keys(users))
    .execute()
  const missing = (Object.keys(users) as UserName[]).filter(name => !there.some(user => user.name === name)) // keys of the table above
  return new Map(
    await Promise.all(missing.map(async name => [name, await hashPassword(passwords[users[name]])] as const)),
  )
}

async function ensureDomain(tx: Tx): Promise<void> {
  await tx
    .insertInto('identity_domains')
    .values({
      id: defaultDomainId,
      name: 'Default',
      description: 'The default domain',
      enabled: 1,
      options: '{}',
      extra: '{}',
    })
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

/** Ids by name of the rows of `table` in the default domain. */
async function idsByName<N extends string>(
  tx: Tx,
  table: 'identity_projects' | 'identity_users' | 'identity_roles',
  domainId: string,
  names: readonly N[],
): Promise<ReadonlyMap<N, string>> {
  const rows = await tx
    .selectFrom(table)
    .select(['id', 'name'])
    .where('domain_id', '=', domainId)
    .where('name', 'in', names)
    .execute()
  return new Map(rows.map(row => [row.name as N, row.id])) // only those names were asked for
}

async function ensureProjects(tx: Tx): Promise<ReadonlyMap<ProjectName, string>> {
  const names = Object.keys(projects) as ProjectName[] // keys of the table above
  const there = await idsByName(tx, 'identity_projects', defaultDomainId, names)
  const made = names
    .filter(name => !there.has(name))
    .map(name => ({
      id: newHexId(),
      name,
      domain_id: defaultDomainId,
      parent_id: defaultDomainId,
      description: projects[name],
      enabled: 1,
      options: '{}',
      extra: '{}',
    }))
  if (made.length === 0) return there
  await tx.insertInto('identity_projects').values(made).execute()
  await tx
    .insertInto('identity_project_ancestors')
    .values(made.map(({ id }) => ({ project_id: id, ancestor_id: defaultDomainId, depth: 1 })))
    .execute()
  return new Map([...there, ...made.map(({ name, id }) => [name, id] as const)])
}

async function ensureRoles(tx: Tx): Promise<ReadonlyMap<RoleName, string>> {
  const there = await idsByName(tx, 'identity_roles', '', roles)
  const made = roles
    .filter(name => !there.has(name))
    .map(name => ({
      id: newHexId(),
      name,
      domain_id: '',
      description: null,
      // As keystone-manage bootstrap makes them: nobody deletes these by mistake.
      options: JSON.stringify({ immutable: true }),
      extra: '{}',
    }))
  if (made.length > 0) await tx.insertInto('identity_roles').values(made).execute()
  const ids = new Map([...there, ...made.map(({ name, id }) => [name, id] as const)])
  await tx
    .insertInto('identity_implied_roles')
    .values(
      implied.map(([prior, next]) => ({
        prior_role_id: ids.get(prior)!, // every role is there by now
        implied_role_id: ids.get(next)!,
      })),
    )
    .onConflict(conflict => conflict.doNothing())
    .execute()
  return ids
}

async function ensureUsers(
  tx: Tx,
  hashes: ReadonlyMap<UserName, string>,
): Promise<ReadonlyMap<UserName, string>> {
  if (hashes.size > 0)
    await tx
      .insertInto('identity_users')
      .values(
        [...hashes].map(([name, hash]) => ({
          id: newHexId(),
          name,
          domain_id: defaultDomainId,
          default_project_id: null,
          description: null,
          enabled: 1,
          password_hash: hash,
          options: '{}',
          extra: '{}',
        })),
      )
      .onConflict(conflict => conflict.doNothing())
      .execute()
  return idsByName(tx, 'identity_users', defaultDomainId, Object.keys(users) as UserName[]) // keys of the table above
}

async function ensureAssignments(
  tx: Tx,
  userIds: ReadonlyMap<UserName, string>,
  roleIds: ReadonlyMap<RoleName, string>,
  projectIds: ReadonlyMap<ProjectName, string>,
): Promise<void> {
  await tx
    .insertInto('identity_assignments')
    .values(
      assignments.map(([user, role, target]) => ({
        actor_type: 'user' as const,
        actor_id: userIds.get(user)!, // made above, as are the others
        target_type: (target === 'system' ? 'system' : 'project') satisfies TargetType as TargetType,
        target_id: target === 'system' ? 'system' : projectIds.get(target)!,
        role_id: roleIds.get(role)!,
        inherited: 0,
      })),
    )
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

/** An endpoint whose URL is not the one we gave it belongs to an operator: it stays as it is. */
async function ensureCatalogue(tx: Tx, { origin, region }: IdentityBootstrap): Promise<void> {
  await tx
    .insertInto('identity_regions')
    .values({ id: region, description: '', parent_region_id: null, extra: '{}' })
    .onConflict(conflict => conflict.doNothing())
    .execute()
  const services = await tx.selectFrom('identity_services').select(['id', 'type']).orderBy('id').execute()
  const newServices = catalogue
    .filter(({ type }) => !services.some(service => service.type === type))
    .map(({ type, name }) => ({ id: newHexId(), type, name, description: null, enabled: 1, extra: '{}' }))
  if (newServices.length > 0) await tx.insertInto('identity_services').values(newServices).execute()
  const endpoints = await tx.selectFrom('identity_endpoints').selectAll().execute()

  const wanted = catalogue.flatMap(({ type, path }) => {
    const service = [...services, ...newServices].find(one => one.type === type)!
    return interfaces.map(face => ({ serviceId: service.id, face, url: origin + path }))
  })
  const missing = wanted.filter(
    ({ serviceId, face }) =>
      !endpoints.some(
        one => one.service_id === serviceId && one.interface === face && one.region_id === region,
      ),
  )
  if (missing.length > 0)
    await tx
      .insertInto('identity_endpoints')
      .values(
        missing.map(({ serviceId, face, url }) => ({
          id: newHexId(),
          service_id: serviceId,
          interface: face,
          region_id: region,
          url,
          enabled: 1,
          extra: '{}',
          preloaded_url: url,
        })),
      )
      .execute()
  const moved = endpoints.flatMap(one => {
    const ours = wanted.find(({ serviceId, face }) => serviceId === one.service_id && face === one.interface)
    const isOurs = one.preloaded_url !== null && one.url === one.preloaded_url
    return ours && isOurs && one.url !== ours.url ? [{ ...one, url: ours.url, preloaded_url: ours.url }] : []
  })
  if (moved.length > 0)
    await tx
      .insertInto('identity_endpoints')
      .values(moved)
      .onConflict(conflict =>
        conflict.column('id').doUpdateSet(({ ref }) => ({
          url: ref('excluded.url'),
          preloaded_url: ref('excluded.preloaded_url'),
        })),
      )
      .execute()
}
