// Traits: qualities a provider may have. Standard ones are there from the start; CUSTOM_ ones are made by name.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, type Reply } from '../platform/http/types.ts'
import { validator } from '../platform/http/validate.ts'
import type { PlacementDeps } from './deps.ts'
import { customName } from './schemas.ts'
import { isStandard } from './standards.ts'
import { placementDb, unlessBroken } from './store.ts'
import type { NamesTable, PlacementTables } from './tables.ts'
import { fresh, freshness, location, traitPath } from './views.ts'

type PlacementCall = Call<PlacementDeps>

export async function listTraits(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:traits:list')
  const names = nameFilter(call.query.one('name'))
  const associated = associatedFilter(call.query.one('associated'))
  const rows = await placementDb(call.deps.store)
    .selectFrom('placement_traits as trait')
    .selectAll()
    .$if(names?.kind === 'in', query => query.where('trait.name', 'in', names!.values)) // its kind is checked
    .$if(names?.kind === 'startswith', query =>
      // Bounds instead of LIKE, in which `_` would stand for any character.
      query
        .where('trait.name', '>=', names!.values[0]!)
        .where('trait.name', '<', `${names!.values[0]!}\u007f`),
    )
    .$if(associated !== undefined, query =>
      query.where(({ exists, not, selectFrom }) => {
        const owned = exists(
          selectFrom('placement_provider_traits as owned')
            .select('owned.trait')
            .whereRef('owned.trait', '=', 'trait.name'),
        )
        return associated ? owned : not(owned)
      }),
    )
    .orderBy('trait.name')
    .execute()
  const modified = rows.reduce((latest, row) => Math.max(latest, row.created_at), 0)
  return fresh(call, { traits: rows.map(row => row.name) }, modified)
}

function nameFilter(value: string | undefined) {
  if (value === undefined) return undefined
  const at = value.indexOf(':')
  const kind = value.slice(0, Math.max(at, 0))
  if (kind !== 'in' && kind !== 'startswith')
    throw fault('PlacementQueryBad', {
      reason: `Badly formatted name parameter. Expected name query string parameter in form: ?name=[in|startswith]:[name1,name2|prefix]. Got: "${value}"`,
    })
  const rest = value.slice(at + 1)
  return { kind, values: kind === 'in' ? rest.split(',') : [rest] } as const
}

function associatedFilter(value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined
  const text = value.toLowerCase()
  if (text !== 'true' && text !== 'false')
    throw fault('PlacementQueryBad', {
      reason: 'The query parameter "associated" only accepts "true" or "false"',
    })
  return text === 'true'
}

export async function showTrait(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:traits:show')
  const name = call.params.name! // in the route's path
  const found = await getTrait(call, name)
  return empty(204, freshness(call, found.created_at))
}

async function getTrait(call: PlacementCall, name: string): Promise<NamesTable> {
  const found = await placementDb(call.deps.store)
    .selectFrom('placement_traits')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirst()
  if (!found) throw fault('PlacementTraitNotFound', { names: name })
  return found
}

const checkCustomName = validator(customName)

export async function putTrait(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:traits:update')
  const name = call.params.name! // in the route's path
  if (checkCustomName(name)) throw fault('PlacementTraitInvalid')
  const now = call.deps.clock.now()
  const made = await call.deps.store.accept<PlacementTables, boolean>(async tx => {
    const rows = await tx
      .insertInto('placement_traits')
      .values({ name, created_at: now })
      .onConflict(conflict => conflict.doNothing())
      .returning('name')
      .execute()
    return rows.length > 0
  })
  return empty(made ? 201 : 204, { ...freshness(call, now), ...location(call, traitPath(name)) })
}

export async function deleteTrait(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:traits:delete')
  const name = call.params.name! // in the route's path
  if (isStandard(name)) {
    await getTrait(call, name)
    throw fault('PlacementTraitStandard', { name })
  }
  const removed = call.deps.store.accept<PlacementTables, boolean>(async tx => {
    const { numDeletedRows } = await tx
      .deleteFrom('placement_traits')
      .where('name', '=', name)
      .executeTakeFirst()
    return numDeletedRows > 0n
  })
  if (!(await unlessBroken(removed, 'foreign', () => fault('PlacementTraitInUse', { name }))))
    throw fault('PlacementTraitNotFound', { names: name })
  return empty(204)
}
