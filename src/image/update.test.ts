import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { runImages } from '../../test/support/image-service.ts'

const images = await runImages()
after(() => images.close())

const path = (id: string) => `/image/v2/images/${id}`
const show = async (id: string) => (await images.ask('GET', path(id))).body

test('attributes and properties are replaced, added and removed', async () => {
  const { id } = await images.create({ os_distro: 'cirros', os_version: '1' })
  const { status, body } = await images.patch(id, [
    { op: 'replace', path: '/name', value: 'renamed' },
    { op: 'replace', path: '/tags', value: ['x', 'y'] },
    { op: 'replace', path: '/os_version', value: '2' },
    { op: 'remove', path: '/os_distro' },
    { op: 'add', path: '/a~1b~0c', value: 'slash and tilde' },
    { op: 'add', path: '/min_ram', value: 64 },
    { op: 'add', path: '/os_hidden', value: true },
    { op: 'replace', path: '/visibility', value: 'private' },
  ])
  assert.equal(status, 200)
  assert.deepEqual(
    [
      body.name,
      body.tags,
      body.os_version,
      body.os_distro,
      body['a/b~c'],
      body.min_ram,
      body.os_hidden,
      body.visibility,
    ],
    ['renamed', ['x', 'y'], '2', undefined, 'slash and tilde', 64, true, 'private'],
  )
  assert.ok(body.updated_at > body.created_at)
  assert.deepEqual(await show(id), body)
})

test('all changes of a patch, or none', async () => {
  const before = await images.create({ os_distro: 'cirros' })
  const answer = await images.patch(before.id, [
    { op: 'replace', path: '/name', value: 'renamed' },
    { op: 'replace', path: '/no_such', value: 'x' },
  ])
  assert.equal(answer.status, 409)
  assert.match(answer.body.message, /^Property no_such does not exist\./)
  assert.deepEqual(await show(before.id), before)
})

const refused: readonly (readonly [string, unknown, number, RegExp])[] = [
  [
    'a read-only attribute',
    [{ op: 'replace', path: '/status', value: 'active' }],
    403,
    /'status' is read-only/,
  ],
  ['the id', [{ op: 'replace', path: '/id', value: 'x' }], 403, /'id' is read-only/],
  ['a reserved attribute', [{ op: 'add', path: '/deleted', value: 'x' }], 403, /'deleted' is reserved/],
  ["a name of Glance's own", [{ op: 'add', path: '/os_glance_x', value: 'x' }], 403, /is reserved/],
  ['removal of an attribute', [{ op: 'remove', path: '/name' }], 403, /Property name may not be removed/],
  [
    'removal of what is not there',
    [{ op: 'remove', path: '/nothing' }],
    409,
    /Property nothing does not exist/,
  ],
  [
    "another project's ownership",
    [{ op: 'replace', path: '/owner', value: 'x' }],
    403,
    /Owner can't be updated/,
  ],
  ['publication', [{ op: 'replace', path: '/visibility', value: 'public' }], 403, /publicize_image/],
  [
    'a value of the wrong type',
    [{ op: 'replace', path: '/min_ram', value: 'x' }],
    400,
    /'x' is not of type 'integer'/,
  ],
  [
    'a property that is no text',
    [{ op: 'add', path: '/x', value: { y: 1 } }],
    400,
    /is not of type 'string'/,
  ],
  ['a negative size', [{ op: 'replace', path: '/min_disk', value: -1 }], 400, /Cannot be a negative value/],
  ['no operation', [{ path: '/x', value: 'y' }], 400, /Unable to find `op` in JSON Schema change/],
  ['an unknown operation', [{ op: 'move', path: '/x', value: 'y' }], 400, /Invalid operation: `move`/],
  ['no path', [{ op: 'add', value: 'y' }], 400, /Unable to find 'path'/],
  ['no value', [{ op: 'add', path: '/x' }], 400, /Operation "add" requires a member named "value"/],
  ['a relative path', [{ op: 'add', path: 'x', value: 'y' }], 400, /does not start with "\/"/],
  ['an empty path', [{ op: 'add', path: '/', value: 'y' }], 400, /Invalid JSON pointer/],
  [
    'a deep path',
    [{ op: 'add', path: '/tags/-', value: 'y' }],
    400,
    /Invalid JSON pointer for this resource: '\/tags\/-'/,
  ],
  ['adjacent slashes', [{ op: 'add', path: '/a//b', value: 'y' }], 400, /contains adjacent "\/"/],
  ['a slash at the end', [{ op: 'add', path: '/a/', value: 'y' }], 400, /end with "\/"/],
  [
    'an unknown escape',
    [{ op: 'add', path: '/a~2', value: 'y' }],
    400,
    /not part of a recognized escape sequence/,
  ],
  ['locations', [{ op: 'add', path: '/locations/-', value: {} }], 403, /not allowed to add locations/],
  [
    'no locations',
    [{ op: 'replace', path: '/locations', value: [] }],
    403,
    /Cannot set locations to empty list/,
  ],
  ['an object', {}, 400, /must be a JSON array of operation objects/],
  ['a list of words', ['add'], 400, /Operations must be JSON objects/],
]
for (const [what, changes, status, message] of refused)
  test(`a patch with ${what} is refused with ${status} and changes nothing`, async () => {
    const before = await images.create()
    const answer = await images.patch(before.id, changes)
    assert.equal(answer.status, status)
    assert.match(answer.body.message, message)
    assert.deepEqual(await show(before.id), before)
  })

test('the older form of patches is understood, and refuses to add what is there', async () => {
  const { id } = await images.create({ os_distro: 'cirros' })
  const older = { headers: { 'content-type': 'application/openstack-images-v2.0-json-patch' } }
  const done = await images.patch(
    id,
    [{ replace: '/name', value: 'renamed' }, { remove: '/os_distro' }],
    older,
  )
  assert.deepEqual([done.status, done.body.name, done.body.os_distro], [200, 'renamed', undefined])
  const again = await images.patch(id, [{ add: '/name', value: 'x' }], older)
  assert.match(again.body.message, /^Property name already present\./)
  const both = await images.patch(id, [{ add: '/x', remove: '/y', value: 'x' }], older)
  assert.match(both.body.message, /must contain only one member/)
  const none = await images.patch(id, [{ value: 'x' }], older)
  assert.match(none.body.message, /must contain exactly one member/)
})

test('a patch of another type is refused with the types that are taken', async () => {
  const { id } = await images.create()
  const answer = await images.patch(id, [], { headers: { 'content-type': 'application/json' } })
  assert.equal(answer.status, 415)
  assert.match(answer.headers.get('accept-patch') ?? '', /openstack-images-v2\.1-json-patch/)
})

test('formats are fixed once there is data', async () => {
  const { id } = await images.active('data')
  const answer = await images.patch(id, [{ op: 'replace', path: '/disk_format', value: 'qcow2' }])
  assert.equal(answer.status, 403)
  assert.match(answer.body.message, /^Attribute disk_format can be only replaced for a queued image\./)
})

test('administrators give images away and publish them', async () => {
  const { id } = await images.create()
  const changes = [
    { op: 'replace', path: '/owner', value: 'other-project' },
    { op: 'replace', path: '/visibility', value: 'public' },
  ]
  const { body } = await images.patch(id, changes, { as: 'admin' })
  assert.deepEqual([body.owner, body.visibility], ['other-project', 'public'])
})

test('changes made at the same time are all kept', async () => {
  const { id } = await images.create()
  const names = Array.from({ length: 8 }, (_, index) => `p${index}`)
  await Promise.all(names.map(name => images.patch(id, [{ op: 'add', path: `/${name}`, value: name }])))
  const image = await show(id)
  assert.deepEqual(
    names.map(name => image[name]),
    names,
  )
})
