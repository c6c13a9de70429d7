// Filters on lists that are not tables: agents, zones, availabilities, providers.
import { pythonRepr } from '../base/python.ts'
import { fault } from '../model/errors.ts'
import type { Query } from '../platform/http/query.ts'
import { onlyFields } from './listing.ts'
import type { View } from './resource.ts'

const controls = new Set(['fields', 'limit', 'marker', 'page_reverse', 'sort_key', 'sort_dir'])

/** The views whose attributes are among the values asked for, with the `fields` asked for. */
export function pickViews(query: Query, views: readonly View[]): readonly View[] {
  const names = query.names.filter(name => !controls.has(name))
  const unknown = names.filter(name => views.some(view => !Object.hasOwn(view, name)))
  if (unknown.length > 0) throw fault('NetworkUnknownFilter', { names: pythonRepr(unknown) })
  const fits = (view: View) =>
    names.every(name =>
      query.many(name).some(value => String(view[name]).toLowerCase() === value.toLowerCase()),
    )
  return views.filter(fits).map(view => onlyFields(view, query.many('fields')))
}
