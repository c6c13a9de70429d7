import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { runImages } from '../../test/support/image-service.ts'
import { callers } from '../../test/support/one-service.ts'

const images = await runImages()
after(() => images.close())

const list = async (search: string, as: keyof typeof callers = 'demo') => {
  const answer = await images.ask('GET', `/image/v2/images${search}`, { as })
  assert.equal(answer.status, 200, answer.text)
  return answer.body
}
const names = async (search: string, as?: keyof typeof callers): Promise<string[]> =>
  (await list(search, as)).images.map((image: { name: string }) => image.name)

const alpha = await images.active('12345', {
  name: 'alpha',
  tags: ['web', 'old'],
  os_distro: 'cirros',
  min_ram: 64,
  visibility: 'private',
})
const beta = await images.create({
  name: 'beta, the second',
  disk_format: 'qcow2',
  tags: ['web'],
  protected: true,
})
await images.create({ name: 'gamma', os_hidden: true, visibility: 'private' })
const delta = await images.create({ name: 'delta', visibility: 'community' }, 'other')
const epsilon = await images.active('123', { name: 'epsilon', visibility: 'public' }, 'admin')
await images.create({ name: 'zeta', visibility: 'private' }, 'other')

test('a list holds the own images and the public ones, newest first', async () => {
  const body = await list('')
  assert.deepEqual(
    body.images.map((image: { name: string }) => image.name),
    ['epsilon', 'beta, the second', 'alpha'],
  )
  assert.deepEqual([body.first, body.next, body.schema], ['/v2/images', undefined, '/v2/schemas/images'])
  assert.deepEqual(body.images[2], (await images.ask('GET', `/image/v2/images/${alpha.id}`)).body)
})

test('administrators see the images of all projects, but not the community ones of others', async () => {
  assert.deepEqual(await names('', 'admin'), ['zeta', 'epsilon', 'beta, the second', 'alpha'])
  assert.ok((await names('?visibility=all', 'admin')).includes('delta'))
})

const filters: readonly (readonly [string, readonly string[]])[] = [
  ['name=alpha', ['alpha']],
  ['name=in:alpha,epsilon', ['epsilon', 'alpha']],
  ['name=in:alpha,"beta, the second"', ['beta, the second', 'alpha']],
  ['name=in:', []],
  ['name=nothing', []],
  [`id=in:${alpha.id},${beta.id}`, ['beta, the second', 'alpha']],
  [`id=${alpha.id}`, ['alpha']],
  ['status=active', ['epsilon', 'alpha']],
  ['status=in:queued,saving', ['beta, the second']],
  ['visibility=public', ['epsilon']],
  ['visibility=private', ['alpha']],
  ['visibility=shared', ['beta, the second']],
  ['visibility=community', ['delta']],
  ['visibility=all', ['epsilon', 'delta', 'beta, the second', 'alpha']],
  [`owner=${callers.admin.project?.id}`, ['epsilon']],
  ['tag=web', ['beta, the second', 'alpha']],
  ['tag=web&tag=old', ['alpha']],
  ['protected=true', ['beta, the second']],
  ['protected=false', ['epsilon', 'alpha']],
  ['os_hidden=true', ['gamma']],
  ['size_min=4', ['alpha']],
  ['size_max=3', ['epsilon']],
  ['size=5', ['alpha']],
  ['size_min=99999999999999999999', []],
  ['min_ram=64', ['alpha']],
  ['disk_format=qcow2', ['beta, the second']],
  ['disk_format=in:qcow2,iso', ['beta, the second']],
  ['container_format=bare', ['epsilon', 'beta, the second', 'alpha']],
  ['os_distro=cirros', ['alpha']],
  ['os_distro=other', []],
  [`checksum=${epsilon.checksum}`, ['epsilon']],
  [`created_at=${beta.created_at}`, ['beta, the second']],
  [`created_at=gt:${beta.created_at}`, ['epsilon']],
  [`created_at=gte:${beta.created_at}`, ['epsilon', 'beta, the second']],
  [`created_at=lt:${beta.created_at}`, ['alpha']],
  [`created_at=lte:${beta.created_at}`, ['beta, the second', 'alpha']],
  [`created_at=neq:${beta.created_at}`, ['epsilon', 'alpha']],
  ['updated_at=lt:2001-01-01', []],
]
for (const [search, expected] of filters)
  test(`?${search} finds ${expected.join(' and ') || 'nothing'}`, async () => {
    assert.deepEqual(await names(`?${search}`), expected)
  })

const refused: readonly (readonly [string, RegExp])[] = [
  ['limit=x', /limit param must be an integer/],
  ['limit=-1', /limit param must be positive/],
  ['marker=00000000-0000-4000-8000-000000000000', /No image found with ID 00000000/],
  [`marker=${delta.id}x`, /No image found with ID/],
  ['sort_key=owner', /Invalid sort key: owner\. It must be one of the following: name, status,/],
  ['sort_dir=up', /Invalid sort direction: up/],
  ['sort=name:up', /Invalid sort direction: up/],
  ['sort=name&sort_key=name', /Old and new sorting syntax cannot be combined/],
  ['sort_key=name&sort_dir=asc&sort_dir=desc', /Number of sort dirs does not match the number of sort keys/],
  ['visibility=secret', /Invalid visibility value: secret/],
  ['member_status=maybe', /Invalid status: maybe/],
  ['os_hidden=perhaps', /Invalid value 'perhaps' for 'os_hidden' filter/],
  ['protected=1', /Invalid value '1' for 'protected' filter/],
  ['size_min=big', /Unable to filter on a range with a non-numeric value/],
  ['created_at=yesterday', /Bad "created_at" query filter format/],
  ['created_at=around:2026-01-01', /Unable to filter by unknown operator 'around'/],
  ['name=like:a', /Unable to filter by unknown operator 'like'/],
  ['name=in:"a', /The quote is not closed/],
  ['name=in:a"b"', /no comma before opening quotation mark/],
  ['name=in:"a"b', /no comma after closing quotation mark/],
  ['changes-since=2026-01-01', /no longer available on v2/],
  ['name=a%00b', /may not contain null characters/],
]
for (const [search, message] of refused)
  test(`?${search} is refused`, async () => {
    const answer = await images.ask('GET', `/image/v2/images?${search}`)
    assert.equal(answer.status, 400)
    assert.match(answer.body.message, message)
  })

test('lists are sorted by any mix of keys', async () => {
  assert.deepEqual(await names('?sort=name:asc'), ['alpha', 'beta, the second', 'epsilon'])
  assert.deepEqual(await names('?sort_key=name&sort_dir=asc'), ['alpha', 'beta, the second', 'epsilon'])
  assert.deepEqual(await names('?sort_key=name'), ['epsilon', 'beta, the second', 'alpha'])
  assert.deepEqual(await names('?sort=status:desc,size:asc'), ['beta, the second', 'epsilon', 'alpha'])
  assert.deepEqual(await names('?sort_key=status&sort_dir=asc&sort_key=size&sort_dir=desc'), [
    'alpha',
    'epsilon',
    'beta, the second',
  ])
})

test('pages follow one another through every order, each image once', async () => {
  for (const sort of [
    '',
    '&sort=name:asc',
    '&sort=size:desc',
    '&sort=container_format:asc,size:asc',
    '&tag=web',
  ]) {
    const whole = await names(`?${sort.slice(1)}`)
    const seen: string[] = []
    let next = `/v2/images?limit=1${sort}`
    for (let pages = 0; next !== undefined; pages++) {
      assert.ok(pages < 9, 'paging does not end')
      const page = await list(next.slice('/v2/images'.length))
      assert.ok(page.images.length <= 1)
      assert.equal(new URLSearchParams(page.first.split('?')[1]).has('marker'), false)
      seen.push(...page.images.map((image: { name: string }) => image.name))
      next = page.next
    }
    assert.deepEqual(seen, whole, sort)
  }
  assert.deepEqual(await list('?limit=0'), {
    images: [],
    first: '/v2/images?limit=0',
    schema: '/v2/schemas/images',
  })
})

test('the default page holds 25', async () => {
  for (let made = 0; made < 26; made++) await images.create({ name: `many-${made}` }, 'manager')
  const page = await list('?visibility=shared', 'manager')
  assert.equal(page.images.length, 25)
  assert.match(page.next, /^\/v2\/images\?visibility=shared&marker=[0-9a-f-]{36}$/)
})
