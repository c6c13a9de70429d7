// The agent of one host: answers the conductor's calls with its driver, reports itself up, and says in the log of
// nova-compute what it did under which request.
import type { Bus } from '../../platform/bus/bus.ts'
import type { Log } from '../../platform/journal/log.ts'
import { type ErrorMessage, errorFor, HostError } from '../failures.ts'
import { type HostAnswer, type HostCallName, type HostMessage, hostTopic } from '../messages.ts'
import { type Driver, MachineNotFound } from '../virt/driver.ts'
import { cacheImages } from './cache-images.ts'

export interface AgentOptions {
  readonly host: string
  readonly driver: Driver
  readonly bus: Bus
  readonly log: Log
}

/** Starts answering on `compute.<host>`. */
export function serveHost({ host, driver, bus, log }: AgentOptions): void {
  bus.serve(hostTopic(host), async message => answer(driver, log, message as HostMessage)) // our own conductor's
}

async function answer(driver: Driver, log: Log, message: HostMessage): Promise<HostAnswer> {
  const mine = log.under(message.context)
  const about = message.server === null ? {} : { server: message.server }
  const started = performance.now()
  try {
    if (message.fail) throw errorFor(message.fail, { imageId: imageOf(message) })
    const result =
      message.server === null
        ? await cacheImages(driver, (message as HostMessage<'cacheImages'>).args, mine)
        : await perform(driver, message as ServerMessage, message.server)
    const sentence = sentences[message.call]
    if (sentence)
      mine.info(sentence.replace('{seconds}', ((performance.now() - started) / 1000).toFixed(2)), {
        ...about,
      })
    return { result } as HostAnswer // perform() answers what the call's row says
  } catch (error) {
    mine.error(`${message.call} failed`, { ...about, error })
    return { error: asMessage(error) }
  }
}

// nova/compute/manager.py's own sentences, which people grep for.
const sentences: Readonly<Partial<Record<HostCallName, string>>> = {
  spawn: 'Took {seconds} seconds to spawn the instance on the hypervisor.',
  destroy: 'Took {seconds} seconds to destroy the instance on the hypervisor.',
  start: 'Instance started successfully.',
  stop: 'Instance shutdown successfully after {seconds} seconds.',
  reboot: 'Instance rebooted successfully.',
  pause: 'Instance paused.',
  unpause: 'Instance unpaused.',
  suspend: 'Instance suspended successfully.',
  resume: 'Instance resumed successfully.',
  rescue: 'Instance rescued successfully.',
  unrescue: 'Instance unrescued successfully.',
  crashDump: 'Triggered a crash dump of the instance.',
  snapshot: 'Snapshot image upload complete',
  pack: 'Starting migrate_disk_and_power_off',
}

const imageOf = (message: HostMessage): string =>
  message.call === 'spawn' ? (message as HostMessage<'spawn'>).args.spec.image.id : ''

/** About a server: everything but `cacheImages`. */
type ServerMessage = HostMessage<Exclude<HostCallName, 'cacheImages'>>

async function perform(driver: Driver, message: ServerMessage, server: string): Promise<unknown> {
  switch (message.call) {
    case 'spawn': {
      const { spec, disk, powerOn } = (message as HostMessage<'spawn'>).args
      await driver.spawn(spec, disk, powerOn)
      return null
    }
    case 'reboot':
      await driver.reboot(server, (message as HostMessage<'reboot'>).args.type)
      return null
    case 'rescue':
      await driver.rescue(server, (message as HostMessage<'rescue'>).args.image)
      return null
    case 'setPassword':
      await driver.setPassword(server, (message as HostMessage<'setPassword'>).args.password)
      return null
    case 'attachInterface':
      await driver.attachInterface(server, (message as HostMessage<'attachInterface'>).args.vif)
      return null
    case 'detachInterface':
      await driver.detachInterface(server, (message as HostMessage<'detachInterface'>).args.vif)
      return null
    case 'attachVolume':
      await driver.attachVolume(server, (message as HostMessage<'attachVolume'>).args.volume)
      return null
    case 'detachVolume':
      await driver.detachVolume(server, (message as HostMessage<'detachVolume'>).args.volumeId)
      return null
    case 'setVolumes':
      await driver.setVolumes(server, (message as HostMessage<'setVolumes'>).args.volumes)
      return null
    case 'swapVolume': {
      const { oldVolumeId, volume } = (message as HostMessage<'swapVolume'>).args
      await driver.swapVolume(server, oldVolumeId, volume)
      return null
    }
    case 'extendVolume': {
      const { volumeId, sizeGb } = (message as HostMessage<'extendVolume'>).args
      await driver.extendVolume(server, volumeId, sizeGb)
      return null
    }
    case 'injectNetworkInfo':
      await driver.injectNetworkInfo(server, (message as HostMessage<'injectNetworkInfo'>).args.network)
      return null
    case 'diagnostics':
      return driver.diagnostics(server)
    case 'consoleEndpoint':
      return driver.consoleEndpoint(server, (message as HostMessage<'consoleEndpoint'>).args.protocol)
    case 'consoleOutput':
      return driver.consoleOutput(server, (message as HostMessage<'consoleOutput'>).args.lines)
    case 'checkIncoming': {
      const { spec, blockMigration } = (message as HostMessage<'checkIncoming'>).args
      await driver.checkIncoming(spec, blockMigration)
      return null
    }
    case 'checkOutgoing':
      await driver.checkOutgoing(server, (message as HostMessage<'checkOutgoing'>).args.blockMigration)
      return null
    case 'receive':
      await driver.receive((message as HostMessage<'receive'>).args.spec)
      return null
    case 'send':
      return driver.send(server, (message as HostMessage<'send'>).args.toHost)
    case 'snapshot':
      return driver.snapshot(server)
    case 'pack':
      return driver.pack(server)
    case 'power':
      return driver.power(server)
    default:
      await driver[message.call](server)
      return null
  }
}

function asMessage(error: unknown): ErrorMessage {
  if (error instanceof HostError)
    return {
      name: error.name,
      message: error.message,
      code: error.code,
      isPublic: error.isPublic,
      stack: error.stack,
    }
  if (error instanceof MachineNotFound)
    return { name: error.name, message: error.message, code: 404, isPublic: true, stack: error.stack }
  if (error instanceof Error)
    return { name: error.name, message: error.message, code: null, isPublic: false, stack: error.stack }
  return { name: 'Error', message: String(error), code: null, isPublic: false, stack: undefined }
}
