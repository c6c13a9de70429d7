// Shelving: the disk goes into an image and the host is given back; unshelving: a host is chosen and the server is
// built from that image again (facts: states.md §5, shelve/unshelve).
import { assert } from '../../base/assert.ts'
import { powerStates } from '../../model/server-states.ts'
import { nameDevices } from '../device-names.ts'
import { ExplainedError } from '../errors.ts'
import type { Destination } from '../scheduler/selection.ts'
import { claim, unclaim } from '../store/claims.ts'
import { flavorOf, imageOf, type ServerPatch } from '../store/servers.ts'
import { claimPlacement, roomWasTaken, zoneOf } from './claiming.ts'
import { revertTask } from './failing.ts'
import { machineSpec } from './machine.ts'
import { operation, step } from './operation.ts'
import { requestFor, selectHosts } from './schedule.ts'
import { forgetImage, uploadSnapshot } from './snapshot.ts'
import { tell } from './tell.ts'
import { connectVolumes, keepVolumes, plugVolumes } from './volumes.ts'
import type { AnyWork, Work } from './work.ts'

export interface ShelveArgs {
  /** The queued image the API made for the disk; null when the server boots from a volume. */
  readonly imageId: string
}

export const shelve = operation<ShelveArgs, object>({
  kind: 'shelve',
  steps: [
    step('shelve', {
      event: 'compute_shelve_instance',
      at: 'host',
      async run(work) {
        const { host, vm_state } = work.server
        assert(host, 'an admitted server has a host')
        // Taken up between its two halves, it goes on with the second.
        if (vm_state !== 'shelved' && !(await keepDisk(work, host))) return
        await offload(work, host)
      },
      async undo(work) {
        if (work.server.shelved_image_id === work.args.imageId) return
        await forgetImage(work, work.args.imageId)
        await asItWas(work)
      },
    }),
  ],
  failed: revertTask,
})

/** Stops the machine and keeps its disk; true when the host is to be given back at once. */
async function keepDisk(work: Work<ShelveArgs, object>, host: string): Promise<boolean> {
  const isOffloaded = work.deps.settings.shelvedOffloadSeconds === 0
  tell(work, 'shelve', 'start', host)
  await work.onHost(host, 'stop', null)
  await uploadSnapshot(work, host, work.args.imageId, [
    'shelving_image_pending_upload',
    'shelving_image_uploading',
  ])
  const shelved: ServerPatch = {
    vm_state: 'shelved',
    power_state: powerStates.SHUTDOWN,
    shelved_image_id: work.args.imageId,
  }
  // Offloaded at once, the server does not rest in between.
  if (isOffloaded) await work.change({ ...shelved, task_state: 'shelving_offloading' })
  else await work.complete({ ...shelved, task_state: null })
  tell(work, 'shelve', 'end', host)
  return isOffloaded
}

/** The machine was stopped for its disk: a server that stays gets it back as it was. */
async function asItWas(work: AnyWork): Promise<void> {
  const { host, vm_state } = work.server
  if (host === null || vm_state === 'stopped') return
  await work.onHost(host, 'start', null)
  if (vm_state === 'paused') await work.onHost(host, 'pause', null)
  if (vm_state === 'suspended') await work.onHost(host, 'suspend', null)
}

export interface OffloadArgs {
  /** The machine is stopped first: of a server that boots from a volume, which is shelved and offloaded in one. */
  readonly isStopped?: boolean
}

interface OffloadData {
  /** The machine was stopped: by the time this runs again it may be gone. */
  readonly hasStopped?: boolean
}

export const shelveOffload = operation<OffloadArgs, OffloadData>({
  kind: 'shelveOffload',
  steps: [
    step('offload', {
      event: 'compute_shelve_offload_instance',
      at: 'host',
      async run(work) {
        const { host } = work.server
        assert(host, 'a shelved server keeps its host')
        if (work.args.isStopped && !work.data.hasStopped) {
          await work.onHost(host, 'stop', null)
          await work.remember({ hasStopped: true })
        }
        await offload(work, host)
      },
      async undo(work) {
        const { host } = work.server
        if (!work.args.isStopped || host === null) return
        await plugVolumes(work, host)
        await asItWas(work)
      },
    }),
  ],
  failed: revertTask,
})

/** Gives the host back: machine, claim and binding go; ports and addresses stay the server's. */
async function offload(work: AnyWork, host: string): Promise<void> {
  tell(work, 'shelve_offload', 'start', host)
  await keepVolumes(work)
  await work.onHost(host, 'destroy', null)
  await work.deps.neighbours.placement.release(work.behalf(host), work.server.id)
  await work.complete(
    {
      vm_state: 'shelved_offloaded',
      task_state: null,
      host: null,
      node: null,
      availability_zone: null,
      power_state: powerStates.SHUTDOWN,
    },
    tx => unclaim(tx, work.server.id),
  )
  tell(work, 'shelve_offload', 'end', host)
}

export interface UnshelveArgs {
  readonly host: string | null
  readonly publicKey: string | null
}

interface UnshelveData {
  readonly destination?: Destination
  readonly imageGone?: boolean
  /** The image it was shelved into, once nothing needs it any more. */
  readonly oldImageId?: string
}

type UnshelveWork = Work<UnshelveArgs, UnshelveData>

export const unshelve = operation<UnshelveArgs, UnshelveData>({
  kind: 'unshelve',
  steps: [
    step('find_image', { at: 'conductor', run: findImage }),
    step('schedule', { at: 'conductor', run: chooseHost, undo: leaveHost }),
    step('unshelve', { at: 'host', run: bringBack, undo: takeAway }),
    step('start', { at: 'host', run: startShelved }),
    step('forget_image', { at: 'conductor', run: forgetShelved, undo: forgetShelved }),
  ],
  failed: leave,
})

const isOffloaded = (work: UnshelveWork) => work.server.vm_state === 'shelved_offloaded'

async function findImage(work: UnshelveWork): Promise<void> {
  const { shelved_image_id: imageId, project_id } = work.server
  if (!isOffloaded(work) || imageId === null) return
  const { deps } = work
  await work.event('get_image_info', deps.conductorHost, async () => {
    if (await deps.neighbours.image.find(work.behalf(), imageId, { projectId: project_id, isAdmin: false }))
      return
    await work.remember({ imageGone: true })
    const text = `Unshelve attempted but the image ${imageId} cannot be found.`
    throw new ExplainedError('UnshelveException', text, { admin: text, owner: text })
  })
}

async function chooseHost(work: UnshelveWork): Promise<void> {
  if (!isOffloaded(work)) return
  const { deps } = work
  await work.event('schedule_instances', deps.conductorHost, () =>
    deps.scheduling.turn(async () => {
      const destination = work.data.destination ?? (await pick(work))
      await work.remember({ destination })
      if (!(await claimPlacement(work, work.server, destination))) throw roomWasTaken(1)
      await work.transaction(tx => claim(tx, work.server, destination.host, 'server', flavorOf(work.server)))
    }),
  )
}

async function pick(work: UnshelveWork): Promise<Destination> {
  const request = await requestFor(work.deps, work.server)
  const { host } = work.args
  const placed = await selectHosts(work, {
    ...request,
    requested: host === null ? null : { host, node: null },
  })
  return placed.placements[0]! // one server was asked for
}

async function bringBack(work: UnshelveWork): Promise<void> {
  const { destination } = work.data
  if (!isOffloaded(work) || !destination) return
  const { deps } = work
  const { host, node } = destination
  await work.event('compute_unshelve_instance', host, async () => {
    tell(work, 'unshelve', 'start', host)
    const zone = await zoneOf(deps, host)
    await work.change(row => ({
      task_state: 'spawning',
      host,
      node,
      availability_zone: zone,
      // Those that came while it was on no host have no name yet.
      block_devices_json: JSON.stringify(nameDevices(row)),
    }))
    await connectVolumes(work, host)
    const { server } = work
    const network = await deps.neighbours.network.move(work.behalf(host), server.id, host)
    const spec = {
      ...machineSpec({ ...server, network_json: JSON.stringify(network) }, work.args.publicKey),
      image: { ...imageOf(server), id: server.shelved_image_id ?? server.image_id },
    }
    await work.onHost(host, 'spawn', { spec, disk: null, powerOn: true })
    await rememberOldImage(work)
    await work.complete({
      vm_state: 'active',
      task_state: null,
      power_state: powerStates.RUNNING,
      launched_at: deps.clock.now(),
      network_json: JSON.stringify(network),
      shelved_image_id: null,
    })
    tell(work, 'unshelve', 'end', host)
  })
}

/** A server that was shelved but still has its host only has to be started. */
async function startShelved(work: UnshelveWork): Promise<void> {
  const { host, vm_state } = work.server
  if (vm_state !== 'shelved') return
  assert(host, 'a shelved server keeps its host')
  await work.event('compute_start_instance', host, async () => {
    tell(work, 'power_on', 'start', host)
    await work.change({ task_state: 'powering-on' })
    // An offloading that failed may have taken them from it.
    await plugVolumes(work, host)
    await work.onHost(host, 'start', null)
    await rememberOldImage(work)
    await work.complete({
      vm_state: 'active',
      task_state: null,
      power_state: powerStates.RUNNING,
      shelved_image_id: null,
    })
    tell(work, 'power_on', 'end', host)
  })
}

const rememberOldImage = async (work: UnshelveWork): Promise<void> => {
  const { shelved_image_id: oldImageId } = work.server
  if (oldImageId !== null) await work.remember({ oldImageId })
}

/** The server runs without it: its image goes, whatever becomes of the server from here on. */
async function forgetShelved(work: UnshelveWork): Promise<void> {
  const { oldImageId } = work.data
  if (oldImageId !== undefined && work.server.shelved_image_id === null) await forgetImage(work, oldImageId)
}

async function leaveHost(work: UnshelveWork): Promise<void> {
  if (!work.data.destination || !isOffloaded(work)) return
  await work.deps.neighbours.placement.release(work.behalf(), work.server.id)
  await work.transaction(tx => unclaim(tx, work.server.id))
}

async function takeAway(work: UnshelveWork): Promise<void> {
  const { destination } = work.data
  if (!destination || !isOffloaded(work)) return
  await work.onHost(destination.host, 'destroy', null)
  await keepVolumes(work)
  await work.change({ host: null, node: null, availability_zone: null })
}

async function leave(work: UnshelveWork, error: unknown): Promise<ServerPatch> {
  await work.recordFault(error, work.server.host)
  // Upstream leaves task_state at `unshelving` for ever here; we clear it (docs/differences.md).
  return work.data.imageGone ? { vm_state: 'error' } : {}
}
