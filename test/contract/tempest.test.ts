// A small part of tempest's smoke tests on a cloud of its own, so that `npm test` notices when OpenStack's own suite
// would. `npm run test:tempest` runs all of it. Skipped where tempest is not installed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groups } from '../tempest/groups.ts'
import { startSession } from '../tempest/session.ts'
import { listTests, runTests, whatIsMissing } from '../tempest/tempest.ts'

/** Something of every service, chosen for taking seconds: tempest sleeps ten of them for every subnet it deletes. */
const classes = [
  'test_create_server\\.ServersTestJSON',
  'test_flavors\\.FlavorsV2TestJSON',
  'test_groups\\.GroupsV3TestJSON',
  'test_services\\.ServicesTestJSON\\.test_create_update_get',
  'test_images\\.BasicOperationsImagesTest',
  'test_networks\\.NetworksTest\\.test_list_networks',
  'test_security_groups\\.SecGroupTest',
  'test_volumes_get\\.VolumesGetTest',
]
/** More would each start a Python; fewer would wait one after the other. */
const concurrency = 4
/** Fewer were found when tempest has changed so much that this says nothing. */
const testsMin = 12
const timeout = 300_000

test('tempest passes', { skip: whatIsMissing() ?? false, timeout }, async t => {
  const session = await startSession()
  try {
    const tests = await listTests(
      session.workspace,
      `(?=${groups.smoke.tests})(?=.*(?:${classes.join('|')}))`,
    )
    assert.ok(tests.length >= testsMin, `${tests.length} tests found`)
    const signal = AbortSignal.any([session.lost, t.signal])
    const results = await runTests(session.workspace, { tests, concurrency, signal, onResult: () => {} })
    const wrong = results
      .filter(({ outcome }) => outcome !== 'passed')
      .map(({ id, outcome, reason }) => `${outcome} ${id}: ${reason}`)
    assert.deepEqual(wrong, [])
  } finally {
    await session.close(false)
  }
})
