import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Answers, cannedCloud, cannedRequestId, runCli } from '../../test/support/cli.ts'

const clouds: { close(): Promise<void> }[] = []
after(() => Promise.all(clouds.map(cloud => cloud.close())))
async function cloudWith(answers: Answers) {
  const cloud = await cannedCloud(answers)
  clouds.push(cloud)
  return cloud
}

const id = '2a6513a3-9864-4f44-b27a-8554e4436f0d'
const image = 'a4249af3-1275-4441-9ff8-269997794e11'
const state = (status: string, task: string | null = null, more: object = {}) => ({
  json: {
    server: {
      id,
      name: 'vm1',
      status,
      'OS-EXT-STS:task_state': task,
      image: { id: image },
      flavor: { original_name: 'm1.tiny', vcpus: 1, ram: 512, disk: 1, ephemeral: 0, swap: 0 },
      ...more,
    },
  },
})
const action = (body: object) => ({
  json: { instanceAction: { action: 'resize', request_id: cannedRequestId, ...body } },
})
const found = {
  'GET /compute/v2.1/servers/detail': { json: { servers: [{ id, name: 'vm1' }] } },
  'GET /compute/v2.1/flavors/1': { json: { flavor: { id: '1', name: 'm1.tiny' } } },
  'GET /compute/v2.1/flavors/2': { json: { flavor: { id: '2', name: 'm1.small' } } },
  [`GET /image/v2/images/${image}`]: { json: { id: image, name: 'cirros' } },
}
const create = ['server', 'create', '--flavor', '1', '--image', image, '--wait', 'vm1']
const resize = ['server', 'resize', '--flavor', '2', '--wait', 'vm1']
const actions = `GET /compute/v2.1/servers/${id}/os-instance-actions/${cannedRequestId}`
const created = { status: 202, json: { server: { id, adminPass: 'x' } } }

test('create --wait polls quickly at first, says what changes on stderr, and prints the server', async () => {
  const cloud = await cloudWith({
    ...found,
    'POST /compute/v2.1/servers': created,
    [`GET /compute/v2.1/servers/${id}`]: [
      state('BUILD', 'scheduling'),
      state('BUILD', 'spawning'),
      state('BUILD', 'spawning'),
      state('ACTIVE'),
    ],
  })
  const ran = await runCli(cloud, create)
  assert.equal(ran.exitCode, 0, ran.stderr)
  assert.equal(ran.stderr, 'vm1: BUILD, scheduling, 0.0 s\nvm1: BUILD, spawning, 0.1 s\nvm1: ACTIVE, 0.5 s\n')
  assert.deepEqual(ran.sleeps.slice(0, 3), [100, 150, 225])
  assert.match(ran.stdout, /\| flavor +\| m1\.tiny \(1 vCPU, 512 MB RAM, 1 GB disk\) +\|/)
  assert.match(ran.stdout, /\| image +\| cirros \(a4249af3-/)
})

test('pauses between polls grow to two seconds and no further', async () => {
  const cloud = await cloudWith({
    ...found,
    'POST /compute/v2.1/servers': created,
    [`GET /compute/v2.1/servers/${id}`]: [...Array(15).fill(state('BUILD')), state('ACTIVE')],
  })
  const ran = await runCli(cloud, create)
  assert.equal(Math.max(...ran.sleeps), 2000)
})

test('on a terminal the progress is one line, rewritten, and gone at the end', async () => {
  const cloud = await cloudWith({
    ...found,
    'POST /compute/v2.1/servers': created,
    [`GET /compute/v2.1/servers/${id}`]: [state('BUILD'), state('ACTIVE')],
  })
  const ran = await runCli(cloud, create, { tty: true })
  assert.ok(!ran.stderr.includes('\n'))
  assert.ok(ran.stderr.endsWith('\r\u001b[K'))
})

test('create --wait of a server that ends in ERROR exits 1 with its fault', async () => {
  const cloud = await cloudWith({
    ...found,
    'POST /compute/v2.1/servers': created,
    [`GET /compute/v2.1/servers/${id}`]: [
      state('BUILD'),
      state('ERROR', null, {
        fault: { code: 500, created: '2026-11-23T09:32:19Z', message: 'No valid host was found. ' },
      }),
    ],
  })
  const ran = await runCli(cloud, create)
  assert.equal(ran.exitCode, 1)
  assert.equal(ran.stdout, '')
  assert.match(
    ran.stderr,
    /faultline: the last action of server vm1 failed: No valid host was found \(fault 500, 2026-11-23T09:32:19Z\); the server is in ERROR \(Request-ID: req-/,
  )
  assert.match(
    ran.stderr,
    new RegExp(`see its steps with: faultline server event show ${id} ${cannedRequestId}`),
  )
})

test('resize --wait that found no host says why from the record of the action, and exits 1', async () => {
  const cloud = await cloudWith({
    ...found,
    [`POST /compute/v2.1/servers/${id}/action`]: { status: 202 },
    [`GET /compute/v2.1/servers/${id}`]: [state('RESIZE', 'resize_prep'), state('ACTIVE')],
    [actions]: [
      action({ message: null, events: [{ event: 'cold_migrate', finish_time: null, result: null }] }),
      action({
        message: 'Error',
        events: [
          {
            event: 'cold_migrate',
            finish_time: 'x',
            result: 'Error',
            details: 'No valid host was found. 1 of 1 hosts refused.',
          },
          { event: 'conductor_migrate_server', finish_time: 'x', result: 'Error', details: null },
        ],
      }),
    ],
  })
  const ran = await runCli(cloud, resize)
  assert.equal(ran.exitCode, 1)
  assert.equal(ran.stdout, '')
  assert.ok(
    ran.stderr.includes(
      `faultline: resize of server vm1 failed: No valid host was found. 1 of 1 hosts refused; the server is ACTIVE as before (Request-ID: ${cannedRequestId})\n`,
    ),
    ran.stderr,
  )
})

test('an owner who may not see details is told the step that failed', async () => {
  const cloud = await cloudWith({
    ...found,
    [`POST /compute/v2.1/servers/${id}/action`]: { status: 202 },
    [`GET /compute/v2.1/servers/${id}`]: state('ACTIVE'),
    [actions]: action({
      message: 'Error',
      events: [
        { event: 'cold_migrate', finish_time: 'x', result: 'Error' },
        { event: 'conductor_migrate_server', finish_time: 'x', result: 'Error' },
      ],
    }),
  })
  const ran = await runCli(cloud, resize)
  assert.equal(ran.exitCode, 1)
  assert.match(ran.stderr, /step conductor_migrate_server ended in Error/)
})

test('resize --wait without a record still notices that the size is the old one', async () => {
  const cloud = await cloudWith({
    ...found,
    [`POST /compute/v2.1/servers/${id}/action`]: { status: 202 },
    [`GET /compute/v2.1/servers/${id}`]: state('ACTIVE'),
  })
  const ran = await runCli(cloud, resize)
  assert.equal(ran.exitCode, 1)
  assert.match(ran.stderr, /resize of server vm1 did not happen: it is ACTIVE with its old flavor/)
})

test('resize --wait is complete at VERIFY_RESIZE, or ACTIVE with the new size where that is confirmed by itself', async () => {
  for (const end of [
    state('VERIFY_RESIZE'),
    state('ACTIVE', null, { flavor: { original_name: 'm1.small' } }),
  ]) {
    const cloud = await cloudWith({
      ...found,
      [`POST /compute/v2.1/servers/${id}/action`]: { status: 202 },
      [`GET /compute/v2.1/servers/${id}`]: [state('RESIZE', 'resize_migrating'), end],
      [actions]: action({ message: null, events: [{ event: 'x', finish_time: 'x', result: 'Success' }] }),
    })
    const ran = await runCli(cloud, resize)
    assert.deepEqual([ran.exitCode, ran.stdout], [0, 'Complete\n'])
  }
})

test('delete --wait is over when the server is gone', async () => {
  const cloud = await cloudWith({
    ...found,
    [`DELETE /compute/v2.1/servers/${id}`]: { status: 204 },
    [`GET /compute/v2.1/servers/${id}`]: [state('ACTIVE', 'deleting'), { status: 404, json: {} }],
  })
  const ran = await runCli(cloud, ['server', 'delete', '--wait', 'vm1'])
  assert.equal(ran.exitCode, 0, ran.stderr)
})

test('stop --wait of a server that stays ACTIVE is a failure', async () => {
  const cloud = await cloudWith({
    ...found,
    [`POST /compute/v2.1/servers/${id}/action`]: { status: 202 },
    [`GET /compute/v2.1/servers/${id}`]: state('ACTIVE'),
  })
  const ran = await runCli(cloud, ['server', 'stop', '--wait', 'vm1'])
  assert.equal(ran.exitCode, 1)
  assert.match(ran.stderr, /ended in ACTIVE, not in SHUTOFF/)
})

test('resize confirm --wait goes on while the server is in VERIFY_RESIZE without a task, unless the record says it failed', async () => {
  const answers = (record: Answers[string]): Answers => ({
    ...found,
    [`POST /compute/v2.1/servers/${id}/action`]: { status: 202 },
    [actions]: record,
  })
  const open = action({ message: null, events: [] })
  const well = await cloudWith({
    ...answers(open),
    [`GET /compute/v2.1/servers/${id}`]: [state('VERIFY_RESIZE'), state('VERIFY_RESIZE'), state('ACTIVE')],
  })
  const done = await runCli(well, ['server', 'resize', 'confirm', '--wait', 'vm1'])
  assert.deepEqual([done.exitCode, done.stdout], [0, 'Complete\n'])
  const ill = await cloudWith({
    ...answers([open, action({ action: 'confirmResize', message: 'Error', events: [] })]),
    [`GET /compute/v2.1/servers/${id}`]: state('VERIFY_RESIZE'),
  })
  const failed = await runCli(ill, ['server', 'resize', 'confirm', '--wait', 'vm1'])
  assert.equal(failed.exitCode, 1)
  assert.match(failed.stderr, /confirmResize of server vm1 failed; the server is VERIFY_RESIZE as before/)
})
