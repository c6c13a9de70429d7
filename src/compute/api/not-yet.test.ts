import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { addServer, startComputeApi } from '../../../test/support/compute-api.ts'
import type { Caller } from '../../../test/support/one-service.ts'
import { minorMax, since } from '../../model/microversions.ts'
import { notYetRows } from './not-yet.ts'
import { removedRoutes } from './removed.ts'
import { computeRoutes } from './routes.ts'
import { actionsNotYet } from './server-actions.ts'

const api = await startComputeApi()
after(() => api.close())

const at = (path: string) => path.replace(/\{\w+\}/g, 'x')

test('what is missing answers 501 and says what it is', async () => {
  for (const row of notYetRows) {
    const version = row.since ? `2.${since(row.since)}` : '2.1'
    for (const method of row.methods) {
      const { status, body } = await api.api(method, at(row.path), { as: 'admin', at: version })
      assert.deepEqual(
        [status, body.notImplemented?.message],
        [501, `Faultline does not implement ${row.what} yet.`],
        `${method} ${row.path}`,
      )
    }
    if (row.since)
      assert.equal(
        (await api.api(row.methods[0]!, at(row.path), { as: 'admin', at: `2.${since(row.since) - 1}` }))
          .status,
        404,
      )
  }
})

test('a missing action: first is the server there, then may the caller, and then what is missing', async () => {
  const id = await addServer(api)
  const unknown = '8f9c5e0a-3b0c-4a9e-9d9a-0a6f1f6e7a11'
  for (const [key, { policy, since: first = 1, until = minorMax }] of Object.entries(actionsNotYet)) {
    const act = (server: string, as: Caller, minor: number) =>
      api.api('POST', `/servers/${server}/action`, { as, at: `2.${minor}`, body: { [key]: null } })
    const missing = await act(unknown, 'admin', first)
    assert.deepEqual(
      [missing.status, missing.body.itemNotFound?.message],
      [404, `Instance ${unknown} could not be found.`],
      key,
    )
    assert.equal((await act(id, 'other', first)).status, 404, key)
    const refused = await act(id, 'reader', first)
    assert.deepEqual(
      [refused.status, refused.body.forbidden?.message],
      [403, `Policy doesn't allow ${policy} to be performed.`],
    )
    for (const minor of [first, until]) {
      const { status, body } = await act(id, 'admin', minor)
      assert.deepEqual(
        [status, body.notImplemented?.message],
        [501, `Faultline does not implement the server action ${key} yet.`],
      )
    }
    if (until < minorMax) assert.equal((await act(id, 'admin', until + 1)).status, 404, key)
    if (first > 1) assert.equal((await act(id, 'admin', first - 1)).status, 404, key)
  }
})

test('docs/not-yet.md lists the same', () => {
  const page = readFileSync(new URL('../../../docs/not-yet.md', import.meta.url), 'utf8')
  const text = page.split('\n## Volume', 1)[0] ?? ''
  assert.deepEqual(
    [...text.matchAll(/^\| `(\w[\w-]*)` \|/gm)].map(([, action]) => action),
    Object.keys(actionsNotYet),
  )
  const listed = [...text.matchAll(/^\| `([A-Z, ]+) (\/\S+)` \| (.+?) \|$/gm)].map(
    ([, methods, path, what]) => [methods, path, what],
  )
  assert.deepEqual(
    listed,
    notYetRows.map(row => [row.methods.join(', '), row.path, row.what]),
  )
})

test('what Nova removed answers 410', async () => {
  for (const route of removedRoutes) {
    const { status, body } = await api.api(route.method, at(route.path))
    assert.equal(status, 410, `${route.method} ${route.path}`)
    assert.deepEqual(body, {
      computeFault: {
        code: 410,
        message: 'This resource is no longer available.  No forwarding address is given.',
      },
    })
  }
})

test('no two rows claim the same route', () => {
  const seen = computeRoutes.map(route => `${route.method} ${route.path.replace(/\{\w+\}/g, '{}')}`)
  assert.deepEqual(
    seen.filter((route, index) => seen.indexOf(route) !== index),
    [],
  )
})
