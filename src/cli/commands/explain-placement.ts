// `explain-placement`: where a server would go now, and why not elsewhere.
import { findId } from '../find.ts'
import { itemOf } from '../item.ts'
import { placementText } from '../output/placement.ts'
import { act, option, query } from '../row.ts'

export const explainPlacementRow = act({
  words: 'explain-placement',
  help: 'say which hosts could take a server, and why the others could not; nothing is made',
  options: [
    option('--flavor <flavor>', 'size (name or ID)', { required: true }),
    option('--image <image>', 'boot from this image (name or ID)'),
    option('--availability-zone <zone>', 'where to put it'),
    option('--host <host>', 'only this host (administrators)'),
    option('--hint <key=value>', 'scheduler hint; repeatable', { many: true }),
    option('--json', 'the table as the service sends it'),
  ],
  examples: [
    'explain-placement --flavor m1.large',
    'explain-placement --flavor m1.large --host host-2 --json',
  ],
  async run(call) {
    const { cloud, io } = call
    const image = call.text('image')
    const asked = query({
      flavor: await findId(cloud, 'flavor', call.text('flavor')!), // a required option
      image: image === undefined ? undefined : await findId(cloud, 'image', image),
      zone: call.text('availability-zone'),
      host: call.text('host'),
      hint: call.many('hint'),
    })
    const placement = itemOf(await cloud.trace.get(`/placement${asked}`), 'placement')
    io.stdout(
      call.flag('json') ? `${JSON.stringify(placement, null, 2)}\n` : placementText(placement, io.columns),
    )
  },
})
