// Which states each action is taken in, and what is said in all others (facts: api-surface.md §3). The rows are written
// out here and not read from the program's own table: that one is what is tested.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { TaskState, VmState } from '../../../src/model/server-states.ts'
import { vmStates } from '../../../src/model/server-states.ts'
import { type Account, startTestCloud } from '../../support/cloud.ts'

interface Row {
  readonly body?: unknown
  /** Where it is sent, below the server; `action` if not said. */
  readonly via?: readonly [method: string, path: string]
  /** The action as a conflict names it. */
  readonly name: string
  readonly vm: readonly VmState[] | 'any'
  /** task_states it is taken in besides none; 'any' for all. */
  readonly tasks: readonly TaskState[] | 'any'
  /** Whom a lock stops: owners, or nobody. */
  readonly lock: boolean
  readonly as?: Account
  /** Refused for another reason where its state is right: what is said then. */
  readonly otherwise?: { readonly status: number; readonly message: string | RegExp }
}

const cloud = await startTestCloud({ hosts: 2 })
after(() => cloud.close())

const usual = { tasks: [], lock: true } as const
const notResized = { status: 400, message: 'Instance has not been resized.' }
const hardTasks: readonly TaskState[] = [
  'rebooting',
  'reboot_pending',
  'reboot_started',
  'resuming',
  'rebooting_hard',
  'unpausing',
  'pausing',
  'suspending',
]

const rows: readonly Row[] = [
  { ...usual, body: { 'os-start': null }, name: 'os-start', vm: ['stopped'] },
  { ...usual, body: { 'os-stop': null }, name: 'os-stop', vm: ['active', 'error'] },
  { ...usual, body: { reboot: { type: 'SOFT' } }, name: 'reboot', vm: ['active'] },
  {
    ...usual,
    body: { reboot: { type: 'HARD' } },
    name: 'reboot',
    vm: ['active', 'stopped', 'paused', 'suspended', 'error'],
    tasks: hardTasks,
  },
  { ...usual, body: { pause: null }, name: 'pause', vm: ['active'] },
  { ...usual, body: { unpause: null }, name: 'unpause', vm: ['paused'] },
  { ...usual, body: { suspend: null }, name: 'suspend', vm: ['active'] },
  { ...usual, body: { resume: null }, name: 'resume', vm: ['suspended'] },
  { ...usual, body: { rescue: null }, name: 'rescue', vm: ['active', 'stopped', 'error'] },
  { ...usual, body: { unrescue: null }, name: 'unrescue', vm: ['rescued'] },
  { ...usual, body: { resize: { flavorRef: '2' } }, name: 'resize', vm: ['active', 'stopped'] },
  { ...usual, body: { migrate: null }, name: 'migrate', vm: ['active', 'stopped'], as: 'admin', lock: false },
  {
    ...usual,
    body: { 'os-migrateLive': { host: null, block_migration: 'auto' } },
    name: 'os-migrateLive',
    vm: ['active', 'paused'],
    as: 'admin',
    lock: false,
  },
  { ...usual, body: { confirmResize: null }, name: 'confirmResize', vm: ['resized'], otherwise: notResized },
  { ...usual, body: { revertResize: null }, name: 'revertResize', vm: ['resized'], otherwise: notResized },
  {
    ...usual,
    body: { rebuild: { imageRef: cloud.imageId } },
    name: 'rebuild',
    vm: ['active', 'stopped', 'error'],
  },
  { ...usual, body: { shelve: null }, name: 'shelve', vm: ['active', 'stopped', 'paused', 'suspended'] },
  {
    ...usual,
    body: { shelveOffload: null },
    name: 'shelveOffload',
    vm: ['shelved'],
    as: 'admin',
    lock: false,
  },
  { ...usual, body: { unshelve: null }, name: 'unshelve', vm: ['shelved', 'shelved_offloaded'] },
  {
    ...usual,
    body: { createImage: { name: 'kept' } },
    name: 'createImage',
    vm: ['active', 'stopped', 'paused', 'suspended'],
    lock: false,
  },
  {
    ...usual,
    body: { createBackup: { name: 'kept', backup_type: 'daily', rotation: 0 } },
    name: 'createBackup',
    vm: ['active', 'stopped', 'paused', 'suspended'],
    lock: false,
  },
  {
    ...usual,
    body: { trigger_crash_dump: null },
    name: 'trigger_crash_dump',
    vm: ['active', 'paused', 'rescued', 'resized', 'error'],
  },
  { ...usual, body: { changePassword: { adminPass: 'x' } }, name: 'changePassword', vm: ['active'] },
  { ...usual, body: { restore: null }, name: 'restore', vm: ['soft-delete'], lock: false },
  {
    ...usual,
    body: { interfaceAttachment: {} },
    via: ['POST', 'os-interface'],
    name: 'attach_interface',
    vm: ['active', 'paused', 'stopped'],
  },
  {
    ...usual,
    via: ['DELETE', 'os-interface/8f9c5e0a-3b0c-4a9e-9d9a-0a6f1f6e7a11'],
    name: 'detach_interface',
    vm: ['active', 'paused', 'stopped'],
  },
  { ...usual, body: { lock: null }, name: 'lock', vm: 'any', tasks: 'any', lock: false },
  { ...usual, body: { unlock: null }, name: 'unlock', vm: 'any', tasks: 'any', lock: false },
  {
    ...usual,
    body: { 'os-resetState': { state: 'active' } },
    name: 'os-resetState',
    vm: 'any',
    tasks: 'any',
    lock: false,
    as: 'admin',
  },
  {
    ...usual,
    body: { 'os-getConsoleOutput': {} },
    name: 'os-getConsoleOutput',
    vm: 'any',
    tasks: 'any',
    lock: false,
  },
]

const titleOf = ({ body, name }: Row) =>
  body === undefined ? name : JSON.stringify(body).replaceAll(cloud.imageId, 'IMAGE')

/** Puts a server into states no action led it into; its machine and its host stay. */
const force = (id: string, patch: Record<string, unknown>) =>
  cloud.cloud.store.db.updateTable('servers').set(patch).where('id', '=', id).execute()

const ask = (id: string, row: Row, as: Account = row.as ?? 'demo') =>
  cloud.ask(row.via?.[0] ?? 'POST', `/servers/${id}/${row.via?.[1] ?? 'action'}`, { as, body: row.body })

const messageOf = (body: { readonly [key: string]: { readonly message: string } }) =>
  Object.values(body)[0]?.message

const live = vmStates.filter(state => state !== 'deleted')
const busy: readonly TaskState[] = ['powering-off', 'resize_prep', 'image_snapshot', ...hardTasks]

for (const row of rows) {
  test(`${titleOf(row)} is taken in its vm_states and refused in all others`, async () => {
    for (const vmState of live) {
      const server = await cloud.server()
      await force(server.id, { vm_state: vmState })
      const answer = await ask(server.id, row)
      await cloud.settled()
      if (row.vm !== 'any' && !row.vm.includes(vmState))
        assert.deepEqual(
          [answer.status, answer.body],
          [
            409,
            {
              conflictingRequest: {
                code: 409,
                message: `Cannot '${row.name}' instance ${server.id} while it is in vm_state ${vmState}`,
              },
            },
          ],
        )
      else if (row.otherwise)
        assert.deepEqual(
          [answer.status, messageOf(answer.body)],
          [row.otherwise.status, row.otherwise.message],
        )
      else assert.ok(answer.status < 300, `${vmState}: ${answer.status} ${answer.text}`)
      await cloud.ask('POST', `/servers/${server.id}/action`, { body: { forceDelete: null }, as: 'admin' })
    }
    await cloud.settled()
  })

  test(`${titleOf(row)} is refused while something else is going on`, async () => {
    const server = await cloud.server()
    const { tasks } = row
    if (tasks === 'any') {
      await force(server.id, { task_state: 'powering-off' })
      assert.ok((await ask(server.id, row)).status < 300)
    } else
      for (const task of busy.filter(name => !tasks.includes(name))) {
        const vmState = row.vm[0]
        await force(server.id, { vm_state: vmState, task_state: task })
        const answer = await ask(server.id, row)
        assert.deepEqual(
          [answer.status, messageOf(answer.body)],
          [409, `Cannot '${row.name}' instance ${server.id} while it is in task_state ${task}`],
        )
      }
    for (const task of tasks === 'any' ? [] : tasks) {
      await force(server.id, { vm_state: row.vm[0], task_state: task })
      assert.ok((await ask(server.id, row)).status < 300, task)
      await cloud.settled()
    }
    await cloud.ask('POST', `/servers/${server.id}/action`, { body: { forceDelete: null }, as: 'admin' })
    await cloud.settled()
  })

  if (row.lock)
    test(`${titleOf(row)} is refused to the owner of a locked server, before its state is looked at`, async () => {
      const server = await cloud.server()
      await cloud.act(server, { lock: null })
      await force(server.id, { vm_state: 'rescued' })
      const answer = await ask(server.id, row)
      assert.deepEqual([answer.status, messageOf(answer.body)], [409, `Instance ${server.id} is locked`])
      // An administrator passes the lock, and then meets the state.
      const admin = await ask(server.id, row, 'admin')
      assert.notEqual(messageOf(admin.body ?? {}), `Instance ${server.id} is locked`)
      await cloud.settled()
      await cloud.ask('POST', `/servers/${server.id}/action`, { body: { forceDelete: null }, as: 'admin' })
      await cloud.settled()
    })
}

test('a server that was never started is refused what needs it to have been', async () => {
  const server = await cloud.server()
  await force(server.id, { launched_at: null })
  for (const row of rows.filter(({ vm }) => vm !== 'any')) {
    await force(server.id, { vm_state: row.vm[0] })
    const answer = await ask(server.id, row)
    assert.deepEqual(
      [answer.status, messageOf(answer.body)],
      [409, `Instance ${server.id} is in an invalid state for '${row.name}'`],
    )
  }
})

test('nobody may act on a server of another project, or on none', async () => {
  const body = { server: { name: 'theirs', flavorRef: '1', imageRef: cloud.imageId, networks: 'none' } }
  const made = await cloud.ask('POST', '/servers', { as: 'admin', body })
  await cloud.settled()
  for (const id of [made.body.server.id, '00000000-0000-0000-0000-000000000000'])
    for (const row of rows) {
      const answer = await ask(id, row, 'demo')
      assert.deepEqual(
        [answer.status, messageOf(answer.body)],
        [404, `Instance ${id} could not be found.`],
        titleOf(row),
      )
    }
})

test("what is an administrator's to do is refused to others", async () => {
  const server = await cloud.server()
  for (const row of rows.filter(({ as }) => as === 'admin')) {
    const answer = await ask(server.id, row, 'demo')
    assert.equal(answer.status, 403, titleOf(row))
    assert.match(messageOf(answer.body) ?? '', /^Policy doesn't allow os_compute_api:\S+ to be performed\.$/)
  }
})
