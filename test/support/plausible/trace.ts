// Plausible requests to the trace service, by an owner.
import type { PlausibleTable, World } from './plausible.ts'

const server = (world: World): Promise<string> =>
  world.once('traced server', async () => (await world.cloud.server({ networks: 'none' })).id)

/** The id of the request that made a server. */
const request = (world: World): Promise<string> =>
  world.once('traced request', async () => {
    const [action] = await world.cloud.actions(await server(world))
    return action.request_id
  })

export const tracePlausible: PlausibleTable = {
  'GET /': () => ({}),
  'GET /traces/{handle}': async world => ({ params: { handle: await request(world) } }),
  'GET /requests': async world => ({
    query: `limit=5&outcome=succeeded&server=${await server(world)}&since=2026-01-01T00:00:00Z`,
  }),
  'GET /requests/{id}/events': async world => ({
    params: { id: await request(world) },
    query: `server=${await server(world)}`,
  }),
  'GET /placement': ({ cloud }) => ({ query: `flavor=1&image=${cloud.imageId}&zone=nova` }),
  'POST /servers': ({ cloud }) => ({
    body: { server: { name: 'foreseen', flavorRef: '1', imageRef: cloud.imageId, networks: 'none' } },
  }),
}
