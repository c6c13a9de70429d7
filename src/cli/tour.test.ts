import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Answers, cannedCloud, cannedRequestId, runCli } from '../../test/support/cli.ts'

const directory = mkdtempSync(join(tmpdir(), 'faultline-tour-'))
after(() => rmSync(directory, { recursive: true }))

const id = '2a6513a3-9864-4f44-b27a-8554e4436f0d'
const image = 'a4249af3-1275-4441-9ff8-269997794e11'
const flavor = { original_name: 'm1.tiny', vcpus: 1, ram: 512, disk: 1 }
const server = {
  id,
  name: 'vm1',
  status: 'ACTIVE',
  'OS-EXT-STS:task_state': null,
  image: { id: image },
  flavor,
}
const events = [
  { event: 'cold_migrate', finish_time: 'x', result: 'Error', details: 'No valid host was found.' },
]
const resize = { action: 'resize', request_id: cannedRequestId, instance_uuid: id, message: 'Error' }

const story = (message: string | null): Answers => ({
  'GET /image/v2/images': { json: { images: [{ id: image, name: 'cirros' }] } },
  [`GET /image/v2/images/${image}`]: { json: { id: image, name: 'cirros' } },
  'GET /compute/v2.1/flavors/detail': {
    json: { flavors: ['m1.tiny', 'm1.small'].map((name, at) => ({ id: String(at + 1), name })) },
  },
  'POST /compute/v2.1/servers': {
    status: 202,
    json: { server: { id } },
    headers: { 'x-openstack-request-id': 'req-0' },
  },
  'GET /compute/v2.1/servers/detail': { json: { servers: [server] } },
  [`GET /compute/v2.1/servers/${id}`]: { json: { server } },
  [`POST /compute/v2.1/servers/${id}/action`]: { status: 202 },
  [`GET /compute/v2.1/servers/${id}/os-instance-actions`]: { json: { instanceActions: [resize] } },
  [`GET /compute/v2.1/servers/${id}/os-instance-actions/${cannedRequestId}`]: {
    json: { instanceAction: { ...resize, message, events: message === null ? [] : events } },
  },
})

async function tour(answers: Answers) {
  const cloud = await cannedCloud(answers)
  const cloudsFile = join(directory, 'clouds.yaml')
  const entry = (user: string) =>
    `{auth: {auth_url: '${cloud.url}/identity/v3', username: ${user}, password: x, project_name: demo}}`
  writeFileSync(cloudsFile, `clouds:\n  faultline: ${entry('demo')}\n  faultline-admin: ${entry('admin')}\n`)
  let closed = 0
  const startTemporaryCloud = async () => ({
    cloudsFile,
    async close() {
      closed++
      await cloud.close()
    },
  })
  const ran = await runCli(undefined, ['tour'], { startTemporaryCloud })
  return { ...ran, closed, asked: cloud.asked }
}

test('the tour runs the failing resize to its cause, ends with its trace, and cleans up', async () => {
  const ran = await tour(story('Error'))
  assert.equal(ran.exitCode, 0, ran.stderr)
  assert.ok(ran.stdout.includes('$ faultline server resize --flavor m1.small --wait vm1\n'))
  assert.match(ran.stderr, /resize of server vm1 failed: No valid host was found;/)
  assert.ok(
    ran.stdout.includes(`$ faultline --os-cloud faultline-admin server event show ${id} ${cannedRequestId}`),
  )
  assert.ok(
    ran.asked.some(asked => asked.text.includes('"name":"admin"')),
    'one step is an administrator’s',
  )
  assert.ok(ran.stdout.includes('"details": "No valid host was found."'))
  assert.ok(
    ran.stdout.includes(`$ faultline trace ${cannedRequestId}\n✗ FAILED  resize of vm1\n`),
    ran.stdout,
  )
  assert.equal(ran.closed, 1)
})

test('a cloud where the story goes otherwise ends the tour with an error, and still goes away', async () => {
  const answers = story(null)
  const ran = await tour({
    ...answers,
    [`GET /compute/v2.1/servers/${id}`]: { json: { server: { ...server, status: 'VERIFY_RESIZE' } } },
    'POST /compute/v2.1/servers': { status: 403, json: { forbidden: { message: 'Quota exceeded' } } },
  })
  assert.equal(ran.exitCode, 1)
  assert.match(ran.stderr, /the tour expected this command to end with 0, it ended with 1/)
  assert.equal(ran.closed, 1)
})
