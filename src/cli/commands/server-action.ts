// `server start|stop|…`: actions that need a server and little else. One table row is one command.
import { find, findId } from '../find.ts'
import { asItem, type Item, textOf } from '../item.ts'
import { type ActRow, act, type Call, forEach, option, pairs, type ShowRow, show } from '../row.ts'
import { serverFields } from '../server-view.ts'
import type { Reply } from '../session/http.ts'
import { finish } from '../wait.ts'

export interface Acted {
  readonly id: string
  readonly name: string
  readonly server: Item
  readonly reply: Reply
}

/** Finds the server and posts the action. */
export async function actOn(call: Call, reference: string, body: unknown): Promise<Acted> {
  const server = await find(call.cloud, 'server', reference)
  const id = textOf(server, 'id')
  const reply = await call.cloud.compute.post(`/servers/${id}/action`, body)
  return { id, name: textOf(server, 'name') || id, server, reply }
}

export const waitOption = option('--wait', 'wait until it is done; exit 1 and say why when it fails')

interface SimpleRow {
  readonly word: string
  /** The action's key in the body; its value is null. */
  readonly action: string
  readonly help: string
  /** Statuses it ends in. Left out: it changes nothing that could be waited for. */
  readonly expected?: readonly string[]
}

const simple: readonly SimpleRow[] = [
  { word: 'start', action: 'os-start', help: 'start servers', expected: ['ACTIVE'] },
  { word: 'stop', action: 'os-stop', help: 'stop servers', expected: ['SHUTOFF'] },
  { word: 'pause', action: 'pause', help: 'pause servers: they stay in memory', expected: ['PAUSED'] },
  { word: 'unpause', action: 'unpause', help: 'let paused servers run', expected: ['ACTIVE'] },
  { word: 'suspend', action: 'suspend', help: 'suspend servers to disk', expected: ['SUSPENDED'] },
  { word: 'resume', action: 'resume', help: 'resume suspended servers', expected: ['ACTIVE'] },
  { word: 'unrescue', action: 'unrescue', help: 'leave rescue mode', expected: ['ACTIVE'] },
  { word: 'unlock', action: 'unlock', help: 'unlock servers' },
]

const simpleRows: readonly ActRow[] = simple.map(row =>
  act({
    words: `server ${row.word}`,
    arguments: '<server...>',
    help: row.help,
    options: row.expected ? [waitOption] : [],
    examples: [`server ${row.word} vm1`, ...(row.expected ? [`server ${row.word} --wait vm1 vm2`] : [])] as [
      string,
    ], // at least one
    run: call =>
      forEach(call, call.arguments('server'), async reference => {
        const acted = await actOn(call, reference, { [row.action]: null })
        if (row.expected && call.flag('wait')) await finish(call, acted, acted.reply, row.expected)
      }),
  }),
)

export const serverActionRows: readonly (ActRow | ShowRow)[] = [
  ...simpleRows,
  act({
    words: 'server lock',
    arguments: '<server...>',
    help: 'lock servers: only administrators may act on them',
    options: [option('--reason <text>', 'why (compute 2.73)')],
    examples: ['server lock vm1', 'server lock --reason "billing" vm1'],
    run: call =>
      forEach(call, call.arguments('server'), async reference => {
        const reason = call.text('reason')
        await actOn(call, reference, { lock: reason === undefined ? null : { locked_reason: reason } })
      }),
  }),
  act({
    words: 'server reboot',
    arguments: '<server>',
    help: 'reboot a server',
    options: [
      option('--hard', 'as by the power switch', { conflicts: ['soft'] }),
      option('--soft', 'as by the operating system (the default)'),
      waitOption,
    ],
    examples: ['server reboot vm1', 'server reboot --hard --wait vm1'],
    run: async call => {
      const type = call.flag('hard') ? 'HARD' : 'SOFT'
      const acted = await actOn(call, call.argument('server'), { reboot: { type } })
      if (call.flag('wait')) await complete(call, acted, ['ACTIVE'])
    },
  }),
  show({
    words: 'server rebuild',
    arguments: '<server>',
    help: "write a server's disk anew",
    options: [
      option('--image <image>', 'from this image (name or ID; default: its own)'),
      option('--name <name>', 'new name'),
      option('--password <text>', "the administrator's password inside"),
      option('--description <text>', 'new description'),
      option('--property <key=value>', 'new metadata; repeatable', { many: true }),
      option('--key-name <keypair>', 'SSH key to put in'),
      option('--preserve-ephemeral', 'keep the ephemeral disk'),
      waitOption,
    ],
    examples: ['server rebuild vm1', 'server rebuild --image cirros --wait vm1'],
    run: rebuild,
  }),
  act({
    words: 'server rescue',
    arguments: '<server>',
    help: 'boot a server from a rescue disk, its own beside',
    options: [
      option('--image <image>', 'rescue image (name or ID)'),
      option('--password <text>', "the administrator's password in rescue mode"),
      waitOption,
    ],
    examples: ['server rescue vm1', 'server rescue --image cirros --wait vm1'],
    run: async call => {
      const image = call.text('image')
      const password = call.text('password')
      const rescue = {
        ...(image === undefined ? {} : { rescue_image_ref: await findId(call.cloud, 'image', image) }),
        ...(password === undefined ? {} : { adminPass: password }),
      }
      const acted = await actOn(call, call.argument('server'), {
        rescue: Object.keys(rescue).length === 0 ? null : rescue,
      })
      if (call.flag('wait')) await finish(call, acted, acted.reply, ['RESCUE'])
    },
  }),
  act({
    words: 'server shelve',
    arguments: '<server...>',
    help: 'shelve servers: keep the disk as an image, and the addresses',
    options: [option('--offload', 'free the host at once (administrators)'), waitOption],
    examples: ['server shelve vm1', 'server shelve --offload --wait vm1'],
    run: call =>
      forEach(call, call.arguments('server'), async reference => {
        const acted = await actOn(call, reference, { shelve: null })
        const wait = call.flag('wait') || call.flag('offload')
        if (wait) await finish(call, acted, acted.reply, ['SHELVED', 'SHELVED_OFFLOADED'])
        if (!call.flag('offload')) return
        const reply = await call.cloud.compute.request('POST', `/servers/${acted.id}/action`, {
          body: { shelveOffload: null },
          allow: [409], // a cloud that offloads by itself has done it
        })
        if (call.flag('wait')) await finish(call, acted, reply, ['SHELVED_OFFLOADED'])
      }),
  }),
  act({
    words: 'server unshelve',
    arguments: '<server...>',
    help: 'bring shelved servers back',
    options: [
      option('--availability-zone <zone>', 'into this zone (compute 2.77)'),
      option('--host <host>', 'onto this host (compute 2.91; administrators)'),
      waitOption,
    ],
    examples: ['server unshelve vm1', 'server unshelve --wait vm1'],
    run: call =>
      forEach(call, call.arguments('server'), async reference => {
        const zone = call.text('availability-zone')
        const host = call.text('host')
        const where = {
          ...(zone === undefined ? {} : { availability_zone: zone }),
          ...(host === undefined ? {} : { host }),
        }
        const acted = await actOn(call, reference, {
          unshelve: Object.keys(where).length === 0 ? null : where,
        })
        if (call.flag('wait')) await finish(call, acted, acted.reply, ['ACTIVE'])
      }),
  }),
  act({
    words: 'server migrate',
    arguments: '<server>',
    help: 'move a server to another host (administrators)',
    options: [
      option('--live-migration', 'while it runs; otherwise it is stopped, moved and waits to be confirmed'),
      option('--host <host>', 'to this host'),
      option('--block-migration', 'copy its disk', { conflicts: ['shared-migration'] }),
      option('--shared-migration', 'its disk is on shared storage'),
      waitOption,
    ],
    examples: ['server migrate --wait vm1', 'server migrate --live-migration --host host-2 --wait vm1'],
    run: migrate,
  }),
]

async function rebuild(call: Call) {
  const server = await find(call.cloud, 'server', call.argument('server'))
  const id = textOf(server, 'id')
  const image = call.text('image')
  const imageRef =
    image === undefined ? textOf(asItem(server.image), 'id') : await findId(call.cloud, 'image', image)
  const texts = {
    name: call.text('name'),
    adminPass: call.text('password'),
    description: call.text('description'),
    key_name: call.text('key-name'),
  }
  const reply = await call.cloud.compute.post(`/servers/${id}/action`, {
    rebuild: {
      imageRef,
      ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)),
      ...(call.many('property').length > 0 ? { metadata: pairs(call.many('property'), '--property') } : {}),
      ...(call.flag('preserve-ephemeral') ? { preserve_ephemeral: true } : {}),
    },
  })
  if (call.flag('wait'))
    await finish(call, { id, name: textOf(server, 'name') }, reply, ['ACTIVE', 'SHUTOFF'])
  return serverFields(call.cloud, await find(call.cloud, 'server', id))
}

async function migrate(call: Call): Promise<void> {
  const host = call.text('host')
  const { minor } = await call.cloud.computeVersion()
  if (!call.flag('live-migration')) {
    const acted = await actOn(call, call.argument('server'), {
      migrate: host === undefined ? null : { host },
    })
    if (call.flag('wait')) await complete(call, acted, ['VERIFY_RESIZE'])
    return
  }
  const block = call.flag('block-migration') ? true : call.flag('shared-migration') ? false : undefined
  const acted = await actOn(call, call.argument('server'), {
    'os-migrateLive': {
      host: host ?? null,
      block_migration: block ?? (minor >= 25 ? 'auto' : false),
      ...(minor < 25 ? { disk_over_commit: false } : {}),
    },
  })
  if (call.flag('wait')) await complete(call, acted, ['ACTIVE', 'PAUSED'])
}

/** Waits, and says `Complete` as the openstack client does. */
async function complete(call: Call, acted: Acted, expected: readonly string[]): Promise<Item> {
  const server = await finish(call, acted, acted.reply, expected)
  call.io.stdout('Complete\n')
  return server
}
