// `console log show`.
import { asItem, textOf } from '../item.ts'
import { act, option } from '../row.ts'
import { actOn } from './server-action.ts'

export const consoleRows = [
  act({
    words: 'console log show',
    arguments: '<server>',
    help: "print a server's console output",
    options: [option('--lines <count>', 'only so many lines from the end', { number: true })],
    examples: ['console log show vm1', 'console log show --lines 20 vm1'],
    run: async call => {
      const length = call.number('lines')
      const { reply } = await actOn(call, call.argument('server'), {
        'os-getConsoleOutput': length === undefined ? {} : { length },
      })
      const output = textOf(asItem(reply.body), 'output')
      call.io.stdout(output === '' || output.endsWith('\n') ? output : `${output}\n`)
    },
  }),
]
