// What was done to servers: their actions, and events of these.

import type { Account } from '../../../support/cloud.ts'
import { type Changes, read, type SampleRow } from '../rows.ts'
import type { Stage } from '../stage.ts'
import { server } from '../states.ts'

/** A server that was created and stopped, the path of its actions, and the stop among them. */
const history = (stage: Stage, as: Account, isDeleted: boolean) =>
  stage.once(`history ${as} ${isDeleted}`, async () => {
    const id = await server(stage, {}, as)
    const path = `/servers/${id}/os-instance-actions`
    await stage.act(id, { 'os-stop': null }, { as })
    const { instanceActions } = await stage.ask('GET', path)
    if (isDeleted) await stage.ask('DELETE', `/servers/${id}`, { as })
    return { path, stop: instanceActions[0].request_id as string }
  })

/** From 2.21 on, a deleted server's. */
const list =
  (query = '') =>
  async (stage: Stage, minor: number) =>
    (await history(stage, 'admin', minor >= 21)).path + query
const one = (as: Account) => async (stage: Stage, minor: number) => {
  const { path, stop } = await history(stage, as, as === 'admin' && minor >= 21)
  return `${path}/${stop}`
}
const near = (offsetMs: number) => `${new Date(Date.now() + offsetMs).toISOString().slice(0, 19)}Z`

// biome-ignore lint/suspicious/noExplicitAny: a sample's action
type Shown = any
const events =
  (more: object) =>
  ({ instanceAction }: Shown): Shown => ({
    instanceAction: {
      ...instanceAction,
      events: instanceAction.events.map((event: object) => ({ ...event, ...more })),
    },
  })
const host = { host: 'compute', hostId: '2091634baaccdc4c5a1d57069c833e402921df696b7f970791b12ec6' }
const ofAdmin: Changes = { 62: events(host), 84: events({ details: null }) }
// Owners are told why, which Nova does not do (docs/differences.md).
const ofUser: Changes = { 62: events({ hostId: host.hostId }), 84: events({ details: null }) }

export const historyRows: readonly SampleRow[] = [
  read('os-instance-actions/instance-actions-list-resp', list()),
  read('os-instance-actions/instance-actions-list-with-limit-resp', list('?limit=1')),
  read('os-instance-actions/instance-actions-list-with-marker-resp', async stage => {
    const { path, stop } = await history(stage, 'admin', true)
    return `${path}?marker=${stop}`
  }),
  read(
    'os-instance-actions/instance-actions-list-with-changes-since',
    list(`?changes-since=${near(-3_600_000)}`),
  ),
  read(
    'os-instance-actions/instance-actions-list-with-changes-before',
    list(`?changes-before=${near(3_600_000)}`),
  ),
  read('os-instance-actions/instance-action-get-resp', one('admin'), { changes: ofAdmin }),
  read('os-instance-actions/instance-action-get-non-admin-resp', one('demo'), {
    as: 'demo',
    changes: ofUser,
  }),
]
