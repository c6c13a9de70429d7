// `server image create`.
import { CliError } from '../errors.ts'
import { find } from '../find.ts'
import { asItem, textOf } from '../item.ts'
import { option, pairs, show } from '../row.ts'
import { finish } from '../wait.ts'
import { imageFields } from './image.ts'
import { actOn, waitOption } from './server-action.ts'

export const serverImageRows = [
  show({
    words: 'server image create',
    arguments: '<server>',
    help: "make an image of a server's disk",
    options: [
      option('--name <name>', "the image's name (default: the server's)"),
      option('--property <key=value>', 'property of the image; repeatable', { many: true }),
      waitOption,
    ],
    examples: ['server image create --name backup --wait vm1'],
    run: async call => {
      const server = await find(call.cloud, 'server', call.argument('server'))
      const metadata = pairs(call.many('property'), '--property')
      const acted = await actOn(call, textOf(server, 'id'), {
        createImage: {
          name: call.text('name') ?? textOf(server, 'name'),
          ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
        },
      })
      // Since compute 2.45 the id is in the body, before it is the end of the Location header.
      const id =
        textOf(asItem(acted.reply.body), 'image_id') || acted.reply.headers.location?.split('/').at(-1)
      if (!id) throw new CliError('the image was asked for, but its id was not told')
      if (call.flag('wait')) await finish(call, acted, acted.reply)
      return imageFields(await find(call.cloud, 'image', id))
    },
  }),
]
