// Every route of every service answers a plausible request as it should: no row of a route table is only a promise.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestCloud, type TestCloud } from '../support/cloud.ts'
import { createWorld, fill, versionHeader, type World } from '../support/plausible/plausible.ts'
import { plausibleServices } from '../support/plausible/services.ts'
import { liftQuotas } from '../support/quotas.ts'

let cloud: TestCloud
let world: World
before(async () => {
  cloud = await startTestCloud({ hosts: 2 })
  world = createWorld(cloud)
  await liftQuotas(cloud)
})
after(() => cloud.close())

for (const { name, prefix, as, routes, table } of plausibleServices) {
  test(`${name}: each route has one plausible request, and each request a route`, () => {
    assert.deepEqual(Object.keys(table).sort(), routes.map(({ method, path }) => `${method} ${path}`).sort())
  })

  test(`${name}: every route answers its plausible request as it should`, async () => {
    const wrong: string[] = []
    for (const { method, path } of routes) {
      const row = table[`${method} ${path}`]
      assert.ok(row, `${method} ${path} has no plausible request`)
      const request = await row(world)
      const { version, status = 200, body, raw, headers } = request
      const answer = await cloud.ask(method, prefix + fill(path, request), {
        as: request.as ?? as,
        ...(body === undefined ? {} : { body }),
        ...(raw === undefined ? {} : { raw }),
        headers: { ...versionHeader(prefix), ...headers },
        ...(version === undefined ? {} : { version }),
      })
      const requestId = answer.headers.get('x-openstack-request-id') ?? ''
      const isEmpty = method !== 'HEAD' && status !== 204 ? true : answer.text === ''
      if (answer.status !== status || !isEmpty || !/^req-[0-9a-f-]{36}$/.test(requestId))
        wrong.push(`${method} ${path}: ${answer.status} ${requestId} ${answer.text}`)
    }
    assert.deepEqual(wrong, [])
  })
}
