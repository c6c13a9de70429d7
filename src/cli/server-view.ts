// A server as rows of Field and Value, and the parts of it that lists show too.
import { HttpError } from './errors.ts'
import { asItem, asItems, type Item, textOf, textsOf, without } from './item.ts'
import { type Cell, dict, dictOfLists, dicts, formatted, list } from './output/cells.ts'
import type { Cloud } from './session/cloud.ts'

export const powerStates: Readonly<Record<number, string>> = {
  0: 'NOSTATE',
  1: 'Running',
  3: 'Paused',
  4: 'Shutdown',
  6: 'Crashed',
  7: 'Suspended',
}

export const powerState = (value: unknown): Cell =>
  formatted((typeof value === 'number' ? powerStates[value] : undefined) ?? 'N/A', value)

/** Addresses by network: people see `net=a, b; net2=c`. */
export const networks = (server: Item): Cell =>
  dictOfLists(
    Object.fromEntries(
      Object.entries(asItem(server.addresses)).map(([name, addresses]) => [
        name,
        asItems(addresses).map(address => textOf(address, 'addr')),
      ]),
    ),
  )

export const bootedFromVolume = 'N/A (booted from volume)'

/** Name and size of a flavor embedded in a server (compute 2.47 and later: it has no id). */
function embeddedFlavor(flavor: Item): Cell {
  const vcpus = Number(flavor.vcpus)
  const parts = [`${vcpus} vCPU${vcpus === 1 ? '' : 's'}`, `${flavor.ram} MB RAM`, `${flavor.disk} GB disk`]
  if (Number(flavor.ephemeral) > 0) parts.push(`${flavor.ephemeral} GB ephemeral`)
  if (Number(flavor.swap) > 0) parts.push(`${flavor.swap} MB swap`)
  const specs = Object.entries(asItem(flavor.extra_specs)).map(([key, value]) => `${key}=${value}`)
  return formatted(`${textOf(flavor, 'original_name')} (${[...parts, ...specs].join(', ')})`, flavor)
}

/** `name (id)`, or the id alone when it cannot be looked up. */
async function named(id: string, look: () => Promise<Item>): Promise<string> {
  try {
    return `${textOf(await look(), 'name')} (${id})`
  } catch (error) {
    if (error instanceof HttpError) return id // deleted since, or not ours to see
    throw error
  }
}

/** Field/Value rows of `server show`: what the service sent, with readable names and values. */
export async function serverFields(cloud: Cloud, server: Item): Promise<Readonly<Record<string, Cell>>> {
  const fields: Record<string, Cell> = {
    ...without(server, 'links', 'metadata', 'tenant_id', 'os-extended-volumes:volumes_attached'),
  }
  const imageId = textOf(asItem(server.image), 'id')
  fields.image =
    imageId === ''
      ? bootedFromVolume
      : await named(imageId, async () => asItem(await cloud.image.get(`/images/${imageId}`)))
  const flavor = asItem(server.flavor)
  const flavorId = textOf(flavor, 'id')
  fields.flavor =
    flavorId === ''
      ? embeddedFlavor(flavor)
      : await named(flavorId, async () =>
          asItem(asItem(await cloud.compute.get(`/flavors/${flavorId}`)).flavor),
        )
  fields.addresses = networks(server)
  fields.properties = dict(asItem(server.metadata))
  fields.project_id = server.tenant_id ?? server.project_id
  fields.volumes_attached = dicts(asItems(server['os-extended-volumes:volumes_attached']))
  if ('OS-EXT-STS:power_state' in server)
    fields['OS-EXT-STS:power_state'] = powerState(server['OS-EXT-STS:power_state'])
  if ('security_groups' in server) fields.security_groups = dicts(asItems(server.security_groups))
  if ('fault' in server) fields.fault = dict(asItem(server.fault))
  if ('scheduler_hints' in server) fields.scheduler_hints = dict(asItem(server.scheduler_hints))
  for (const key of ['tags', 'server_groups'])
    if (Array.isArray(server[key])) fields[key] = list(textsOf(server[key]))
  return fields
}
