// Tags of projects: words to find them by.
import { fault } from '../model/errors.ts'
import { limits } from '../model/limits.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { validator } from '../platform/http/validate.ts'
import type { IdentityDeps } from './deps.ts'
import { bodyOf, projectTag, projectTagsUpdate } from './schemas.ts'
import { dbOf, findProject } from './store.ts'
import type { Db, Tx } from './tables.ts'
import { linkTo } from './views.ts'

/** Tags by project, in order, in one read. */
export async function readTags(
  db: Db,
  projectIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const tags = new Map<string, string[]>(projectIds.map(id => [id, []]))
  if (projectIds.length === 0) return tags
  const rows = await db
    .selectFrom('identity_project_tags')
    .selectAll()
    .where('project_id', 'in', projectIds)
    .orderBy('tag')
    .execute()
  for (const { project_id, tag } of rows) tags.get(project_id)?.push(tag)
  return tags
}

export async function setTags(tx: Tx, projectId: string, tags: readonly string[]): Promise<void> {
  await tx.deleteFrom('identity_project_tags').where('project_id', '=', projectId).execute()
  if (tags.length === 0) return
  await tx
    .insertInto('identity_project_tags')
    .values(tags.map(tag => ({ project_id: projectId, tag })))
    .execute()
}

const tagsReply = (call: Call<IdentityDeps>, tags: readonly string[]): Reply =>
  json(200, { tags, links: linkTo(call.request.origin, `/projects/${call.params.id}/tags`) })

function enforceRead(
  call: Call<IdentityDeps>,
  rule: 'identity:list_project_tags' | 'identity:get_project_tag',
) {
  if (call.auth.project?.id !== call.params.id) call.enforce(rule)
}

export async function listTags(call: Call<IdentityDeps>): Promise<Reply> {
  enforceRead(call, 'identity:list_project_tags')
  const project = await findProject(dbOf(call), call.params.id!)
  return tagsReply(call, (await readTags(dbOf(call), [project.id])).get(project.id) ?? [])
}

export async function replaceTags(call: Call<IdentityDeps>): Promise<Reply> {
  const { tags } = bodyOf(projectTagsUpdate, call)
  await call.deps.store.accept(async (tx: Tx) => {
    await findProject(tx, call.params.id!)
    await setTags(tx, call.params.id!, tags)
  })
  return tagsReply(call, tags)
}

export async function clearTags(call: Call<IdentityDeps>): Promise<Reply> {
  await call.deps.store.accept(async (tx: Tx) => {
    await findProject(tx, call.params.id!)
    await setTags(tx, call.params.id!, [])
  })
  return empty(204)
}

export async function checkTag(call: Call<IdentityDeps>): Promise<Reply> {
  enforceRead(call, 'identity:get_project_tag')
  const project = await findProject(dbOf(call), call.params.id!)
  const tags = (await readTags(dbOf(call), [project.id])).get(project.id) ?? []
  if (!tags.includes(call.params.tag!)) throw fault('IdentityProjectTagNotFound', { tag: call.params.tag })
  return empty(204)
}

export async function addTag(call: Call<IdentityDeps>): Promise<Reply> {
  const { id, tag } = call.params
  const invalid = validator(projectTag)(tag)
  if (invalid) throw fault('InvalidInput', { reason: invalid.reason })
  await call.deps.store.accept(async (tx: Tx) => {
    await findProject(tx, id!)
    const tags = (await readTags(tx, [id!])).get(id!) ?? []
    if (!tags.includes(tag!) && tags.length >= limits.projectTagsMax)
      throw fault('InvalidInput', { reason: `A project may have at most ${limits.projectTagsMax} tags.` })
    await tx
      .insertInto('identity_project_tags')
      .values({ project_id: id!, tag: tag! })
      .onConflict(conflict => conflict.doNothing())
      .execute()
  })
  return empty(201)
}

export async function removeTag(call: Call<IdentityDeps>): Promise<Reply> {
  const { id, tag } = call.params
  await call.deps.store.accept(async (tx: Tx) => {
    await findProject(tx, id!)
    const { numDeletedRows } = await tx
      .deleteFrom('identity_project_tags')
      .where('project_id', '=', id!)
      .where('tag', '=', tag!)
      .executeTakeFirst()
    if (numDeletedRows === 0n) throw fault('IdentityProjectTagNotFound', { tag })
  })
  return empty(204)
}
