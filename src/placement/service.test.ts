import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { runPlacement } from '../../test/support/placement.ts'

const placement = await runPlacement()
after(() => placement.close())
const at = (version: string, as: 'admin' | null = 'admin') =>
  placement.ask('GET', '/resource_providers', undefined, {
    as,
    headers: { 'openstack-api-version': version },
  })

test('the version document needs no token', async () => {
  const { status, body } = await placement.ask('GET', '/', undefined, { as: null })
  assert.equal(status, 200)
  assert.deepEqual(body.versions[0], {
    id: 'v1.0',
    max_version: '1.39',
    min_version: '1.0',
    status: 'CURRENT',
    links: [{ rel: 'self', href: '' }],
  })
})

test('everything else needs a token, and an administrator or a service', async () => {
  assert.equal((await at('placement 1.39', null)).status, 401)
  const denied = await placement.ask('GET', '/resource_providers', undefined, { as: 'demo' })
  assert.equal(denied.status, 403)
  assert.match(denied.body.errors[0].detail, /Policy does not allow placement:resource_providers:list to be/)
  assert.equal((await placement.ask('GET', '/traits', undefined, { as: 'service' })).status, 200)
})

test('without the header it is 1.0, with `latest` the newest; other services in the header do not matter', async () => {
  const version = async (header: string | undefined) =>
    (
      await placement.ask('GET', '/', undefined, {
        headers:
          header === undefined
            ? { 'openstack-api-version': 'compute 2.1' }
            : { 'openstack-api-version': header },
      })
    ).headers.get('openstack-api-version')
  assert.equal(await version(undefined), 'placement 1.0')
  assert.equal(await version('placement latest'), 'placement 1.39')
  assert.equal(await version('compute 2.90, placement 1.17'), 'placement 1.17')
})

test('an unknown version is 406 with the bounds, a malformed one 400', async () => {
  const unknown = await at('placement 1.40')
  assert.equal(unknown.status, 406)
  assert.deepEqual([unknown.body.errors[0].max_version, unknown.body.errors[0].min_version], ['1.39', '1.0'])
  assert.match(unknown.body.errors[0].detail, /Unacceptable version header: 1\.40$/)
  assert.equal((await at('placement 2.1')).status, 406)
  assert.equal((await at('placement one')).status, 400)
})

test('an error has status, title, detail and request id; from 1.23 also a code', async () => {
  const path = '/resource_providers/9a4c1f27-6a2c-4a0b-9ab1-8d6a1a0a6c11'
  const { status, headers, body } = await placement.ask('GET', path)
  assert.equal(status, 404)
  assert.deepEqual(body, {
    errors: [
      {
        status: 404,
        title: 'Not Found',
        detail:
          'The resource could not be found.\n\n No resource provider with uuid 9a4c1f27-6a2c-4a0b-9ab1-8d6a1a0a6c11 found  ',
        code: 'placement.undefined_code',
        request_id: headers.get('x-openstack-request-id'),
      },
    ],
  })
  assert.equal('code' in (await placement.ask('GET', path, undefined, { minor: 22 })).body.errors[0], false)
})

test('routes answer 404 before the version that has them', async () => {
  for (const [path, minor] of [
    ['/resource_classes', 2],
    ['/traits', 6],
    ['/usages?project_id=p', 9],
    ['/allocation_candidates?resources=VCPU:1', 10],
  ] as const) {
    assert.equal((await placement.ask('GET', path, undefined, { minor: minor - 1 })).status, 404, path)
    assert.equal((await placement.ask('GET', path, undefined, { minor })).status, 200, path)
  }
})

test('what is not there says so with 501', async () => {
  const reshaper = await placement.ask('POST', '/reshaper', { inventories: {}, allocations: {} })
  assert.equal(reshaper.status, 501)
  assert.match(reshaper.body.errors[0].detail, /POST \/reshaper/)
})

test('from 1.15 replies carry Last-Modified and may not be cached', async () => {
  const { headers } = await placement.ask('GET', '/resource_providers', undefined, { minor: 15 })
  assert.equal(headers.get('cache-control'), 'no-cache')
  assert.ok(Date.parse(headers.get('last-modified') ?? '') > Date.now() - 60_000)
  const old = await placement.ask('GET', '/resource_providers', undefined, { minor: 14 })
  assert.equal(old.headers.get('last-modified'), null)
})
