// Live migration between simulated hosts: a machine's memory goes over at a rate, so that there is time to look at it,
// to abort it or to force it; then its file is the other host's.
import { powerStates } from '../../../model/server-states.ts'
import { type Driver, MachineNotFound, type Sending } from '../driver.ts'
import type { Machine, MachineFiles } from './machines.ts'

export interface SendingOptions {
  readonly machines: MachineFiles
  /** The other simulated hosts. */
  readonly peers: ReadonlyMap<string, MachineFiles>
  /** MB of memory sent in a second; 0: all at once. */
  readonly mbPerSecond: number
  sleep(ms: number): Promise<void>
}

/** How long the caller waits at most before it is told how far the machine is. */
const reportMs = 250
const bytesOfMb = 1024 * 1024

interface Way {
  sentMb: number
  isAborted: boolean
  isForced: boolean
  /** Ends the wait; null while nobody waits. */
  wake: (() => void) | null
}

export function sendingOf({
  machines,
  peers,
  mbPerSecond,
  sleep,
}: SendingOptions): Pick<Driver, 'send' | 'abortSend' | 'completeSend'> {
  const ways = new Map<string, Way>()
  return {
    async send(id, toHost) {
      const peer = peers.get(toHost)
      if (!peer) throw new Error(`no simulated host ${toHost}`)
      const machine = machines.read(id)
      if (!machine) return arrived(peer, id)
      const way = ways.get(id) ?? { sentMb: 0, isAborted: false, isForced: false, wake: null }
      ways.set(id, way)
      if (mbPerSecond > 0) await advance(way, machine.memoryMb)
      if (way.isAborted) {
        ways.delete(id)
        return { state: 'cancelled', ...progress(machine, way.sentMb) }
      }
      if (mbPerSecond > 0 && !way.isForced && way.sentMb < machine.memoryMb)
        return { state: 'running', ...progress(machine, way.sentMb) }
      ways.delete(id)
      // First there, then not here: a process that dies in between finds it in both places, and sends it again.
      // Its volumes are connected to the other host already.
      peer.write({ ...(machines.read(id) ?? machine), volumes: peer.read(id)?.volumes ?? machine.volumes })
      machines.remove(id)
      return { state: 'done', ...progress(machine, machine.memoryMb) }
    },
    async abortSend(id) {
      const way = ways.get(id)
      if (!way) return
      // Between two calls nobody would hear of it: it is as if it had never begun.
      if (way.wake === null) ways.delete(id)
      way.isAborted = true
      way.wake?.()
    },
    async completeSend(id) {
      const way = ways.get(id)
      if (!way) return
      way.isForced = true
      way.wake?.()
    },
  }

  async function advance(way: Way, memoryMb: number): Promise<void> {
    if (way.isAborted || way.isForced) return
    const ms = Math.min(reportMs, ((memoryMb - way.sentMb) / mbPerSecond) * 1000)
    const woken = Promise.withResolvers<void>()
    way.wake = woken.resolve
    await Promise.race([sleep(ms), woken.promise])
    way.wake = null
    way.sentMb = Math.min(memoryMb, way.sentMb + (ms * mbPerSecond) / 1000)
  }
}

/** Sent before, by a process that died before it could say so. */
function arrived(peer: MachineFiles, id: string): Sending {
  const machine = peer.read(id)
  if (!machine || machine.power === powerStates.NOSTATE)
    throw new MachineNotFound(`Instance ${id} could not be found.`)
  return { state: 'done', ...progress(machine, machine.memoryMb) }
}

function progress(machine: Machine, sentMb: number): Pick<Sending, 'memory' | 'disk'> {
  const [total, processed] = [machine.memoryMb, sentMb].map(mb => Math.round(mb * bytesOfMb)) as [
    number,
    number,
  ] // two in, two out
  return { memory: { total, processed, remaining: total - processed }, disk: null }
}
