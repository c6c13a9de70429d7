// `server resize`, `server resize confirm`, `server resize revert`.
import { CliError } from '../errors.ts'
import { find } from '../find.ts'
import { asItem, type Item, textOf } from '../item.ts'
import { act, type Call, option } from '../row.ts'
import { finish, finishFrom } from '../wait.ts'
import { actOn, waitOption } from './server-action.ts'

export const serverResizeRows = [
  act({
    words: 'server resize',
    arguments: '<server>',
    help: 'give a server another size; confirm or revert it afterwards',
    options: [option('--flavor <flavor>', 'new size (name or ID)', { required: true }), waitOption],
    examples: [
      'server resize --flavor m1.small --wait vm1',
      'server resize confirm vm1',
      'server resize revert vm1',
    ],
    run: resize,
  }),
  act({
    words: 'server resize confirm',
    arguments: '<server>',
    help: 'keep the new size',
    options: [waitOption],
    examples: ['server resize confirm vm1'],
    run: call => end(call, 'confirmResize'),
  }),
  act({
    words: 'server resize revert',
    arguments: '<server>',
    help: 'go back to the old size',
    options: [waitOption],
    examples: ['server resize revert vm1'],
    run: call => end(call, 'revertResize'),
  }),
]

async function resize(call: Call): Promise<void> {
  const flavor = await find(call.cloud, 'flavor', call.text('flavor')!) // a required option
  const acted = await actOn(call, call.argument('server'), { resize: { flavorRef: textOf(flavor, 'id') } })
  if (!call.flag('wait')) return
  // The stock client prints Complete for a server that is ACTIVE again with its old flavor: we look.
  const after = await finish(call, acted, acted.reply)
  if (after.status !== 'VERIFY_RESIZE' && !hasFlavor(after, flavor))
    throw new CliError(
      `resize of server ${acted.name} did not happen: it is ${textOf(after, 'status')} with its old flavor (Request-ID: ${acted.reply.requestId})`,
      { hint: `see its steps with: faultline server event show ${acted.id} ${acted.reply.requestId}` },
    )
  call.io.stdout('Complete\n')
  if (after.status === 'VERIFY_RESIZE' && call.io.isErrorTty)
    call.io.stderr(`keep the new size with: faultline server resize confirm ${acted.name}\n`)
}

/** Before compute 2.47 a server names its flavor by id, afterwards by its original name. */
function hasFlavor(server: Item, flavor: Item): boolean {
  const own = asItem(server.flavor)
  return own.id === undefined ? own.original_name === flavor.name : own.id === flavor.id
}

async function end(call: Call, action: 'confirmResize' | 'revertResize'): Promise<void> {
  const acted = await actOn(call, call.argument('server'), { [action]: null })
  if (!call.flag('wait')) return
  await finishFrom(call, acted, acted.reply, 'VERIFY_RESIZE', ['ACTIVE', 'SHUTOFF'])
  call.io.stdout('Complete\n')
}
