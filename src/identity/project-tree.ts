// Lists of projects, a user's projects, and what is above and below a project.
import type { ExpressionBuilder, Selectable } from 'kysely'
import type { Call } from '../platform/http/call.ts'
import type { Reply } from '../platform/http/types.ts'
import type { IdentityDeps } from './deps.ts'
import { isOf } from './held-roles.ts'
import { type Filters, isAsked, isTrue, page, pageReply } from './listing.ts'
import { readTags } from './project-tags.ts'
import { dbOf, findUser } from './store.ts'
import type { Db, IdentityTables } from './tables.ts'
import { projectView } from './views.ts'

type ProjectRow = Selectable<IdentityTables['identity_projects']>

const filters: Filters = { name: 'text', domain_id: 'text', parent_id: 'text', enabled: 'flag' }

const projects = (db: Db) => db.selectFrom('identity_projects as p').selectAll('p')
type ProjectQuery = ReturnType<typeof projects>

export function listProjects(call: Call<IdentityDeps>): Promise<Reply> {
  // Domains are not projects here: asking for those that are gives none.
  const wantsDomains = call.query.has('is_domain') && isTrue(call.query.one('is_domain') ?? '')
  const query = projects(dbOf(call)).$if(wantsDomains, query => query.where('p.id', '=', ''))
  return reply(call, query)
}

export async function listUserProjects(call: Call<IdentityDeps>): Promise<Reply> {
  const id = call.params.id!
  call.enforce('identity:list_user_projects', { userId: id })
  await findUser(dbOf(call), id)
  return reply(call, projects(dbOf(call)).where(isProjectOf(id)))
}

/** Those a token could be scoped to. */
export const listOwnProjects = (call: Call<IdentityDeps>): Promise<Reply> =>
  reply(
    call,
    projects(dbOf(call))
      .innerJoin('identity_domains as d', 'd.id', 'p.domain_id')
      .where('p.enabled', '=', 1)
      .where('d.enabled', '=', 1)
      .where(isProjectOf(call.auth.userId)),
  )

async function reply(call: Call<IdentityDeps>, query: ProjectQuery): Promise<Reply> {
  const { rows, isCut } = await page(call, withTags(call, query), 'p', filters)
  const tags = await readTags(
    dbOf(call),
    rows.map(row => row.id),
  )
  const tagged = rows.map(row => ({ ...row, tags: tags.get(row.id) ?? [] }))
  return pageReply(call, 'projects', { rows: tagged, isCut }, projectView)
}

/** Projects (alias `p`) on which the user has a role: directly, through a group, or from above. */
const isProjectOf = (userId: string) => (eb: ExpressionBuilder<IdentityTables & { p: ProjectRow }, 'p'>) =>
  eb.exists(
    eb
      .selectFrom('identity_assignments as a')
      .select('a.role_id')
      .where(isOf(userId))
      .where(({ eb, or, and, selectFrom, ref }) =>
        or([
          and([eb('a.inherited', '=', 0), eb('a.target_id', '=', ref('p.id'))]),
          and([
            eb('a.inherited', '=', 1),
            eb(
              'a.target_id',
              'in',
              selectFrom('identity_project_ancestors as up')
                .select('up.ancestor_id')
                .whereRef('up.project_id', '=', 'p.id'),
            ),
          ]),
        ]),
      ),
  )

/** `tags` (all of them), `tags-any`, `not-tags` (not all), `not-tags-any` (none): comma-separated. */
function withTags(call: Call<IdentityDeps>, query: ProjectQuery): ProjectQuery {
  let asked = query
  for (const name of ['tags', 'tags-any', 'not-tags', 'not-tags-any'] as const) {
    const tags = [...new Set((call.query.one(name) ?? '').split(',').filter(tag => tag !== ''))]
    if (tags.length === 0) continue
    const wanted = name.endsWith('any') ? 1 : tags.length
    asked = asked.where(({ eb, selectFrom }) => {
      const count = selectFrom('identity_project_tags as t')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('t.project_id', '=', 'p.id')
        .where('t.tag', 'in', tags)
      return eb(count, name.startsWith('not') ? '<' : '>=', wanted)
    })
  }
  return asked
}

/** What `parents_as_list`, `parents_as_ids`, `subtree_as_list` and `subtree_as_ids` add to a shown project. */
export async function hierarchyOf(call: Call<IdentityDeps>, project: ProjectRow): Promise<object> {
  const shown: Record<string, unknown> = {}
  for (const side of ['parents', 'subtree'] as const) {
    const asList = isAsked(call, `${side}_as_list`)
    const asIds = isAsked(call, `${side}_as_ids`)
    if (!asList && !asIds) continue
    call.enforce('identity:get_project')
    const rows = await relatives(dbOf(call), side, project.id)
    if (asIds) shown[side] = side === 'parents' ? idsAbove(project, rows) : idsBelow(project.id, rows)
    else {
      const tags = await readTags(
        dbOf(call),
        rows.map(row => row.id),
      )
      shown[side] = rows.map(row => ({
        project: projectView({ ...row, tags: tags.get(row.id) ?? [] }, call.request.origin),
      }))
    }
  }
  return shown
}

const relatives = (db: Db, side: 'parents' | 'subtree', id: string): Promise<ProjectRow[]> =>
  side === 'parents'
    ? projects(db)
        .innerJoin('identity_project_ancestors as line', 'line.ancestor_id', 'p.id')
        .where('line.project_id', '=', id)
        .orderBy('line.depth')
        .execute()
    : projects(db)
        .innerJoin('identity_project_ancestors as line', 'line.project_id', 'p.id')
        .where('line.ancestor_id', '=', id)
        .orderBy('line.depth')
        .execute()

type IdTree = { readonly [id: string]: IdTree } | null

/** Nested from the parent up to the domain. */
const idsAbove = (project: ProjectRow, parents: readonly ProjectRow[]): IdTree =>
  [...parents.map(parent => parent.id), project.domain_id].reduceRight<IdTree>(
    (above, id) => ({ [id]: above }),
    null,
  )

function idsBelow(id: string, subtree: readonly ProjectRow[]): IdTree {
  const children = subtree.filter(row => row.parent_id === id)
  return children.length === 0
    ? null
    : Object.fromEntries(children.map(child => [child.id, idsBelow(child.id, subtree)]))
}
