// `server set|unset`, `server add|remove security group`.
import { find, findId } from '../find.ts'
import { textOf } from '../item.ts'
import { act, type Call, option, pairs } from '../row.ts'
import { actOn } from './server-action.ts'

export const serverSetRows = [
  act({
    words: 'server set',
    arguments: '<server>',
    help: 'change a server',
    options: [
      option('--name <name>', 'new name'),
      option('--description <text>', 'new description'),
      option('--hostname <name>', 'new host name inside (compute 2.90)'),
      option('--property <key=value>', 'metadata to add or change; repeatable', { many: true }),
      option('--tag <tag>', 'tag to add; repeatable', { many: true }),
      option('--password <text>', "new administrator's password inside"),
      option('--state <state>', 'active or error: what the cloud believes (administrators)', {
        choices: ['active', 'error'],
      }),
    ],
    examples: [
      'server set --name web vm1',
      'server set --property role=db --tag blue vm1',
      'server set --state active vm1',
    ],
    run: setServer,
  }),
  act({
    words: 'server unset',
    arguments: '<server>',
    help: 'take something from a server',
    options: [
      option('--property <key>', 'metadata to remove; repeatable', { many: true }),
      option('--tag <tag>', 'tag to remove; repeatable', { many: true }),
      option('--description', 'remove the description'),
    ],
    examples: ['server unset --property role vm1'],
    run: unsetServer,
  }),
  ...(['add', 'remove'] as const).map(word =>
    act({
      words: `server ${word} security group`,
      arguments: '<server> <group>',
      help:
        word === 'add'
          ? "put a security group on a server's ports"
          : "take a security group from a server's ports",
      examples: [`server ${word} security group vm1 web`],
      run: async call => {
        const name = await findId(call.cloud, 'securityGroup', call.argument('group'))
        await actOn(call, call.argument('server'), { [`${word}SecurityGroup`]: { name } })
      },
    }),
  ),
]

async function setServer(call: Call): Promise<void> {
  const { compute } = call.cloud
  const id = textOf(await find(call.cloud, 'server', call.argument('server')), 'id')
  const changes = Object.fromEntries(
    ['name', 'description', 'hostname'].flatMap(key => {
      const value = call.text(key)
      return value === undefined ? [] : [[key, value]]
    }),
  )
  if (Object.keys(changes).length > 0) await compute.put(`/servers/${id}`, { server: changes })
  const metadata = pairs(call.many('property'), '--property')
  if (Object.keys(metadata).length > 0) await compute.post(`/servers/${id}/metadata`, { metadata })
  for (const tag of call.many('tag'))
    await compute.request('PUT', `/servers/${id}/tags/${encodeURIComponent(tag)}`)
  const adminPass = call.text('password')
  if (adminPass !== undefined) await compute.post(`/servers/${id}/action`, { changePassword: { adminPass } })
  const state = call.text('state')
  if (state !== undefined) await compute.post(`/servers/${id}/action`, { 'os-resetState': { state } })
}

async function unsetServer(call: Call): Promise<void> {
  const { compute } = call.cloud
  const id = textOf(await find(call.cloud, 'server', call.argument('server')), 'id')
  for (const key of call.many('property'))
    await compute.delete(`/servers/${id}/metadata/${encodeURIComponent(key)}`)
  for (const tag of call.many('tag')) await compute.delete(`/servers/${id}/tags/${encodeURIComponent(tag)}`)
  if (call.flag('description')) await compute.put(`/servers/${id}`, { server: { description: null } })
}
