import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { callers } from '../../../test/support/one-service.ts'
import { runVolumes } from '../../../test/support/volume-service.ts'

const volumes = await runVolumes()
after(() => volumes.close())

const admin = (method: string, path: string, body?: object) =>
  volumes.ask(method, path, { as: 'admin', ...(body === undefined ? {} : { body }) })
let count = 0
const madeType = async (given: object = {}) => {
  count += 1
  const body = { volume_type: { name: `type ${count}`, ...given } }
  return (await admin('POST', '/types', body)).body.volume_type
}
const madeQos = async (name: string, given: object = {}) => {
  const answer = await admin('POST', '/qos-specs', { qos_specs: { name, ...given } })
  assert.equal(answer.status, 200, answer.text)
  return answer.body.qos_specs
}

test('QoS specs are made, changed, cut and deleted; users have no part in it', async () => {
  const qos = await madeQos(' gold ', { read_iops_sec: '1000', consumer: 'front-end' })
  assert.deepEqual(qos, {
    id: qos.id,
    name: 'gold',
    consumer: 'front-end',
    specs: { read_iops_sec: '1000' },
  })
  assert.equal((await volumes.ask('GET', '/qos-specs')).status, 403)
  const twice = await admin('POST', '/qos-specs', { qos_specs: { name: 'gold' } })
  assert.equal(twice.body.conflictingRequest.message, 'QoS Specs gold already exists.')
  const path = `/qos-specs/${qos.id}`
  const change = { qos_specs: { write_iops_sec: '5', consumer: 'both' } }
  assert.deepEqual((await admin('PUT', path, change)).body, change)
  const changed = (await admin('GET', path)).body.qos_specs
  assert.deepEqual(
    [changed.consumer, changed.specs],
    ['both', { read_iops_sec: '1000', write_iops_sec: '5' }],
  )
  const wrong = await admin('PUT', path, { qos_specs: { consumer: 'nobody' } })
  assert.match(wrong.body.badRequest.message, /Valid consumer of QoS specs are/)
  assert.equal((await admin('POST', '/qos-specs', { qos_specs: { name: 'x', a: 1 } })).status, 400)
  const keys = await admin('PUT', `${path}/delete_keys`, { keys: ['read_iops_sec', 'none'] })
  assert.equal(keys.body.itemNotFound.message, `QoS spec ${qos.id} has no spec with key none.`)
  assert.deepEqual((await admin('GET', path)).body.qos_specs.specs, { write_iops_sec: '5' })
  assert.equal((await admin('PUT', `${path}/delete_keys`, { keys: ['write_iops_sec'] })).status, 202)
  assert.equal((await admin('DELETE', path)).status, 202)
  assert.equal((await admin('GET', path)).body.itemNotFound.message, `No such QoS spec ${qos.id}.`)
  assert.equal((await admin('PUT', path, change)).status, 404)
})

test('a type has one of them, and shows it to administrators', async () => {
  const one = await madeQos('one')
  const two = await madeQos('two')
  const type = await madeType()
  const ask = (id: string, verb: string, query = `?vol_type_id=${type.id}`) =>
    admin('GET', `/qos-specs/${id}/${verb}${query}`)
  assert.match((await ask(one.id, 'associate', '')).body.badRequest.message, /must not be None/)
  assert.equal((await ask(one.id, 'associate', '?vol_type_id=none')).status, 404)
  assert.equal((await ask(one.id, 'associate')).status, 202)
  assert.equal((await ask(one.id, 'associate')).status, 202)
  assert.equal((await admin('GET', `/types/${type.id}`)).body.volume_type.qos_specs_id, one.id)
  assert.equal('qos_specs_id' in (await volumes.ask('GET', `/types/${type.id}`)).body.volume_type, false)
  assert.match((await ask(two.id, 'associate')).body.badRequest.message, /already associated with another/)
  assert.deepEqual((await ask(one.id, 'associations', '')).body.qos_associations, [
    { association_type: 'volume_type', name: type.name, id: type.id },
  ])
  const used = await admin('DELETE', `/qos-specs/${one.id}`)
  assert.equal(used.body.badRequest.message, 'Qos specs still in use.')
  assert.equal((await ask(one.id, 'disassociate')).status, 202)
  await ask(one.id, 'associate')
  assert.equal((await ask(one.id, 'disassociate_all', '')).status, 202)
  assert.deepEqual((await ask(one.id, 'associations', '')).body.qos_associations, [])
  await ask(one.id, 'associate')
  assert.equal((await admin('DELETE', `/qos-specs/${one.id}?force=true`)).status, 202)
  assert.equal((await admin('GET', `/types/${type.id}`)).body.volume_type.qos_specs_id, null)
})

test('QoS specs are listed a page at a time and by what they are', async () => {
  await madeQos('list a', { consumer: 'both' })
  await madeQos('list b', { consumer: 'both' })
  const names = async (query: string) =>
    (await admin('GET', `/qos-specs?${query}`)).body.qos_specs.map((q: { name: string }) => q.name)
  assert.deepEqual(await names('consumer=both&sort=name:asc&limit=1'), ['list a'])
  assert.deepEqual(await names('name=list b'), ['list b'])
})

test('encryption of a type is written, shown a field at a time, and kept while volumes are of it', async () => {
  const type = await madeType()
  const path = `/types/${type.id}/encryption`
  assert.deepEqual((await admin('GET', path)).body, {})
  const encryption = { provider: 'luks', control_location: 'front-end', key_size: '256' }
  assert.equal((await admin('POST', path, { encryption: { provider: 'luks' } })).status, 400)
  const made = await admin('POST', path, { encryption })
  const { encryption_id, ...rest } = made.body.encryption
  assert.deepEqual(rest, { ...encryption, key_size: 256, volume_type_id: type.id })
  const twice = await admin('POST', path, { encryption })
  assert.match(twice.body.badRequest.message, /already exists\.$/)
  const shown = (await admin('GET', path)).body
  assert.deepEqual([shown.encryption_id, shown.provider, shown.cipher], [encryption_id, 'luks', null])
  assert.deepEqual((await admin('GET', `${path}/key_size`)).body, { key_size: 256 })
  assert.equal((await admin('GET', `${path}/colour`)).status, 404)
  assert.equal((await volumes.ask('GET', path)).status, 403)
  const id = encryption_id
  assert.deepEqual((await admin('PUT', `${path}/${id}`, { encryption: { cipher: 'aes' } })).body, {
    encryption: { cipher: 'aes' },
  })
  const volume = { volume: { size: 1, volume_type: type.id } }
  const refused = await volumes.ask('POST', '/volumes', { body: volume })
  assert.equal(refused.body.badRequest.message, 'Key manager error')
  assert.equal((await admin('DELETE', `${path}/${id}`)).status, 202)
  assert.match((await admin('DELETE', `${path}/${id}`)).body.itemNotFound.message, /does not exist\.$/)
  assert.equal((await admin('PUT', `${path}/${id}`, { encryption: {} })).status, 404)
  const plain = await volumes.volume({ volume_type: type.id })
  const inUse = await admin('POST', path, { encryption })
  assert.match(inUse.body.badRequest.message, /^Cannot create encryption specs\. Volume type in use/)
  assert.deepEqual((await volumes.ask('GET', `/volumes/${plain.id}/encryption`)).body, {
    encryption_key_id: null,
  })
})

test('a project has a default type of its own from 3.62 on', async () => {
  const type = await madeType()
  const path = `/default-types/${callers.demo.project?.id}`
  const set = (volume_type: string, project = path) =>
    admin('PUT', project, { default_type: { volume_type } })
  assert.match((await admin('GET', path)).body.itemNotFound.message, /^Default type for project .* not found/)
  assert.equal((await set('nobody')).status, 400)
  assert.match((await set(type.id, '/default-types/nobody')).body.itemNotFound.message, /^Project with id/)
  assert.equal((await volumes.ask('PUT', path, { body: { default_type: { volume_type: 'a' } } })).status, 403)
  const expected = { project_id: callers.demo.project?.id, volume_type_id: type.id }
  assert.deepEqual((await set(type.name)).body, { default_type: expected })
  assert.deepEqual((await admin('GET', '/default-types')).body, { default_types: [expected] })
  assert.equal((await volumes.volume()).volume_type_id, type.id)
  assert.equal((await volumes.ask('GET', '/types/default')).body.volume_type.id, type.id)
  const kept = await admin('DELETE', `/types/${type.id}`)
  assert.match(kept.body.badRequest.message, /is the default and cannot be deleted/)
  assert.equal((await admin('DELETE', path)).status, 204)
  assert.equal((await volumes.volume()).volume_type, '__DEFAULT__')
  assert.equal((await volumes.ask('GET', '/default-types', { as: 'admin', version: '3.61' })).status, 404)
})
