// Instance actions against what a real Nova answered: the same rows in our database, the same requests, the same bodies.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parseIso } from '../../src/base/time.ts'
import type { Auth } from '../../src/platform/http/auth.ts'
import { addServer, startComputeApi } from '../support/compute-api.ts'
import { callers } from '../support/one-service.ts'

interface Event {
  readonly event: string
  readonly start_time: string
  readonly finish_time: string
  readonly result: 'Success' | 'Error'
  readonly traceback: string
  readonly host: string
  readonly details: string
}
interface Action {
  readonly action: string
  readonly request_id: string
  readonly user_id: string
  readonly project_id: string
  readonly start_time: string
  readonly updated_at: string
  readonly message: string | null
  readonly events?: readonly Event[]
}
interface Recording {
  readonly server: string
  readonly pairs: readonly (readonly [
    as: 'demo' | 'admin' | 'other',
    path: string,
    version: string | null,
    status: number,
    body: number,
  ])[]
  readonly bodies: readonly Record<string, unknown>[]
}

const recording = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/recorded-http/instance-actions.json'), 'utf8'),
) as Recording

const bodyOf = (as: string, version: string, isShow: boolean) => {
  const pair = recording.pairs.find(
    ([caller, path, at]) => caller === as && at === version && path.includes('/req-') === isShow,
  )
  assert.ok(pair)
  return recording.bodies[pair[4]]!
}
const actions = bodyOf('admin', 'compute 2.93', false).instanceActions as readonly Action[]
const shown = bodyOf('admin', 'compute 2.93', true).instanceAction as Action
const { user_id, project_id } = actions[0]!

const onProject = (auth: Auth, id: string): Auth => ({ ...auth, project: { ...auth.project!, id } })
const people: Readonly<Record<string, Auth>> = {
  demo: { ...onProject(callers.demo, project_id), userId: user_id },
  other: callers.other,
  admin: callers.admin,
}

const api = await startComputeApi({ tokens: { check: token => people[token] ?? null } })
after(() => api.close())

const at = (text: string) => parseIso(text)!
const ownersWords = 'No valid host was found: 1 of 1 host is too small.'
await addServer(api, { id: recording.server, user_id, project_id })
for (const [index, action] of actions.toReversed().entries())
  await api.db
    .insertInto('instance_actions')
    .values({
      id: action.request_id,
      seq: index + 1,
      server_id: recording.server,
      action: action.action,
      request_id: action.request_id,
      user_id: action.user_id,
      project_id: action.project_id,
      start_time: at(action.start_time),
      finish_time: null,
      message: action.message,
      updated_at: at(action.updated_at),
    })
    .execute()
for (const [index, event] of shown.events!.toReversed().entries())
  await api.db
    .insertInto('instance_action_events')
    .values({
      id: `event-${index}`,
      seq: index + 1,
      action_id: shown.request_id,
      event: event.event,
      start_time: at(event.start_time),
      finish_time: at(event.finish_time),
      result: event.result,
      traceback: event.traceback,
      details: event.details,
      owner_details: ownersWords,
      host: event.host,
    })
    .execute()

/** Where we differ on purpose: docs/differences.md. */
function expected(as: string, version: string | null, body: Record<string, unknown>): unknown {
  const text = JSON.stringify(body).replaceAll('http://127.0.0.1:8774/v2.1', `${api.origin}/compute/v2.1`)
  const wanted = JSON.parse(text) as { instanceAction?: Action; badRequest?: { message: string } }
  // Nova prints the marker it did not find, not the one it was asked for.
  if (wanted.badRequest?.message === 'Marker None could not be found.')
    wanted.badRequest.message = 'Marker req-nope could not be found.'
  const tellsOwners = /latest|2\.(8[4-9]|9\d)/.test(version ?? '')
  if (as === 'demo' && tellsOwners && wanted.instanceAction)
    return {
      instanceAction: {
        ...wanted.instanceAction,
        events: wanted.instanceAction.events!.map(event => ({ ...event, details: ownersWords })),
      },
    }
  return wanted
}

for (const [as, path, version, status, body] of recording.pairs)
  test(`${as} ${path.replace(/.*os-instance-actions/, '…')} ${version ?? 'without a version'}`, async () => {
    const answer = await api.api('GET', path, {
      as: as as 'demo',
      headers: version === null ? {} : { 'openstack-api-version': version },
    })
    assert.equal(answer.status, status)
    assert.deepEqual(answer.body, expected(as, version, recording.bodies[body]!))
  })

test('owners read the reason in details, without the names of hosts; readers of the project too', async () => {
  const path = `/servers/${recording.server}/os-instance-actions/${shown.request_id}`
  const owner = await api.api('GET', path, { at: '2.84' })
  assert.deepEqual(
    owner.body.instanceAction.events.map((event: Record<string, unknown>) => [event.details, event.host]),
    [
      [ownersWords, undefined],
      [ownersWords, undefined],
    ],
  )
})
