import { after, test } from 'node:test'
import { sql } from 'kysely'
import { startIdentity } from '../../support/identity.ts'
import { assertRefused } from '../../support/refusals.ts'

const identity = await startIdentity()
after(() => identity.close())

test('a damaged database is a 500 that tells nothing of it', async () => {
  await sql`drop table identity_implied_roles`.execute(identity.store.db)
  assertRefused(await identity.ask('GET', '/role_inferences', identity.admin), 'IdentityUnexpected')
})
