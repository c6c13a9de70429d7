// Projects: a tree below each domain. Their place in it never changes, so what is above each is stored with it.
import { newHexId } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import { limits } from '../model/limits.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import type { IdentityDeps } from './deps.ts'
import { refusing } from './faults.ts'
import { readTags, setTags } from './project-tags.ts'
import { hierarchyOf } from './project-tree.ts'
import { revoke } from './revocations.ts'
import { bodyOf, projectCreate, projectUpdate } from './schemas.ts'
import {
  callersDomainId,
  checkMutable,
  checkSameDomain,
  checkSameId,
  dbOf,
  extraText,
  findDomain,
  findProject,
  flag,
  lockRow,
  optionsText,
} from './store.ts'
import type { Tx } from './tables.ts'
import { projectView } from './views.ts'

const known = ['name', 'domain_id', 'parent_id', 'description', 'enabled', 'is_domain', 'options', 'tags']

const duplicate = (name: string) => () =>
  fault('IdentityConflict', {
    resource: 'project',
    details: `it is not permitted to have two projects with the same name in the same domain : ${name}`,
  })

export async function showProject(call: Call<IdentityDeps>): Promise<Reply> {
  const id = call.params.id!
  if (call.auth.project?.id !== id) call.enforce('identity:get_project')
  const project = await findProject(dbOf(call), id)
  const tags = await readTags(dbOf(call), [id])
  return json(200, {
    project: {
      ...projectView({ ...project, tags: tags.get(id) ?? [] }, call.request.origin),
      ...(await hierarchyOf(call, project)),
    },
  })
}

export async function createProject(call: Call<IdentityDeps>): Promise<Reply> {
  const { project } = bodyOf(projectCreate, call)
  if (project.is_domain === true)
    throw fault('NotImplementedHere', { what: 'projects that act as domains (make a domain instead)' })
  const tags = project.tags ?? []
  const row = await refusing(
    call.deps.store.accept(async (tx: Tx) => {
      const place = await placeFor(tx, project.parent_id, project.domain_id, callersDomainId(call))
      const made = {
        id: newHexId(),
        name: project.name.trim(),
        domain_id: place.domainId,
        parent_id: place.above[0]!.id, // the domain at least is above
        description: project.description ?? '',
        enabled: flag(project.enabled ?? true),
        options: optionsText(project.options),
        extra: extraText(project, known),
      }
      await tx.insertInto('identity_projects').values(made).execute()
      await tx
        .insertInto('identity_project_ancestors')
        .values(
          place.above.map(({ id }, index) => ({ project_id: made.id, ancestor_id: id, depth: index + 1 })),
        )
        .execute()
      await setTags(tx, made.id, tags)
      return made
    }),
    { unique: duplicate(project.name.trim()) },
  )
  return json(201, { project: projectView({ ...row, tags }, call.request.origin) })
}

/** Everything above a new project, nearest first, and its domain. */
async function placeFor(
  tx: Tx,
  parentId: string | null | undefined,
  askedDomainId: string | null | undefined,
  fallbackDomainId: string,
) {
  const parent = parentId
    ? await tx.selectFrom('identity_projects').selectAll().where('id', '=', parentId).executeTakeFirst()
    : undefined
  if (!parent) {
    const domainId = askedDomainId ?? parentId ?? fallbackDomainId
    if (parentId && parentId !== domainId) throw fault('IdentityProjectNotFound', { id: parentId })
    const domain = await findDomain(tx, domainId)
    if (domain.enabled === 0) throw inDisabledBranch(domainId)
    return { domainId, above: [{ id: domainId }] }
  }
  if (askedDomainId && askedDomainId !== parent.domain_id)
    throw fault('InvalidInput', {
      reason: `Cannot create project, since it specifies its domain_id ${askedDomainId}, but specifies a parent in a different domain (${parent.domain_id}).`,
    })
  await lockRow(tx, 'identity_projects', parent.id)
  const above = await tx
    .selectFrom('identity_project_ancestors as up')
    .leftJoin('identity_projects as p', 'p.id', 'up.ancestor_id')
    .select(['up.ancestor_id as id', 'p.enabled'])
    .where('up.project_id', '=', parent.id)
    .orderBy('up.depth')
    .execute()
  const branch = [{ id: parent.id, enabled: parent.enabled }, ...above]
  const disabled = branch.find(({ enabled }) => enabled === 0)
  if (disabled) throw inDisabledBranch(disabled.id)
  if (branch.length > limits.projectTreeDepthMax)
    throw fault('IdentityRefused', { reason: `Max hierarchy depth reached for ${parent.id} branch.` })
  return { domainId: parent.domain_id, above: branch }
}

const inDisabledBranch = (id: string) =>
  fault('InvalidInput', {
    reason: `cannot create a project in a branch containing a disabled project: ${id}`,
  })

export async function updateProject(call: Call<IdentityDeps>): Promise<Reply> {
  const { project } = bodyOf(projectUpdate, call)
  const id = call.params.id!
  checkSameId(project.id, id)
  const row = await refusing(
    call.deps.store.accept(async (tx: Tx) => {
      await lockRow(tx, 'identity_projects', id)
      const before = await findProject(tx, id)
      checkMutable(before, 'project', 'update', project.options)
      checkSameDomain(project.domain_id, before.domain_id)
      if (project.parent_id !== undefined && project.parent_id !== before.parent_id)
        throw fault('IdentityRefused', { reason: 'Update of `parent_id` is not allowed.' })
      if (project.is_domain === true)
        throw fault('InvalidInput', { reason: 'Update of `is_domain` is not allowed.' })
      const after = {
        name: project.name?.trim() ?? before.name,
        description: project.description ?? before.description,
        enabled: flag(project.enabled ?? before.enabled === 1),
        options: optionsText(project.options, before.options),
        extra: extraText(project, known, before.extra),
      }
      if (before.enabled !== after.enabled) await checkBranch(tx, id, after.enabled === 1)
      await tx.updateTable('identity_projects').set(after).where('id', '=', id).execute()
      if (before.enabled > after.enabled) await revoke(tx, call.deps.clock.now(), [`project:${id}`])
      if (project.tags) await setTags(tx, id, project.tags)
      return { ...before, ...after, tags: (await readTags(tx, [id])).get(id) ?? [] }
    }),
    { unique: duplicate(project.name?.trim() ?? '') },
  )
  call.deps.onRevoke()
  return json(200, { project: projectView(row, call.request.origin) })
}

/** A project may only be enabled below enabled ones, and disabled above disabled ones. */
async function checkBranch(tx: Tx, id: string, isEnabling: boolean): Promise<void> {
  const lines = tx.selectFrom('identity_project_ancestors as line')
  const inTheWay = isEnabling
    ? lines
        .innerJoin('identity_projects as p', 'p.id', 'line.ancestor_id')
        .where('line.project_id', '=', id)
        .where('p.enabled', '=', 0)
    : lines
        .innerJoin('identity_projects as p', 'p.id', 'line.project_id')
        .where('line.ancestor_id', '=', id)
        .where('p.enabled', '=', 1)
  if (!(await inTheWay.select('p.id').executeTakeFirst())) return
  throw fault('IdentityRefused', {
    reason: isEnabling
      ? `Cannot enable project ${id} since it has disabled parents`
      : `Cannot disable project ${id} since its subtree contains enabled projects.`,
  })
}

export async function deleteProject(call: Call<IdentityDeps>): Promise<Reply> {
  const id = call.params.id!
  await call.deps.store.accept(async (tx: Tx) => {
    await lockRow(tx, 'identity_projects', id)
    checkMutable(await findProject(tx, id), 'project', 'delete')
    const child = await tx
      .selectFrom('identity_projects')
      .select('id')
      .where('parent_id', '=', id)
      .executeTakeFirst()
    if (child)
      throw fault('IdentityRefused', {
        reason: `Cannot delete the project ${id} since it is not a leaf in the hierarchy. Use the cascade option if you want to delete a whole subtree.`,
      })
    await tx
      .deleteFrom('identity_assignments')
      .where('target_type', '=', 'project')
      .where('target_id', '=', id)
      .execute()
    await tx
      .updateTable('identity_users')
      .set({ default_project_id: null })
      .where('default_project_id', '=', id)
      .execute()
    await tx.deleteFrom('identity_projects').where('id', '=', id).execute()
  })
  call.deps.onRevoke()
  return empty(204)
}
