// What lists, shows and tags need to know of a kind of resource. Each noun's file has one of these.
import type { Expression, Kysely, SqlBool } from 'kysely'
import type { ErrorCode } from '../model/errors.ts'
import type { PolicyRule } from '../model/policies.ts'
import type { Call } from '../platform/http/call.ts'
import type { NetworkDeps } from './deps.ts'
import type { NetworkTables } from './tables.ts'

/** How a wire attribute is kept: for filters and sorting. */
export interface Column {
  readonly column: string
  readonly kind: 'text' | 'flag' | 'number' | 'lower'
  /** Who sees the attribute; a filter on what one does not see matches nothing. */
  readonly seenWith?: PolicyRule
}

export type View = Readonly<Record<string, unknown>>

export interface Resource<R extends { id: string }> {
  readonly member: string
  readonly collection: string
  readonly table: keyof NetworkTables
  readonly notFound: ErrorCode
  readonly columns: Readonly<Record<string, Column>>
  /** Filters that are more than a column. */
  readonly filters?: Readonly<Record<string, (values: readonly string[]) => Expression<SqlBool>>>
  /** Rows a project sees. */
  visible(projectId: string): Expression<SqlBool>
  /** The rows as `call`'s caller sees them, in their order. A fixed number of queries for any number of rows. */
  views(
    db: Kysely<NetworkTables>,
    rows: readonly R[],
    call: Pick<Call<NetworkDeps>, 'allows' | 'deps'>,
  ): Promise<readonly View[]>
}

export const textColumn = (column: string): Column => ({ column, kind: 'text' })
export const flagColumn = (column: string): Column => ({ column, kind: 'flag' })
export const numberColumn = (column: string): Column => ({ column, kind: 'number' })

/** Columns every resource has. */
export const standardAttributes = {
  id: textColumn('id'),
  project_id: textColumn('project_id'),
  tenant_id: textColumn('project_id'),
  description: textColumn('description'),
  revision_number: numberColumn('revision_number'),
} satisfies Record<string, Column>
