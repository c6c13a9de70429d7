// Domains: what users, groups and projects belong to.
import { newHexId } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import type { IdentityDeps } from './deps.ts'
import { refusing } from './faults.ts'
import { page, pageReply } from './listing.ts'
import { revoke } from './revocations.ts'
import { bodyOf, domainCreate, domainUpdate } from './schemas.ts'
import {
  checkMutable,
  checkSameId,
  dbOf,
  defaultDomainId,
  extraText,
  findDomain,
  flag,
  lockRow,
  optionsText,
} from './store.ts'
import type { Tx } from './tables.ts'
import { domainView } from './views.ts'

const known = ['name', 'description', 'enabled', 'options', 'explicit_domain_id']

const duplicate = (name: string) => () =>
  fault('IdentityConflict', {
    resource: 'project',
    details: `it is not permitted to have two projects acting as domains with the same name: ${name}`,
  })

export async function listDomains(call: Call<IdentityDeps>): Promise<Reply> {
  const query = dbOf(call).selectFrom('identity_domains').selectAll()
  const rows = await page(call, query, 'identity_domains', { name: 'text', enabled: 'flag' })
  return pageReply(call, 'domains', rows, domainView)
}

export async function showDomain(call: Call<IdentityDeps>): Promise<Reply> {
  const id = call.params.id!
  // Everybody may look at the domain they work in.
  const own = [call.auth.domain?.id, call.auth.project?.domain.id]
  if (!own.includes(id)) call.enforce('identity:get_domain')
  return json(200, { domain: domainView(await findDomain(dbOf(call), id), call.request.origin) })
}

export async function createDomain(call: Call<IdentityDeps>): Promise<Reply> {
  const { domain } = bodyOf(domainCreate, call)
  const row = {
    id: domain.explicit_domain_id ?? newHexId(),
    name: domain.name.trim(),
    description: domain.description ?? '',
    enabled: flag(domain.enabled ?? true),
    options: optionsText(domain.options),
    extra: extraText(domain, known),
  }
  await refusing(
    call.deps.store.accept((tx: Tx) => tx.insertInto('identity_domains').values(row).execute()),
    { unique: duplicate(row.name) },
  )
  return json(201, { domain: domainView(row, call.request.origin) })
}

export async function updateDomain(call: Call<IdentityDeps>): Promise<Reply> {
  const { domain } = bodyOf(domainUpdate, call)
  const id = call.params.id!
  checkSameId(domain.id, id)
  const row = await refusing(
    call.deps.store.accept(async (tx: Tx) => {
      await lockRow(tx, 'identity_domains', id)
      const before = await findDomain(tx, id)
      checkMutable(before, 'domain', 'update', domain.options)
      const after = {
        name: domain.name?.trim() ?? before.name,
        description: domain.description ?? before.description,
        enabled: flag(domain.enabled ?? before.enabled === 1),
        options: optionsText(domain.options, before.options),
        extra: extraText(domain, known, before.extra),
      }
      await tx.updateTable('identity_domains').set(after).where('id', '=', id).execute()
      if (before.enabled > after.enabled) await revoke(tx, call.deps.clock.now(), [`domain:${id}`])
      return { id, ...after }
    }),
    { unique: duplicate(domain.name ?? '') },
  )
  call.deps.onRevoke()
  return json(200, { domain: domainView(row, call.request.origin) })
}

/** Takes everything in the domain along; it has to be disabled first. */
export async function deleteDomain(call: Call<IdentityDeps>): Promise<Reply> {
  const id = call.params.id!
  await call.deps.store.accept(async (tx: Tx) => {
    const domain = await findDomain(tx, id)
    if (id === defaultDomainId) throw fault('IdentityForbidden', { action: 'delete the default domain' })
    checkMutable(domain, 'domain', 'delete')
    if (domain.enabled === 1)
      throw fault('IdentityRefused', {
        reason: 'Cannot delete a domain that is enabled, please disable it first.',
      })
    await tx
      .deleteFrom('identity_assignments')
      .where(({ eb, or, selectFrom }) =>
        or([
          eb('target_id', '=', id),
          eb('target_id', 'in', selectFrom('identity_projects').select('id').where('domain_id', '=', id)),
          eb('actor_id', 'in', selectFrom('identity_users').select('id').where('domain_id', '=', id)),
          eb('actor_id', 'in', selectFrom('identity_groups').select('id').where('domain_id', '=', id)),
        ]),
      )
      .execute()
    await tx.deleteFrom('identity_roles').where('domain_id', '=', id).execute()
    await tx.deleteFrom('identity_domains').where('id', '=', id).execute()
  })
  call.deps.onRevoke()
  return empty(204)
}
