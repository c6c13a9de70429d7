import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { after, test } from 'node:test'
import { runImages } from '../../test/support/image-service.ts'
import { callers } from '../../test/support/one-service.ts'

const images = await runImages()
after(() => images.close())

const demoProject = callers.demo.project?.id
const path = (id: string) => `/image/v2/images/${id}`
const unknownId = '00000000-0000-4000-8000-000000000000'

test('a new image is queued, shared, and says all that Glance says', async () => {
  const { status, body, headers } = await images.ask('POST', '/image/v2/images', {
    body: { name: 'vm', os_distro: 'cirros', tags: ['b', 'a', 'a'], min_disk: 1, min_ram: 64 },
  })
  assert.equal(status, 201)
  const { id, created_at, updated_at, ...rest } = body
  assert.match(id, /^[0-9a-f-]{36}$/)
  assert.equal(created_at, updated_at)
  assert.match(created_at, /^2026-11-23T09:\d\d:\d\dZ$/)
  assert.deepEqual(rest, {
    os_distro: 'cirros',
    name: 'vm',
    disk_format: null,
    container_format: null,
    visibility: 'shared',
    size: null,
    virtual_size: null,
    status: 'queued',
    checksum: null,
    protected: false,
    min_ram: 64,
    min_disk: 1,
    owner: demoProject,
    os_hidden: false,
    os_hash_algo: null,
    os_hash_value: null,
    tags: ['a', 'b'],
    self: `/v2/images/${id}`,
    file: `/v2/images/${id}/file`,
    schema: '/v2/schemas/image',
  })
  assert.equal(headers.get('location'), `/v2/images/${id}`)
  assert.equal(headers.get('openstack-image-import-methods'), 'glance-direct')
  assert.deepEqual((await images.ask('GET', path(id))).body, body)
})

test('the client may choose the id, once and for all: not even a deleted image gives its id away', async () => {
  const id = '7a1c0e52-93c3-4a2d-9c55-0d6b8f1f3c11'
  assert.equal((await images.create({ id })).id, id)
  const again = await images.ask('POST', '/image/v2/images', { body: { id } })
  assert.deepEqual(
    [again.status, again.body.message],
    [409, `Image ID ${id} already exists!<br /><br />\n\n\n`],
  )
  assert.equal((await images.ask('DELETE', path(id))).status, 204)
  assert.equal((await images.ask('POST', '/image/v2/images', { body: { id } })).status, 409)
})

const refusedBodies: readonly (readonly [string, unknown, number, RegExp])[] = [
  ['an id that is no UUID', { id: '../../etc/passwd' }, 400, /'..\/..\/etc\/passwd' does not match/],
  ['a status', { status: 'active' }, 403, /Attribute 'status' is read-only\./],
  ['a checksum', { checksum: 'x' }, 403, /Attribute 'checksum' is read-only\./],
  ['a size', { size: 5 }, 403, /Attribute 'size' is read-only\./],
  ['a file link', { file: '/x' }, 403, /Attribute 'file' is read-only\./],
  ['a reserved name', { deleted: 'x' }, 403, /Attribute 'deleted' is reserved\./],
  ["a name of Glance's own", { os_glance_x: 'x' }, 403, /Attribute 'os_glance_x' is reserved\./],
  ['a location', { locations: [] }, 403, /Attribute 'locations' is reserved\./],
  ['an unknown disk format', { disk_format: 'floppy' }, 400, /'floppy' is not one of \[None, 'ami'/],
  ['a protected that is text', { protected: 'True' }, 400, /'True' is not of type 'boolean'/],
  ['a property that is no text', { os_version: 7 }, 400, /7 is not of type 'string'/],
  [
    'a negative min_ram',
    { min_ram: -1 },
    400,
    /Invalid value '-1' for parameter 'min_ram': Cannot be a negative/,
  ],
  ['a min_disk beyond all bounds', { min_disk: 2 ** 40 }, 400, /parameter 'min_disk'/],
  ['a name that is too long', { name: 'x'.repeat(256) }, 400, /is too long/],
  ['a null character', { name: 'a\0b' }, 400, /may not contain null characters/],
  ['a tag that is too long', { tags: ['x'.repeat(256)] }, 400, /is too long/],
  ['a long property name', { ['x'.repeat(256)]: 'y' }, 400, /should not be greater than 255/],
  ['a list', [], 400, /is not of type 'object'/],
  [
    'too many properties',
    Object.fromEntries(Array.from({ length: 129 }, (_, index) => [`p${index}`, 'x'])),
    413,
    /allowed image properties. Attempted: 129, Maximum: 128/,
  ],
]
for (const [what, body, status, message] of refusedBodies)
  test(`creation with ${what} is refused with ${status}`, async () => {
    const answer = await images.ask('POST', '/image/v2/images', { body })
    assert.equal(answer.status, status)
    assert.match(answer.body.message, message)
  })

test('no body, and a body that is no JSON, are told apart', async () => {
  const none = await images.ask('POST', '/image/v2/images')
  assert.match(none.body.message, /^Body expected in request\./)
  const broken = await images.ask('POST', '/image/v2/images', {
    raw: '{',
    headers: { 'content-type': 'application/json' },
  })
  assert.deepEqual([broken.status, broken.body.code], [400, '400 Bad Request'])
  assert.match(broken.body.message, /^Malformed JSON in request body\./)
})

test('public images are for administrators to make; images for others too', async () => {
  const refused = await images.ask('POST', '/image/v2/images', { body: { visibility: 'public' } })
  assert.equal(refused.status, 403)
  assert.match(refused.body.message, /^You are not authorized to complete publicize_image action\./)
  assert.equal((await images.create({ visibility: 'public' }, 'admin')).visibility, 'public')
  const owned = await images.ask('POST', '/image/v2/images', { body: { owner: 'somebody' } })
  assert.match(owned.body.message, /^You are not permitted to create images owned by 'somebody'/)
  assert.equal((await images.create({ owner: 'somebody' }, 'admin')).owner, 'somebody')
  assert.equal((await images.ask('POST', '/image/v2/images', { as: 'reader', body: {} })).status, 403)
})

test("another project's image does not exist for others, unless it is public or community", async () => {
  for (const [visibility, status] of [
    ['private', 404],
    ['shared', 404],
    ['community', 200],
  ] as const) {
    const { id } = await images.create({ visibility })
    assert.equal((await images.ask('GET', path(id), { as: 'other' })).status, status, visibility)
    assert.equal((await images.ask('GET', path(id), { as: 'admin' })).status, 200)
    assert.equal((await images.ask('GET', path(id), { as: 'reader' })).status, 200)
  }
})

test('what one sees but does not own, one cannot change: 403; what one does not see: 404', async () => {
  const seen = await images.create({ visibility: 'community' })
  const unseen = await images.create({ visibility: 'private' })
  for (const [id, status] of [
    [seen.id, 403],
    [unseen.id, 404],
  ] as const) {
    assert.equal((await images.ask('DELETE', path(id), { as: 'other' })).status, status)
    assert.equal((await images.upload(id, 'x', { as: 'other' })).status, status)
    assert.equal(
      (await images.patch(id, [{ op: 'add', path: '/x', value: 'y' }], { as: 'other' })).status,
      status,
    )
    assert.equal((await images.ask('PUT', `${path(id)}/tags/x`, { as: 'other' })).status, status)
    assert.equal((await images.ask('POST', `${path(id)}/actions/deactivate`, { as: 'other' })).status, status)
  }
  assert.equal((await images.ask('DELETE', path(seen.id), { as: 'reader' })).status, 403)
})

test('a deleted image is gone with its data', async () => {
  const image = await images.active('bytes')
  const before = (await readdir(images.deps.folder)).filter(name => name.startsWith(image.id))
  assert.equal(before.length, 1)
  assert.equal((await images.ask('DELETE', path(image.id))).status, 204)
  assert.equal((await images.ask('GET', path(image.id))).status, 404)
  assert.deepEqual(
    (await readdir(images.deps.folder)).filter(name => name.startsWith(image.id)),
    [],
  )
  const again = await images.ask('DELETE', path(image.id))
  assert.match(again.body.message, new RegExp(`^Failed to find image ${image.id} to delete`))
})

test('a protected image is not deleted', async () => {
  const { id } = await images.create({ protected: true })
  const refused = await images.ask('DELETE', path(id))
  assert.equal(refused.status, 403)
  assert.match(refused.body.message, new RegExp(`^Image ${id} is protected and cannot be deleted\\.`))
  assert.equal((await images.patch(id, [{ op: 'replace', path: '/protected', value: false }])).status, 200)
  assert.equal((await images.ask('DELETE', path(id))).status, 204)
})

test('a deactivated image can be looked at but not read, except by administrators', async () => {
  const { id } = await images.active('secret')
  assert.equal((await images.ask('POST', `${path(id)}/actions/deactivate`)).status, 204)
  assert.equal((await images.ask('POST', `${path(id)}/actions/deactivate`)).status, 204)
  assert.equal((await images.ask('GET', path(id))).body.status, 'deactivated')
  const refused = await images.ask('GET', `${path(id)}/file`)
  assert.equal(refused.status, 403)
  assert.match(refused.body.message, /^The requested image has been deactivated\./)
  assert.equal((await images.ask('GET', `${path(id)}/file`, { as: 'admin' })).text, 'secret')
  assert.equal((await images.ask('POST', `${path(id)}/actions/reactivate`)).status, 204)
  assert.equal((await images.ask('GET', `${path(id)}/file`)).text, 'secret')
})

test('an image without data cannot be switched off', async () => {
  const { id } = await images.create()
  const refused = await images.ask('POST', `${path(id)}/actions/deactivate`)
  assert.equal(refused.status, 403)
  assert.match(refused.body.message, /^Not allowed to deactivate image in status 'queued'/)
})

test('tags are added and taken away one by one', async () => {
  const { id } = await images.create()
  assert.equal((await images.ask('PUT', `${path(id)}/tags/web%20server`)).status, 204)
  assert.equal((await images.ask('PUT', `${path(id)}/tags/web%20server`)).status, 204)
  assert.deepEqual((await images.ask('GET', path(id))).body.tags, ['web server'])
  assert.equal((await images.ask('DELETE', `${path(id)}/tags/web%20server`)).status, 204)
  assert.equal((await images.ask('DELETE', `${path(id)}/tags/web%20server`)).status, 404)
  assert.equal((await images.ask('PUT', `${path(id)}/tags/${'x'.repeat(256)}`)).status, 400)
  const unknown = await images.ask('PUT', `${path(unknownId)}/tags/x`)
  assert.match(unknown.body.message, new RegExp(`^Image ${unknownId} not found\\.`))
})
