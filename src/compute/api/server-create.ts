// POST /servers: everything is checked with the other services first, then the servers, their actions and their
// operations are written in one transaction, and only then the answer is 202.
import { randomInt } from 'node:crypto'
import type { Transaction } from 'kysely'
import { newUuid, randomText } from '../../base/ids.ts'
import { canonicalIpv6 } from '../../base/ipv6.ts'
import { fault } from '../../model/errors.ts'
import { limits } from '../../model/limits.ts'
import { powerStates } from '../../model/server-states.ts'
import type { Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { actor, arrivalOf, behalfOf, contextOf, promise } from '../accept.ts'
import type { Promised } from '../deps.ts'
import { nameDevices, rootDeviceDefault } from '../device-names.ts'
import { takeNumbers } from '../numbers.ts'
import type { CreateArgs } from '../operations/place.ts'
import type { FlavorSnapshot, ImageSnapshot, InjectedFile, RequestedNetworks } from '../snapshots.ts'
import { addAction } from '../store/actions.ts'
import { addOperation } from '../store/operations.ts'
import { allowedCount, checkMetadataQuota } from '../store/quotas.ts'
import type { ComputeTables, ServersTable } from '../tables.ts'
import { bodyOf, type ComputeCall, projectOf, readBoolean, viewerOf } from './call.ts'
import {
  type LegacyMappingItem,
  type MappingItem,
  readMapping,
  type WantedDevice,
} from './create/block-devices.ts'
import { readFiles } from './create/files.ts'
import { findFlavorFor, idOfLink } from './create/flavor.ts'
import { joinGroup } from './create/group.ts'
import { checkImage, findImageFor } from './create/image.ts'
import { findKeyFor } from './create/key.ts'
import { bootImage, checkDisks } from './create/volumes.ts'
import { readZone } from './create/zone.ts'
import { links } from './links.ts'
import { versionOf } from './negotiate.ts'

export interface CreateBody {
  readonly server: {
    readonly name: string
    readonly flavorRef: string | number
    readonly imageRef?: string
    readonly adminPass?: string
    readonly metadata?: Readonly<Record<string, string>>
    readonly networks?:
      | 'auto'
      | 'none'
      | readonly {
          readonly uuid?: string
          readonly port?: string | null
          readonly fixed_ip?: string
          readonly tag?: string
        }[]
    readonly 'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL'
    readonly accessIPv4?: string
    readonly accessIPv6?: string
    readonly availability_zone?: string
    readonly block_device_mapping?: readonly LegacyMappingItem[]
    readonly block_device_mapping_v2?: readonly MappingItem[]
    readonly config_drive?: boolean | string
    readonly key_name?: string
    readonly min_count?: number | string
    readonly max_count?: number | string
    readonly return_reservation_id?: boolean | string
    readonly security_groups?: readonly { readonly name?: string }[]
    readonly user_data?: string
    readonly description?: string | null
    readonly tags?: readonly string[]
    readonly trusted_image_certificates?: readonly string[] | null
    readonly host?: string
    readonly hypervisor_hostname?: string
    readonly hostname?: string
    readonly personality?: readonly InjectedFile[]
  }
  readonly 'os:scheduler_hints'?: Readonly<Record<string, unknown>>
  readonly 'OS-SCH-HNT:scheduler_hints'?: Readonly<Record<string, unknown>>
}

export async function createServers(call: ComputeCall): Promise<Reply> {
  const wanted = await admitServers(call)
  const { asked, groupNames } = wanted
  const made = await write(call, wanted)
  for (const one of made.servers) call.deps.conductor.wake(one)
  if (readBoolean(String(asked.return_reservation_id ?? 'false')))
    return { status: 202, json: { reservation_id: made.reservationId } }
  const [first] = made.servers
  const { serverId: id } = first! // count is at least one
  const all = links(call, `/servers/${id}`)
  return {
    status: 202,
    headers: { Location: all[0]!.href }, // `self` comes first
    json: {
      server: {
        id,
        links: all,
        'OS-DCF:diskConfig': asked['OS-DCF:diskConfig'] ?? 'MANUAL',
        security_groups: (groupNames.length > 0 ? groupNames : ['default']).map(name => ({ name })),
        adminPass: asked.adminPass ?? newPassword(),
      },
    },
  }
}

/** Everything that refuses a create before its transaction; nothing is changed by it. */
export async function admitServers(call: ComputeCall): Promise<Wanted> {
  const body = bodyOf<CreateBody>(call)
  const { server: asked } = body
  const projectId = projectOf(call)
  call.enforce('os_compute_api:servers:create', { projectId })
  const hints = body['os:scheduler_hints'] ?? body['OS-SCH-HNT:scheduler_hints'] ?? {}
  const count = readCount(asked)
  const mapping = readMapping(asked)
  if (mapping.isAsked) call.enforce('os_compute_api:servers:create:attach_volume', { projectId })
  const on = behalfOf(call)
  const requestedNetworks = readNetworks(call, asked)
  if (
    count.max > 1 &&
    Array.isArray(requestedNetworks) &&
    requestedNetworks.some(({ portId }) => portId !== null)
  )
    throw fault('MultiplePortsNotApplicable')
  const groupNames = [...new Set((asked.security_groups ?? []).map(({ name }) => name ?? 'default'))]
  const db = tables<ComputeTables>(call.deps.store)
  const files = await readFiles(db, { projectId, userId: call.auth.userId }, asked.personality)
  const [flavor, image, publicKey, zone] = await Promise.all([
    findFlavorFor(call, idOfLink(String(asked.flavorRef))),
    mapping.imageId === '' ? null : findImageFor(call, mapping.imageId),
    findKeyFor(call, asked.key_name),
    readZone(call, asked),
  ])
  const disks = mapping.disks(image?.snapshot ?? null)
  const booted = image?.snapshot ?? (await bootImage(call, disks))
  checkImage(booted, flavor, disks.find(isRootVolume))
  const devices = await checkDisks(call, disks, { flavor, servers: count.max })
  await call.deps.neighbours.network.checkSecurityGroups(on, projectId, groupNames)
  await call.deps.neighbours.network.check(on, requestedNetworks, viewerOf(call))
  return {
    asked,
    hints,
    count,
    flavor,
    imageId: mapping.imageId,
    image: booted,
    devices,
    publicKey,
    files,
    zone,
    requestedNetworks,
    groupNames,
  }
}

const isRootVolume = ({ destination, bootIndex }: WantedDevice): boolean =>
  destination === 'volume' && bootIndex === 0

export interface Wanted {
  readonly asked: CreateBody['server']
  readonly hints: Readonly<Record<string, unknown>>
  readonly count: { readonly min: number; readonly max: number }
  readonly flavor: FlavorSnapshot
  /** Empty when a disk says what is booted. */
  readonly imageId: string
  readonly image: ImageSnapshot
  readonly devices: readonly WantedDevice[]
  readonly publicKey: string | null
  readonly files: readonly InjectedFile[]
  readonly zone: Awaited<ReturnType<typeof readZone>>
  readonly requestedNetworks: RequestedNetworks
  readonly groupNames: readonly string[]
}

interface Made {
  readonly reservationId: string
  readonly servers: readonly Promised[]
}

/** Refuses what the quota does not let be; how many servers it lets be, and the group they join. */
export async function fitQuota(
  tx: Transaction<ComputeTables>,
  call: ComputeCall,
  { asked, count, flavor, hints }: Wanted,
): Promise<{ readonly total: number; readonly groupId: string | null }> {
  const owner = { projectId: projectOf(call), userId: call.auth.userId }
  await checkMetadataQuota(tx, owner, Object.keys(asked.metadata ?? {}).length)
  const total = await allowedCount(tx, owner, flavor, count)
  return { total, groupId: await joinGroup(tx, owner, hints.group, total) }
}

/** The promise: rows, tags, group membership, actions and operations of all servers at once, within quota. */
function write(call: ComputeCall, wanted: Wanted): Promise<Made> {
  const { deps } = call
  const { asked } = wanted
  const reservationId = `r-${randomText(6)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '0')}`
  // Ids are given as they are needed: how many servers there will be is only known inside, and a second run of the
  // transaction gives the same ones.
  const promised: Promised[] = []
  const promisedAt = (index: number): Promised => {
    promised[index] ??= { operationId: newUuid(), serverId: newUuid(), kind: 'create' }
    return promised[index]
  }
  return promise<Made>(call, promised, async tx => {
    const now = deps.clock.now()
    const { total, groupId } = await fitQuota(tx, call, wanted)
    const made = Array.from({ length: total }, (_, index) => promisedAt(index))
    const ids = made.map(({ serverId }) => serverId)
    const firstSeq = await takeNumbers(tx, 'server', total)
    await tx
      .insertInto('servers')
      .values(
        ids.map((id, index) =>
          serverRow(call, wanted, { id, index, total, seq: firstSeq + index, groupId, reservationId, now }),
        ),
      )
      .execute()
    const tags = [...new Set(asked.tags ?? [])]
    if (tags.length > 0)
      await tx
        .insertInto('server_tags')
        .values(ids.flatMap(id => tags.map(tag => ({ server_id: id, tag }))))
        .execute()
    const args: CreateArgs = {
      siblings: ids,
      force: wanted.zone.force,
      requested: wanted.zone.requested,
      publicKey: wanted.publicKey,
      files: wanted.files,
    }
    const context = contextOf(call)
    // Few at a time: max_count is bounded by the quota.
    for (const { operationId: id, serverId } of made) {
      const actionId = await addAction(tx, {
        ...actor(call),
        serverId,
        action: 'create',
        at: arrivalOf(call),
      })
      await addOperation(tx, { id, kind: 'create', serverId, actionId, context, args }, now)
    }
    return { reservationId, servers: made }
  })
}

interface RowFacts {
  readonly id: string
  readonly index: number
  readonly total: number
  readonly seq: number
  readonly groupId: string | null
  readonly reservationId: string
  readonly now: number
}

/** A server as it is written, or would be. */
export function serverRow(call: ComputeCall, wanted: Wanted, facts: RowFacts): ServersTable {
  const { asked, flavor, image, zone, groupNames, requestedNetworks, hints } = wanted
  const flavor_json = JSON.stringify(flavor)
  const devices = wanted.devices.map(device => ({
    ...device,
    id: newUuid(),
    attachmentId: null,
    connection: null,
  }))
  const trimmed = asked.name.trim()
  const name = facts.total === 1 ? trimmed : `${trimmed}-${facts.index + 1}`
  return {
    id: facts.id,
    seq: facts.seq,
    project_id: projectOf(call),
    user_id: call.auth.userId,
    reservation_id: facts.reservationId,
    name,
    // Before 2.19 the name is the description, and nobody sees it.
    description: versionOf(call).has('serverDescription') ? (asked.description ?? null) : name,
    hostname:
      asked.hostname === undefined
        ? hostnameFrom(name, facts.id)
        : facts.total === 1
          ? asked.hostname
          : `${asked.hostname}-${facts.index + 1}`,
    host: null,
    node: null,
    vm_state: 'building',
    task_state: 'scheduling',
    power_state: powerStates.NOSTATE,
    progress: 0,
    flavor_json,
    old_flavor_json: null,
    flavor_id: flavor.id,
    image_id: wanted.imageId,
    image_json: JSON.stringify(image),
    key_name: asked.key_name ?? null,
    user_data: asked.user_data ?? null,
    config_drive: readBoolean(String(asked.config_drive ?? 'false')) ? 1 : 0,
    availability_zone: null,
    pinned_zone: zone.zone,
    access_ipv4: asked.accessIPv4 ?? null,
    access_ipv6: asked.accessIPv6 === undefined ? null : canonicalIpv6(asked.accessIPv6),
    auto_disk_config: asked['OS-DCF:diskConfig'] === 'AUTO' ? 1 : 0,
    metadata_json: JSON.stringify(asked.metadata ?? {}),
    locked_by: null,
    locked_reason: null,
    hints_json: JSON.stringify(hints),
    group_id: facts.groupId,
    network_json: '[]',
    block_devices_json: JSON.stringify(
      nameDevices({
        block_devices_json: JSON.stringify(devices),
        flavor_json,
        root_device_name: rootDeviceDefault,
      }),
    ),
    security_groups_json: JSON.stringify(groupNames.length > 0 ? groupNames : ['default']),
    requested_networks_json: JSON.stringify(requestedNetworks),
    trusted_certs_json: asked.trusted_image_certificates
      ? JSON.stringify(asked.trusted_image_certificates)
      : null,
    root_device_name: rootDeviceDefault,
    launch_index: facts.index,
    previous_vm_state: null,
    shelved_image_id: null,
    created_at: facts.now,
    updated_at: facts.now,
    launched_at: null,
    terminated_at: null,
    deleted: 0,
    deleted_at: null,
    revision: 1,
  }
}

/** nova/utils.py, sanitize_hostname: letters, digits, dashes and dots of the name; else made from the id. */
function hostnameFrom(name: string, id: string): string {
  const clean = name
    .normalize('NFKD')
    .replaceAll(/[ _.]/g, '-')
    .replaceAll(/[^a-zA-Z0-9-]/g, '')
    .toLowerCase()
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63)
  return clean === '' ? `server-${id}` : clean
}

function readCount(asked: CreateBody['server']): { readonly min: number; readonly max: number } {
  const min = Number(asked.min_count ?? 1)
  const max = Number(asked.max_count ?? min)
  if (min > max) throw fault('MinCountAboveMaxCount')
  return { min, max }
}

function readNetworks(call: ComputeCall, { networks }: CreateBody['server']): RequestedNetworks {
  if (networks === undefined) return []
  if (typeof networks === 'string') return networks
  if (networks.length === 0) return versionOf(call).has('networksRequired') ? 'none' : []
  return networks.map(({ uuid, port, fixed_ip: fixedIp, tag }) => {
    if (!uuid && !port) throw fault('BootNetworkNotFound', { network: uuid ?? '' })
    return {
      networkId: port ? null : (uuid ?? null),
      portId: port ?? null,
      fixedIp: fixedIp ?? null,
      tag: tag ?? null,
    }
  })
}

// Without letters and digits that look alike, as nova/utils.py generate_password.
const passwordLetters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

export const newPassword = (): string =>
  Array.from({ length: limits.passwordChars }, () => passwordLetters[randomInt(passwordLetters.length)]).join(
    '',
  )
