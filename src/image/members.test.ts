import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { runImages } from '../../test/support/image-service.ts'
import { callers } from '../../test/support/one-service.ts'

const images = await runImages()
after(() => images.close())

const otherProject = callers.other.project?.id
const members = (id: string) => `/image/v2/images/${id}/members`
const offer = (id: string, member: unknown = otherProject) =>
  images.ask('POST', members(id), { body: { member } })
const answerOffer = (id: string, status: unknown, as: keyof typeof callers = 'other') =>
  images.ask('PUT', `${members(id)}/${otherProject}`, { as, body: { status } })
const listed = async (search = '') =>
  (await images.ask('GET', `/image/v2/images?visibility=shared${search}`, { as: 'other' })).body.images.map(
    (image: { id: string }) => image.id,
  )

test('an offered image is listed for its member once accepted, and can be looked at before', async () => {
  const { id } = await images.active('data')
  const offered = await offer(id)
  assert.equal(offered.status, 200)
  const { created_at, updated_at, ...member } = offered.body
  assert.equal(created_at, updated_at)
  assert.deepEqual(member, {
    member_id: otherProject,
    image_id: id,
    status: 'pending',
    schema: '/v2/schemas/member',
  })
  assert.deepEqual(await listed(), [])
  assert.deepEqual(await listed('&member_status=pending'), [id])
  assert.deepEqual(await listed('&member_status=all'), [id])
  assert.equal((await images.ask('GET', `/image/v2/images/${id}`, { as: 'other' })).status, 200)
  assert.equal((await answerOffer(id, 'accepted')).body.status, 'accepted')
  assert.deepEqual(await listed(), [id])
  assert.equal((await images.ask('GET', `/image/v2/images/${id}/file`, { as: 'other' })).text, 'data')
  assert.equal((await answerOffer(id, 'rejected')).status, 200)
  assert.deepEqual(await listed(), [])
  assert.equal((await images.ask('DELETE', `${members(id)}/${otherProject}`)).status, 204)
  assert.equal((await images.ask('GET', `/image/v2/images/${id}`, { as: 'other' })).status, 404)
})

test('the owner sees all members, a member itself alone, others nothing', async () => {
  const { id } = await images.create()
  await offer(id)
  await offer(id, 'third-project')
  const seen = async (as: keyof typeof callers) =>
    (await images.ask('GET', members(id), { as })).body?.members?.map(
      (one: { member_id: string }) => one.member_id,
    )
  assert.deepEqual(await seen('demo'), [otherProject, 'third-project'])
  assert.deepEqual(await seen('other'), [otherProject])
  assert.equal((await images.ask('GET', `${members(id)}/${otherProject}`, { as: 'other' })).status, 200)
  const hidden = await images.ask('GET', `${members(id)}/third-project`, { as: 'other' })
  assert.equal(hidden.status, 404)
  assert.match(hidden.body.message, /^third-project not found in the member list of the image/)
  const { id: unseen } = await images.create()
  const unknown = await images.ask('GET', members(unseen), { as: 'other' })
  assert.match(unknown.body.message, new RegExp(`^Image ${unseen} not found\\.`))
})

test('the member answers for itself: not the owner, and with one of three words', async () => {
  const { id } = await images.create()
  await offer(id)
  const byOwner = await answerOffer(id, 'accepted', 'demo')
  assert.equal(byOwner.status, 403)
  assert.match(byOwner.body.message, new RegExp(`^Not allowed to update members for image ${id}\\.`))
  const unknown = await answerOffer(id, 'maybe')
  assert.equal(unknown.status, 400)
  assert.match(
    unknown.body.message,
    /^Incorrect request: Status must be "pending", "accepted" or "rejected"\./,
  )
  assert.equal(
    (await images.ask('PUT', `${members(id)}/${otherProject}`, { as: 'other', body: {} })).status,
    400,
  )
  assert.equal((await images.ask('GET', `${members(id)}/${otherProject}`)).body.status, 'pending')
})

test('members are offered images by the owner only, once each, by name', async () => {
  const { id } = await images.create()
  await offer(id)
  const again = await offer(id)
  assert.equal(again.status, 409)
  assert.match(again.body.message, new RegExp(`^Member ${otherProject} is duplicated for image ${id}`))
  const byMember = await images.ask('POST', members(id), { as: 'other', body: { member: 'x' } })
  assert.equal(byMember.status, 403)
  assert.equal((await images.ask('DELETE', `${members(id)}/${otherProject}`, { as: 'other' })).status, 403)
  for (const [body, message] of [
    [{}, /^Member to be added not specified/],
    [{ member: '' }, /^Member can't be empty/],
    [{ member: 7 }, /^Expected a member in the form/],
    ['x', /^Expected a member in the form/],
  ] as const) {
    const answer = await images.ask('POST', members(id), { body })
    assert.equal(answer.status, 400)
    assert.match(answer.body.message, message)
  }
})

test('only shared images have members', async () => {
  const { id } = await images.create({ visibility: 'private' })
  for (const [method, path, status, message] of [
    ['POST', members(id), 403, /^Not allowed to create members/],
    ['GET', members(id), 403, /Only shared images have members\./],
    ['GET', `${members(id)}/x`, 404, /^Only shared images have members\./],
    ['PUT', `${members(id)}/x`, 403, /^Not allowed to update members/],
    ['DELETE', `${members(id)}/x`, 403, /^Not allowed to delete members/],
  ] as const) {
    const body = method === 'POST' ? { member: 'x' } : method === 'PUT' ? { status: 'accepted' } : undefined
    const answer = await images.ask(method, path, { body })
    assert.equal(answer.status, status, `${method} ${path}`)
    assert.match(answer.body.message, message)
  }
})

test('an image has at most 128 members', async () => {
  const { id } = await images.create()
  for (let made = 0; made < 128; made++) assert.equal((await offer(id, `project-${made}`)).status, 200)
  const refused = await offer(id)
  assert.equal(refused.status, 413)
  assert.match(refused.body.message, /Attempted: 129, Maximum: 128/)
})
