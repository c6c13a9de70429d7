// Servers: what is shown of them, how they are created, changed and rebuilt.

import type { Account } from '../../../support/cloud.ts'
import { act, type ByVersion, read, type SampleRow, send } from '../rows.ts'
import type { Stage } from '../stage.ts'
import * as states from '../states.ts'
import { beforeOfServer, beforeOfServers, changesOfServer, changesOfServers } from './server-changes.ts'

/** No volume is attached to them. */
export const noVolumes = ['os-extended-volumes:volumes_attached']

// The newer samples are what users see.
const asShown: ByVersion<Account> = { 1: 'admin', 90: 'demo' }
const isUsers = (minor: number) => minor >= 90
const looked = (stage: Stage, minor: number) => states.full(stage, isUsers(minor) ? 'demo' : 'admin')
const path =
  (below = '') =>
  async (stage: Stage, minor: number) =>
    `/servers/${await looked(stage, minor)}${below}`
/** A page of one, where the samples show its link. */
const listed = (below: string) => async (stage: Stage, minor: number) => {
  await looked(stage, minor)
  return `/servers${below}${minor >= 73 && minor < 90 && below !== '' ? '' : '?limit=1'}`
}
const shown = { as: asShown, lacks: noVolumes } as const
const wasThere = async (stage: Stage, query: string) => {
  await states.full(stage, 'admin')
  return `${query}${new Date(Date.now() + 60_000).toISOString().slice(0, 19)}Z`
}

const fresh = (stage: Stage, minor: number) => states.server(stage, {}, isUsers(minor) ? 'demo' : 'admin')
const freshPath = async (stage: Stage, minor: number) => `/servers/${await fresh(stage, minor)}`
const create = { response: 'servers/server-create-resp', status: 202, as: asShown } as const
const onHost = async (stage: Stage) => ({
  host: 'host-1',
  hypervisor_hostname: await states.nodeOf(stage, 'host-1'),
})

// biome-ignore lint/suspicious/noExplicitAny: a sample's request
type Body = any
// Two samples of later versions carry what these no longer take, and name no network.
const asTaken = (body: Body, _: Stage, minor: number): Body => {
  const { personality, ...server } = body.server
  return minor < 90 ? body : { ...body, server: { networks: 'auto', ...server } }
}
const withNetworks = (body: Body, _: Stage, minor: number): Body =>
  minor < 37 ? body : { server: { networks: 'auto', ...body.server } }

export const serverRows: readonly SampleRow[] = [
  read('servers/server-get-resp', path(), {
    ...shown,
    since: 1,
    changes: changesOfServer,
    before: beforeOfServer,
  }),
  read('servers/servers-details-resp', listed('/detail'), {
    ...shown,
    since: 1,
    changes: changesOfServers,
    before: beforeOfServers,
  }),
  read('servers/servers-list-resp', listed(''), { as: asShown, since: 1 }),
  read(
    'servers/servers-details-with-changes-before',
    stage => wasThere(stage, '/servers/detail?changes-before='),
    {
      lacks: noVolumes,
      until: 72,
    },
  ),
  read('servers/servers-list-with-changes-before', stage => wasThere(stage, '/servers?changes-before=')),
  read('servers-sort/server-sort-keys-list-resp', async stage => {
    await states.standing(stage)
    return '/servers?sort_key=display_name&sort_dir=asc'
  }),
  read(
    'os-server-tags/server-tags-show-details-resp',
    async stage => `/servers/${await states.full(stage, 'demo')}`,
    {
      as: 'demo',
      until: 46,
      lacks: noVolumes,
    },
  ),
  read(
    'os-server-tags/servers-tags-details-resp',
    async stage => {
      await states.full(stage, 'demo')
      return '/servers/detail?tags=tag1'
    },
    { as: 'demo', until: 46, lacks: noVolumes },
  ),
  read('os-rescue/server-get-resp-rescue', async stage => `/servers/${await states.rescuedOfDemo(stage)}`, {
    as: 'demo',
    until: 46,
    changes: changesOfServer,
  }),
  read(
    'os-rescue/server-get-resp-unrescue',
    async stage => `/servers/${await states.unrescuedOfDemo(stage)}`,
    {
      as: 'demo',
      until: 46,
      changes: changesOfServer,
    },
  ),

  send('POST', 'servers/server-create-req', '/servers', { ...create, not: [67], mend: asTaken }),
  send('POST', 'servers/server-create-req', '/servers', {
    ...create,
    variant: 'as the sample is',
    since: 90,
    until: 99,
    status: 400,
  }),
  send(
    'POST',
    'servers/server-create-req',
    async stage => {
      await states.namedType(stage)
      return '/servers'
    },
    { ...create, variant: 'from a volume', since: 67, not: [69, 71, 73, 90, 94, 100] },
  ),
  ...['host', 'node', 'host-and-node'].map(name =>
    send(
      'POST',
      `servers/server-create-req-with-${name === 'host-and-node' ? name : `only-${name}`}`,
      '/servers',
      {
        ...create,
        as: 'admin',
        put: onHost,
      },
    ),
  ),
  send('POST', 'os-multiple-create/multiple-create-post-req', '/servers', {
    response: 'os-multiple-create/multiple-create-post-resp',
    status: 202,
    mend: withNetworks,
  }),
  send('POST', 'os-multiple-create/multiple-create-no-resv-post-req', '/servers', {
    response: 'os-multiple-create/multiple-create-no-resv-post-resp',
    status: 202,
    mend: withNetworks,
  }),

  send('PUT', 'servers/server-put-req', freshPath, {
    response: 'servers/server-put-resp',
    until: 46,
    changes: changesOfServer,
  }),
  send('PUT', 'servers/server-update-req', freshPath, {
    response: 'servers/server-update-resp',
    as: asShown,
    lacks: [...noVolumes, 'server_groups', 'tags'],
    changes: changesOfServer,
  }),
  act('servers/server-action-rebuild', fresh, {
    response: 'servers/server-action-rebuild-resp',
    as: asShown,
    lacks: [...noVolumes, 'server_groups', 'tags'],
    changes: changesOfServer,
  }),
]
