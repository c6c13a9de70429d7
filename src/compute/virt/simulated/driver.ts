// Simulated machines: they have states, disks and consoles, take the time they are told to take, fail when they are
// told to fail, and outlive the process, as a hypervisor's would. For people who test against a cloud, and for us.
import { powerStates } from '../../../model/server-states.ts'
import {
  type DiskParcel,
  type Driver,
  type HostResources,
  MachineNotFound,
  type MachineSpec,
} from '../driver.ts'
import { bootText, consoleEndpoint, nmiText } from './console.ts'
import { diagnosticsOf } from './diagnostics.ts'
import type { Machine, MachineFiles } from './machines.ts'
import { sendingOf } from './sending.ts'

export interface SimulatedOptions {
  readonly resources: HostResources
  readonly machines: MachineFiles
  /** Time each step takes, in ms. */
  readonly stepMs: number
  /** The other simulated hosts, which running machines can be sent to. */
  readonly peers: ReadonlyMap<string, MachineFiles>
  /** MB of memory sent to another host in a second; 0: all at once. */
  readonly sendMbPerSecond: number
  sleep(ms: number): Promise<void>
}

const { NOSTATE, RUNNING, PAUSED, SHUTDOWN, SUSPENDED } = powerStates

export function simulatedDriver(options: SimulatedOptions): Driver {
  const { resources, machines, peers, stepMs, sleep } = options
  const takeTime = (): Promise<void> | undefined => (stepMs > 0 ? sleep(stepMs) : undefined)
  const find = (id: string): Machine => {
    const machine = machines.read(id)
    if (!machine) throw new MachineNotFound(`Instance ${id} could not be found.`)
    return machine
  }
  const change = async (id: string, edit: (machine: Machine) => Machine): Promise<void> => {
    find(id)
    await takeTime()
    machines.write(edit(find(id)))
  }
  const power = (state: Machine['power']) => (id: string) =>
    change(id, machine => ({ ...machine, power: state }))
  const boot = (machine: Machine): Machine => ({
    ...machine,
    power: RUNNING,
    console: machine.console + bootText(machine),
  })
  return {
    resources: async () => resources,
    list: async () => machines.all().map(({ id, power: state }) => ({ id, power: state })),
    async spawn(spec: MachineSpec, disk: DiskParcel | null, powerOn: boolean) {
      await takeTime()
      const made = machineOf(spec, disk, SHUTDOWN)
      machines.write(powerOn ? boot(made) : made)
    },
    async destroy(id) {
      if (!machines.read(id)) return
      await takeTime()
      machines.remove(id)
    },
    start: id => change(id, machine => (machine.power === RUNNING ? machine : boot(machine))),
    stop: power(SHUTDOWN),
    reboot: id => change(id, boot),
    pause: power(PAUSED),
    unpause: power(RUNNING),
    suspend: power(SUSPENDED),
    resume: power(RUNNING),
    rescue: (id, image) => change(id, machine => boot({ ...machine, rescueImageId: image.id })),
    unrescue: id => change(id, machine => boot({ ...machine, rescueImageId: null })),
    setPassword: (id, _password) => change(id, machine => machine),
    attachInterface: (id, { mac }) =>
      change(id, machine => ({ ...machine, macs: [...new Set([...machine.macs, mac])] })),
    detachInterface: (id, { mac }) =>
      change(id, machine => ({ ...machine, macs: machine.macs.filter(other => other !== mac) })),
    crashDump: id => change(id, machine => ({ ...machine, console: machine.console + nmiText })),
    async snapshot(id) {
      const machine = find(id)
      await takeTime()
      return parcel(machine)
    },
    async pack(id) {
      await change(id, machine => ({ ...machine, power: SHUTDOWN }))
      return parcel(find(id))
    },
    diagnostics: async id => diagnosticsOf(find(id), resources.hypervisorType),
    consoleEndpoint: async (id, protocol) => consoleEndpoint(find(id), resources.hostIp, protocol),
    async checkIncoming() {
      await takeTime()
    },
    async checkOutgoing(id) {
      const machine = find(id)
      await takeTime()
      if (machine.power !== RUNNING && machine.power !== PAUSED)
        throw new Error(`${machine.name} does not run`)
    },
    async receive(spec) {
      await takeTime()
      const known = machines.read(spec.id)
      if (!known || known.power === NOSTATE) machines.write(machineOf(spec, null, NOSTATE))
    },
    ...sendingOf({ machines, peers, mbPerSecond: options.sendMbPerSecond, sleep }),
    async consoleOutput(id, lines) {
      const text = find(id).console
      if (lines === null) return text
      return lines === 0 ? '' : text.split('\n').slice(-lines).join('\n')
    },
    power: async id => machines.read(id)?.power ?? null,
  }
}

const machineOf = (spec: MachineSpec, disk: DiskParcel | null, power: Machine['power']): Machine => ({
  id: spec.id,
  name: spec.name,
  hostname: spec.hostname,
  power,
  vcpus: spec.flavor.vcpus,
  memoryMb: spec.flavor.memoryMb,
  diskGb: spec.flavor.rootGb,
  imageId: spec.image.id,
  rescueImageId: null,
  macs: spec.network.map(vif => vif.mac),
  files: spec.files.map(({ path, contents }) => ({ path, bytes: Buffer.from(contents, 'base64').length })),
  disk: disk === null ? '' : Buffer.from(disk.bytes).toString('base64'),
  console: '',
})

/** A simulated disk is small: which image it came from and what was written since. */
const parcel = (machine: Machine): DiskParcel => ({
  format: 'raw',
  bytes: Buffer.from(
    machine.disk === ''
      ? `faultline simulated disk\nimage ${machine.imageId}\nserver ${machine.id}\n`
      : Buffer.from(machine.disk, 'base64'),
  ),
})
