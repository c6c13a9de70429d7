// Tags of any resource (neutron/extensions/tagging.py).
import type { Kysely } from 'kysely'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { type AnyTables, tables } from '../platform/store/store.ts'
import { authorise, find } from './access.ts'
import { attribute, readUpdate } from './attributes.ts'
import type { NetworkDeps } from './deps.ts'
import { setOf, text } from './parsers.ts'
import type { Resource } from './resource.ts'
import { type Change, change } from './store.ts'
import type { NetworkTables } from './tables.ts'

const tagCharsMax = 255
const tagsMax = 50
const tag = text(tagCharsMax)
const tagsAttributes = { tags: attribute(setOf(tag, { itemsMax: tagsMax }), { default: [] }) }

/** Tags of each of these, sorted. */
export async function tagsOf(
  db: Kysely<NetworkTables>,
  ids: readonly string[],
): Promise<(id: string) => readonly string[]> {
  if (ids.length === 0) return () => []
  const rows = await db
    .selectFrom('network_tags')
    .selectAll()
    .where('resource_id', 'in', ids)
    .orderBy('tag')
    .execute()
  const byId = Map.groupBy(rows, row => row.resource_id)
  return id => byId.get(id)?.map(row => row.tag) ?? []
}

/** Part of removing a resource. */
export const dropTags = (change: Change, ids: readonly string[]) =>
  ids.length === 0
    ? Promise.resolve()
    : change.tx.deleteFrom('network_tags').where('resource_id', 'in', ids).execute()

type Tagged = { id: string; project_id: string }

/** The handlers of `/RESOURCE/{id}/tags`. */
export function tagging<R extends Tagged>(resource: Resource<R>) {
  const owned = async (call: Call<NetworkDeps>, write: boolean): Promise<R> => {
    const row = await find(tables<NetworkTables>(call.deps.store), resource, call.params.id!, call.auth)
    if (write) authorise(call, 'update_tags', row.project_id)
    return row
  }
  const named = (call: Call<NetworkDeps>): string => {
    const name = call.params.tag! // the routes have {tag}
    if (name.includes('\0') || name.length > tagCharsMax) throw fault('NetworkTagNotFound', { tag: name })
    return name
  }
  const current = async (call: Call<NetworkDeps>, id: string) =>
    (await tagsOf(tables<NetworkTables>(call.deps.store), [id]))(id)

  return {
    list: async (call: Call<NetworkDeps>): Promise<Reply> => {
      const { id } = await owned(call, false)
      return json(200, { tags: await current(call, id) })
    },
    replace: async (call: Call<NetworkDeps>): Promise<Reply> => {
      const { id } = await owned(call, true)
      const body = typeof call.body === 'object' && call.body !== null ? { ...call.body } : {}
      const { values } = readUpdate(tagsAttributes, body)
      if (!values.tags) throw fault('NetworkBodyRequired')
      const tags = [...values.tags].sort()
      await change(call.deps, call.log, async changing => {
        await dropTags(changing, [id])
        if (tags.length > 0)
          await changing.tx
            .insertInto('network_tags')
            .values(tags.map(name => ({ resource_id: id, tag: name })))
            .execute()
        await stillThere(changing, resource, id)
      })
      return json(200, { tags })
    },
    clear: async (call: Call<NetworkDeps>): Promise<Reply> => {
      const { id } = await owned(call, true)
      await change(call.deps, call.log, async changing => {
        await dropTags(changing, [id])
        await stillThere(changing, resource, id)
      })
      return empty(204)
    },
    show: async (call: Call<NetworkDeps>): Promise<Reply> => {
      const { id } = await owned(call, false)
      const name = named(call)
      if (!(await current(call, id)).includes(name)) throw fault('NetworkTagNotFound', { tag: name })
      return empty(204)
    },
    add: async (call: Call<NetworkDeps>): Promise<Reply> => {
      const { id } = await owned(call, true)
      const name = named(call)
      if ((await current(call, id)).length >= tagsMax)
        throw fault('NetworkInvalidAttribute', {
          name: 'tags',
          reason: `a resource has at most ${tagsMax} tags`,
        })
      await change(call.deps, call.log, async changing => {
        await changing.tx
          .insertInto('network_tags')
          .values({ resource_id: id, tag: name })
          .onConflict(conflict => conflict.doNothing())
          .execute()
        await stillThere(changing, resource, id)
      })
      return empty(201)
    },
    remove: async (call: Call<NetworkDeps>): Promise<Reply> => {
      const { id } = await owned(call, true)
      const name = named(call)
      await change(call.deps, call.log, async changing => {
        const { numDeletedRows } = await changing.tx
          .deleteFrom('network_tags')
          .where('resource_id', '=', id)
          .where('tag', '=', name)
          .executeTakeFirst()
        if (numDeletedRows === 0n) throw fault('NetworkTagNotFound', { tag: name })
        await stillThere(changing, resource, id)
      })
      return empty(204)
    },
  }
}

// The resource may be gone since it was looked up: its tags must not stay behind.
async function stillThere<R extends Tagged>(
  change: Change,
  resource: Resource<R>,
  id: string,
): Promise<void> {
  if (!(await touch(change, resource, id))) throw fault(resource.notFound, { id })
}

/**
 * A resource changed in something kept elsewhere (tags, rules, addresses): new revision, new time.
 * False when it is not there.
 */
export async function touch<R extends { id: string }>(
  change: Change,
  resource: Pick<Resource<R>, 'table'>,
  id: string,
): Promise<boolean> {
  const db = change.tx as Kysely<AnyTables> // the table's name is only known here
  const { numUpdatedRows } = await db
    .updateTable(resource.table)
    .set(eb => ({ revision_number: eb('revision_number', '+', 1), updated_at: change.now }))
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
