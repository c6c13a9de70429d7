// Identity's tables: who there is, what they may do where, what is in the catalogue, and which tokens are void.
import { type ColumnDefinitionBuilder, type Kysely, sql, type Transaction } from 'kysely'
import { randomText } from '../base/ids.ts'
import type { AnyTables, Migration } from '../platform/store/store.ts'

/** 0 or 1. */
type Flag = number
/** A JSON object as text: attributes Keystone keeps without knowing them, or resource options. */
type JsonText = string

export interface IdentityTables {
  identity_keys: { id: string; secret: string; created_at: number }
  identity_domains: {
    id: string
    name: string
    description: string
    enabled: Flag
    options: JsonText
    extra: JsonText
  }
  identity_projects: {
    id: string
    name: string
    domain_id: string
    /** The project above, or the domain for those at the top. */
    parent_id: string
    description: string
    enabled: Flag
    options: JsonText
    extra: JsonText
  }
  /** Every project or domain above a project; depth 1 is its parent. Never changes: projects do not move. */
  identity_project_ancestors: { project_id: string; ancestor_id: string; depth: number }
  identity_project_tags: { project_id: string; tag: string }
  identity_users: {
    id: string
    name: string
    domain_id: string
    default_project_id: string | null
    description: string | null
    enabled: Flag
    /** passwords.ts's text; null for users who cannot log in with one. */
    password_hash: string | null
    options: JsonText
    extra: JsonText
  }
  identity_groups: { id: string; name: string; domain_id: string; description: string; extra: JsonText }
  identity_memberships: { group_id: string; user_id: string }
  identity_roles: {
    id: string
    name: string
    /** '' for roles of the whole cloud (null could not be part of the unique name). */
    domain_id: string
    description: string | null
    options: JsonText
    extra: JsonText
  }
  identity_implied_roles: { prior_role_id: string; implied_role_id: string }
  identity_assignments: {
    actor_type: ActorType
    actor_id: string
    target_type: TargetType
    /** `system` for the system target. */
    target_id: string
    role_id: string
    /** 1: counts on every project below the target, not on the target itself. */
    inherited: Flag
  }
  identity_regions: {
    id: string
    description: string
    parent_region_id: string | null
    extra: JsonText
  }
  identity_services: {
    id: string
    type: string
    name: string
    description: string | null
    enabled: Flag
    extra: JsonText
  }
  identity_endpoints: {
    id: string
    service_id: string
    interface: EndpointInterface
    region_id: string | null
    url: string
    enabled: Flag
    extra: JsonText
    /** The URL we gave it at start-up; once `url` differs, an operator has taken it over. */
    preloaded_url: string | null
  }
  identity_application_credentials: {
    id: string
    name: string
    user_id: string
    project_id: string
    description: string | null
    secret_hash: string
    expires_at: number | null
    /** Microseconds beyond `expires_at`: they are told as they were given. */
    expires_micros: number
    unrestricted: Flag
  }
  identity_application_credential_roles: { credential_id: string; role_id: string }
  /** Of EC2 clients and others. The blob is sealed (seal.ts). */
  identity_credentials: {
    id: string
    user_id: string
    project_id: string | null
    type: string
    blob: string
  }
  identity_policies: { id: string; type: string; blob: string; extra: JsonText }
  /** Tokens of `subject` issued at or before `revoked_at` are void. Kept until they would have expired anyway. */
  identity_revocations: { subject: string; revoked_at: number; keep_until: number }
}

export type ActorType = 'user' | 'group'
export type TargetType = 'project' | 'domain' | 'system'
export type EndpointInterface = 'public' | 'internal' | 'admin'
export type Tx = Transaction<IdentityTables>
/** What a query can be made on: the store's own handle, or a transaction. */
export type Db = Kysely<IdentityTables>

export const identityMigrations: readonly Migration[] = [
  { name: 'identity_0001_tables', up: createTables },
  { name: 'identity_0002_token_key', up: createTokenKey },
  { name: 'identity_0003_expiry_micros', up: addExpiryMicros },
  { name: 'identity_0004_credentials', up: createCredentials },
]

type ColumnBuilderCallback = (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder
const required: ColumnBuilderCallback = column => column.notNull()
const json: ColumnBuilderCallback = column => column.notNull().defaultTo(sql.raw("'{}'"))
/** Goes when what it belongs to goes. */
const partOf =
  (reference: `${string}.id`): ColumnBuilderCallback =>
  column =>
    column.notNull().references(reference).onDelete('cascade')

async function createTables(db: Kysely<AnyTables>): Promise<void> {
  const create = (name: string) => db.schema.createTable(name)
  const named = (name: string) =>
    create(name)
      .addColumn('id', 'text', column => column.primaryKey())
      .addColumn('name', 'text', required)
  const index = (name: string, table: string, column: string) =>
    db.schema.createIndex(name).on(table).columns([column]).execute()

  await named('identity_domains')
    .addColumn('description', 'text', required)
    .addColumn('enabled', 'integer', required)
    .addColumn('options', 'text', json)
    .addColumn('extra', 'text', json)
    .addUniqueConstraint('identity_domains_name', ['name'])
    .execute()
  await named('identity_projects')
    .addColumn('domain_id', 'text', partOf('identity_domains.id'))
    .addColumn('parent_id', 'text', required)
    .addColumn('description', 'text', required)
    .addColumn('enabled', 'integer', required)
    .addColumn('options', 'text', json)
    .addColumn('extra', 'text', json)
    .addUniqueConstraint('identity_projects_name', ['domain_id', 'name'])
    .execute()
  await index('identity_projects_parent', 'identity_projects', 'parent_id')
  await create('identity_project_ancestors')
    .addColumn('project_id', 'text', partOf('identity_projects.id'))
    .addColumn('ancestor_id', 'text', required)
    .addColumn('depth', 'integer', required)
    .addPrimaryKeyConstraint('identity_project_ancestors_key', ['project_id', 'ancestor_id'])
    .execute()
  await index('identity_project_ancestors_above', 'identity_project_ancestors', 'ancestor_id')
  await create('identity_project_tags')
    .addColumn('project_id', 'text', partOf('identity_projects.id'))
    .addColumn('tag', 'text', required)
    .addPrimaryKeyConstraint('identity_project_tags_key', ['project_id', 'tag'])
    .execute()
  await named('identity_users')
    .addColumn('domain_id', 'text', partOf('identity_domains.id'))
    .addColumn('default_project_id', 'text')
    .addColumn('description', 'text')
    .addColumn('enabled', 'integer', required)
    .addColumn('password_hash', 'text')
    .addColumn('options', 'text', json)
    .addColumn('extra', 'text', json)
    .addUniqueConstraint('identity_users_name', ['domain_id', 'name'])
    .execute()
  await named('identity_groups')
    .addColumn('domain_id', 'text', partOf('identity_domains.id'))
    .addColumn('description', 'text', required)
    .addColumn('extra', 'text', json)
    .addUniqueConstraint('identity_groups_name', ['domain_id', 'name'])
    .execute()
  await create('identity_memberships')
    .addColumn('group_id', 'text', partOf('identity_groups.id'))
    .addColumn('user_id', 'text', partOf('identity_users.id'))
    .addPrimaryKeyConstraint('identity_memberships_key', ['user_id', 'group_id'])
    .execute()
  await index('identity_memberships_group', 'identity_memberships', 'group_id')
  await named('identity_roles')
    .addColumn('domain_id', 'text', required)
    .addColumn('description', 'text')
    .addColumn('options', 'text', json)
    .addColumn('extra', 'text', json)
    .addUniqueConstraint('identity_roles_name', ['domain_id', 'name'])
    .execute()
  await create('identity_implied_roles')
    .addColumn('prior_role_id', 'text', partOf('identity_roles.id'))
    .addColumn('implied_role_id', 'text', partOf('identity_roles.id'))
    .addPrimaryKeyConstraint('identity_implied_roles_key', ['prior_role_id', 'implied_role_id'])
    .execute()
  await create('identity_assignments')
    .addColumn('actor_type', 'text', required)
    .addColumn('actor_id', 'text', required)
    .addColumn('target_type', 'text', required)
    .addColumn('target_id', 'text', required)
    .addColumn('role_id', 'text', partOf('identity_roles.id'))
    .addColumn('inherited', 'integer', required)
    .addPrimaryKeyConstraint('identity_assignments_key', [
      'actor_id',
      'target_id',
      'role_id',
      'inherited',
      'actor_type',
      'target_type',
    ])
    .execute()
  await index('identity_assignments_target', 'identity_assignments', 'target_id')
  await create('identity_regions')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('description', 'text', required)
    .addColumn('parent_region_id', 'text', column => column.references('identity_regions.id'))
    .addColumn('extra', 'text', json)
    .execute()
  await named('identity_services')
    .addColumn('type', 'text', required)
    .addColumn('description', 'text')
    .addColumn('enabled', 'integer', required)
    .addColumn('extra', 'text', json)
    .execute()
  await create('identity_endpoints')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('service_id', 'text', partOf('identity_services.id'))
    .addColumn('interface', 'text', required)
    .addColumn('region_id', 'text', column => column.references('identity_regions.id'))
    .addColumn('url', 'text', required)
    .addColumn('enabled', 'integer', required)
    .addColumn('extra', 'text', json)
    .addColumn('preloaded_url', 'text')
    .execute()
  await named('identity_application_credentials')
    .addColumn('user_id', 'text', partOf('identity_users.id'))
    .addColumn('project_id', 'text', partOf('identity_projects.id'))
    .addColumn('description', 'text')
    .addColumn('secret_hash', 'text', required)
    .addColumn('expires_at', 'bigint')
    .addColumn('unrestricted', 'integer', required)
    .addUniqueConstraint('identity_application_credentials_name', ['user_id', 'name'])
    .execute()
  await create('identity_application_credential_roles')
    .addColumn('credential_id', 'text', partOf('identity_application_credentials.id'))
    .addColumn('role_id', 'text', partOf('identity_roles.id'))
    .addPrimaryKeyConstraint('identity_application_credential_roles_key', ['credential_id', 'role_id'])
    .execute()
  await create('identity_revocations')
    .addColumn('subject', 'text', column => column.primaryKey())
    .addColumn('revoked_at', 'bigint', required)
    .addColumn('keep_until', 'bigint', required)
    .execute()
  await index('identity_revocations_time', 'identity_revocations', 'revoked_at')
}

async function addExpiryMicros(db: Kysely<AnyTables>): Promise<void> {
  await db.schema
    .alterTable('identity_application_credentials')
    .addColumn('expires_micros', 'integer', column => column.notNull().defaultTo(0))
    .execute()
}

async function createCredentials(db: Kysely<AnyTables>): Promise<void> {
  await db.schema
    .createTable('identity_credentials')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('user_id', 'text', partOf('identity_users.id'))
    .addColumn('project_id', 'text', column => column.references('identity_projects.id').onDelete('cascade'))
    .addColumn('type', 'text', required)
    .addColumn('blob', 'text', required)
    .execute()
  await db.schema
    .createIndex('identity_credentials_user')
    .on('identity_credentials')
    .column('user_id')
    .execute()
  await db.schema
    .createIndex('identity_credentials_project')
    .on('identity_credentials')
    .column('project_id')
    .execute()
  await db.schema
    .createTable('identity_policies')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('type', 'text', required)
    .addColumn('blob', 'text', required)
    .addColumn('extra', 'text', json)
    .execute()
  await db
    .insertInto('identity_keys')
    .values({ id: 'credential', secret: randomText(sealKeyBytes), created_at: Date.now() })
    .execute()
}

/** What AES-256 takes. */
const sealKeyBytes = 32

/** Made with its table, once for each database: tokens survive restarts and are worth nothing elsewhere. */
async function createTokenKey(db: Kysely<AnyTables>): Promise<void> {
  await db.schema
    .createTable('identity_keys')
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('secret', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .execute()
  await db
    .insertInto('identity_keys')
    .values({ id: 'token', secret: randomText(32), created_at: Date.now() })
    .execute()
}
