// Where simulated machines live: a small JSON file each, in a folder for each host, so that they survive the process.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJson } from '../../../base/json.ts'
import type { PowerState } from '../../../model/server-states.ts'
import type { MachineVolume } from '../driver.ts'

export interface Machine {
  readonly id: string
  readonly name: string
  readonly hostname: string
  readonly power: PowerState
  readonly vcpus: number
  readonly memoryMb: number
  readonly diskGb: number
  readonly imageId: string
  readonly rescueImageId: string | null
  readonly macs: readonly string[]
  /** Files put in when it was built: path and length in bytes. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
  /** Names of the disks on its host. */
  readonly localDisks: readonly string[]
  readonly volumes: readonly MachineVolume[]
  /** Base64 of a disk that came from elsewhere; empty for a fresh copy of the image. */
  readonly disk: string
  readonly console: string
}

export interface MachineFiles {
  read(id: string): Machine | null
  all(): readonly Machine[]
  write(machine: Machine): void
  remove(id: string): void
}

/** Machines of one host below `folder`; a write replaces the file at once, so that a crash leaves the old or the new. */
export function machineFiles(folder: string): MachineFiles {
  mkdirSync(folder, { recursive: true })
  const known = new Map<string, Machine>()
  for (const name of readdirSync(folder))
    if (name.endsWith('.json')) {
      const machine = machineIn(readFileSync(join(folder, name), 'utf8'))
      known.set(machine.id, machine)
    } else rmSync(join(folder, name), { force: true })
  const file = (id: string) => join(folder, `${id}.json`)
  return {
    read: id => known.get(id) ?? null,
    all: () => [...known.values()],
    write(machine) {
      writeFileSync(`${file(machine.id)}.new`, JSON.stringify(machine), { mode: 0o600 })
      renameSync(`${file(machine.id)}.new`, file(machine.id))
      known.set(machine.id, machine)
    },
    remove(id) {
      rmSync(file(id), { force: true })
      known.delete(id)
    },
  }
}

/** A machine of before there were volumes has its root disk alone. */
const machineIn = (text: string): Machine => ({
  localDisks: ['/dev/vda'],
  volumes: [],
  ...readJson<Omit<Machine, 'localDisks' | 'volumes'> & Partial<Machine>>(text),
})
