// What plausible requests to the volume service are about.
import type { World } from './plausible.ts'

export const madeType = async (world: World, more: object = {}): Promise<string> =>
  (
    await world.make('/volume/v3/types', {
      volume_type: { name: world.name(), extra_specs: { speed: 'high' }, ...more },
    })
  ).volume_type.id

export const madeVolume = async (world: World, more: object = {}): Promise<string> => {
  const given = { size: 1, name: world.name(), metadata: { key: 'value' }, ...more }
  const { volume } = await world.make('/volume/v3/volumes', { volume: given }, 'demo')
  await world.cloud.settled()
  return volume.id
}
