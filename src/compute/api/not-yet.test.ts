import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { startComputeApi } from '../../../test/support/compute-api.ts'
import { since } from '../../model/microversions.ts'
import { notYetRows } from './not-yet.ts'
import { removedRoutes } from './removed.ts'
import { computeRoutes } from './routes.ts'

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

test('docs/not-yet.md lists the same', () => {
  const page = readFileSync(new URL('../../../docs/not-yet.md', import.meta.url), 'utf8')
  const text = page.split('\n## Volume', 1)[0] ?? ''
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
