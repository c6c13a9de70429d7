import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { callers } from '../../test/support/one-service.ts'
import { runVolumes } from '../../test/support/volume-service.ts'

const volume = await runVolumes()
after(() => volume.close())

const make = async (given: object) => {
  const answer = await volume.ask('POST', '/types', { as: 'admin', body: { volume_type: given } })
  assert.equal(answer.status, 200, answer.text)
  return answer.body.volume_type
}
const admin = (method: string, path: string, body?: object) => volume.ask(method, path, { as: 'admin', body })

test('a new cloud has one type, which is the default and stays', async () => {
  const [type, ...others] = (await volume.ask('GET', '/types')).body.volume_types
  assert.deepEqual([type.name, type.is_public, others], ['__DEFAULT__', true, []])
  assert.equal((await volume.ask('GET', '/types/default')).body.volume_type.id, type.id)
  const refused = await admin('DELETE', `/types/${type.id}`)
  assert.equal(refused.status, 400)
  assert.match(refused.body.badRequest.message, /is the default and cannot be deleted/)
})

test('administrators make, change and delete types; others may not', async () => {
  const body = { volume_type: { name: 'mine' } }
  assert.equal((await volume.ask('POST', '/types', { body })).status, 403)
  const type = await make({ name: 'fast', description: 'on flash', extra_specs: { speed: 'high' } })
  assert.deepEqual(type.extra_specs, { speed: 'high' })
  assert.equal((await admin('POST', '/types', { volume_type: { name: 'fast' } })).status, 409)
  const changed = await admin('PUT', `/types/${type.id}`, {
    volume_type: { name: 'faster', is_public: false },
  })
  assert.deepEqual([changed.body.volume_type.name, changed.body.volume_type.is_public], ['faster', false])
  assert.equal((await admin('PUT', `/types/${type.id}`, { volume_type: {} })).status, 400)
  assert.equal((await admin('DELETE', `/types/${type.id}`)).status, 202)
  const gone = await admin('GET', `/types/${type.id}`)
  assert.equal(gone.body.itemNotFound.message, `Volume type ${type.id} could not be found.`)
})

test('extra specs are written and taken away one by one; users see those that are for them', async () => {
  const type = await make({ name: 'specs' })
  const path = `/types/${type.id}/extra_specs`
  await admin('POST', path, { extra_specs: { multiattach: '<is> True', secret: 'x' } })
  assert.deepEqual((await volume.ask('GET', path)).body.extra_specs, { multiattach: '<is> True' })
  assert.equal((await volume.ask('GET', `${path}/secret`)).status, 404)
  assert.deepEqual((await admin('PUT', `${path}/secret`, { secret: 'y' })).body, { secret: 'y' })
  assert.equal((await admin('PUT', `${path}/secret`, { other: 'y' })).status, 400)
  assert.deepEqual((await admin('GET', `${path}/secret`)).body, { secret: 'y' })
  assert.equal((await admin('DELETE', `${path}/secret`)).status, 202)
  const again = await admin('DELETE', `${path}/secret`)
  assert.equal(again.body.itemNotFound.message, `Volume Type ${type.id} has no extra specs with key secret.`)
})

test('a private type is there for the projects that were given access', async () => {
  const type = await make({ name: 'private', 'os-volume-type-access:is_public': false })
  const project = callers.demo.project?.id
  const act = (body: object) => admin('POST', `/types/${type.id}/action`, body)
  const seen = async () => (await volume.ask('GET', `/types/${type.id}`)).status
  assert.equal(await seen(), 404)
  assert.equal((await act({ removeProjectAccess: { project } })).status, 404)
  assert.equal((await act({ addProjectAccess: { project } })).status, 202)
  assert.equal(await seen(), 200)
  assert.equal((await act({ addProjectAccess: { project } })).status, 409)
  const { body } = await admin('GET', `/types/${type.id}/os-volume-type-access`)
  assert.deepEqual(body.volume_type_access, [{ volume_type_id: type.id, project_id: project }])
  const names = async (as: 'demo' | 'other') =>
    (await volume.ask('GET', '/types', { as })).body.volume_types.map((one: { name: string }) => one.name)
  assert.ok((await names('demo')).includes('private'))
  assert.ok(!(await names('other')).includes('private'))
  assert.equal((await act({ removeProjectAccess: { project } })).status, 202)
  assert.equal(await seen(), 404)
})

test('a public type has no list of projects', async () => {
  const type = await make({ name: 'public' })
  const project = callers.demo.project?.id
  assert.equal((await admin('GET', `/types/${type.id}/os-volume-type-access`)).status, 404)
  const refused = await admin('POST', `/types/${type.id}/action`, { addProjectAccess: { project } })
  assert.match(
    refused.body.badRequest.message,
    /^Invalid volume type: Type access modification is not applicable/,
  )
})

test('types come a page at a time, by name', async () => {
  await make({ name: 'zz1' })
  await make({ name: 'zz2' })
  const names: string[] = []
  for (let path: string | null = '/types?limit=2'; path !== null; ) {
    const { body }: { body: { volume_types: { name: string }[]; volume_type_links?: { href: string }[] } } =
      await volume.ask('GET', path)
    names.push(...body.volume_types.map(one => one.name))
    const next = body.volume_type_links?.[0]?.href
    path = next === undefined ? null : `/types?${next.split('?')[1]}`
  }
  assert.deepEqual(names, [...new Set(names)].sort())
  assert.ok(names.includes('zz2'))
  const filtered = await admin('GET', '/types?is_public=maybe')
  assert.equal(filtered.status, 400)
})
