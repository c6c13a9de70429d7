// Nova's routes that are not here yet: each answers 501 and names itself. docs/not-yet.md lists the same rows.
import { fault } from '../../model/errors.ts'
import { type ComputeFeature, since } from '../../model/microversions.ts'
import { type Route, row } from '../../platform/http/service.ts'
import type { Method } from '../../platform/http/types.ts'
import type { ComputeDeps } from '../deps.ts'
import type { ComputeHandler } from './call.ts'

/** A handler for what is missing; `what` completes "Faultline does not implement … yet". */
export const notYet =
  (what: string): ComputeHandler =>
  () => {
    throw fault('NotImplementedHere', { what })
  }

export interface NotYetRow {
  readonly path: string
  readonly methods: readonly Method[]
  readonly what: string
  readonly since?: ComputeFeature
  readonly until?: ComputeFeature
}

export const notYetRows: readonly NotYetRow[] = [
  {
    path: '/servers/{server_id}/shares',
    methods: ['GET', 'POST'],
    what: 'attaching file shares',
    since: 'shares',
  },
  {
    path: '/servers/{server_id}/shares/{share}',
    methods: ['GET', 'DELETE'],
    what: 'attaching file shares',
    since: 'shares',
  },
  { path: '/os-assisted-volume-snapshots', methods: ['POST'], what: 'assisted volume snapshots' },
  {
    path: '/os-assisted-volume-snapshots/{id}',
    methods: ['DELETE'],
    what: 'assisted volume snapshots',
  },
]

/** Their routes. The answer does not depend on the body, so none is read. */
export const notYetRoutes: readonly Route<ComputeDeps>[] = notYetRows.flatMap(one =>
  one.methods.map(method =>
    row<ComputeDeps>(method, one.path, notYet(one.what), {
      reads: 'nothing',
      since: one.since && since(one.since),
      until: one.until && since(one.until) - 1,
    }),
  ),
)
