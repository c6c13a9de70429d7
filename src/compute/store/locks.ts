// Turns: changes that must see each other's results (quota counts, zones of hosts) are made one after the other.
import type { Transaction } from 'kysely'
import type { ComputeTables } from '../tables.ts'

/**
 * Keeps every other transaction that asks for the same name waiting until this one ends. SQLite has one writer at a
 * time anyway; PostgreSQL holds the row.
 */
export async function takeTurn(tx: Transaction<ComputeTables>, name: string): Promise<void> {
  await tx
    .insertInto('counters')
    .values({ name: `turn ${name}`, value: 0 })
    .onConflict(conflict => conflict.column('name').doUpdateSet({ value: 0 }))
    .execute()
}
