// The volume service alone: its own store and folder, images and servers that are made up, and a clock that goes on a
// second each time it is looked at.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { silentLog } from '../../src/platform/journal/log.ts'
import { type BackupFiles, backupFiles } from '../../src/volume/backups/files.ts'
import { bootstrapVolume } from '../../src/volume/bootstrap.ts'
import type { VolumeDeps } from '../../src/volume/deps.ts'
import { type VolumeFiles, volumeFiles } from '../../src/volume/files.ts'
import type { ImageFacts, NewImage, VolumeEvent, VolumeNeighbours } from '../../src/volume/neighbours.ts'
import { createVolumeService } from '../../src/volume/service.ts'
import { volumeMigrations } from '../../src/volume/tables.ts'
import { createVolumeWork, type VolumeWork, type VolumeWorkDeps } from '../../src/volume/work.ts'
import { type Answer, type Ask, callers, callerTokens, runService } from './one-service.ts'
import { testStore } from './store.ts'

export interface VolumeAsk extends Ask {
  /** Microversion, `3.44`; the newest when not given, none for null. */
  readonly version?: string | null
}

// biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
type Json = any

/** Images and servers nobody has to run a service for. */
export interface MadeUp {
  readonly images: Map<string, { readonly facts: ImageFacts; readonly data: Buffer }>
  readonly made: NewImage[]
  /** What was uploaded, by image. */
  readonly uploads: Map<string, Buffer>
  /** Attachments by which servers have volumes, by `<server> <volume>`. */
  readonly attached: Map<string, string>
  /** What servers were told, and those that can be. */
  readonly told: VolumeEvent[]
  readonly listening: Set<string>
  /** Refuses downloads and uploads while true. */
  isDown: boolean
}

export interface RunningVolumes extends AsyncDisposable {
  readonly origin: string
  readonly deps: VolumeDeps
  readonly workDeps: VolumeWorkDeps
  readonly work: VolumeWork
  readonly files: VolumeFiles
  readonly backups: BackupFiles
  readonly folder: string
  readonly madeUp: MadeUp
  /** `path` below the service. */
  ask(method: string, path: string, ask?: VolumeAsk): Promise<Answer>
  /** A volume of 1 GiB, or as told, when it is done. */
  volume(given?: object, ask?: VolumeAsk): Promise<Json>
  snapshot(volumeId: string, given?: object): Promise<Json>
  show(id: string): Promise<Json>
  act(id: string, body: object, ask?: VolumeAsk): Promise<Answer>
  close(): Promise<void>
}

export async function runVolumes(): Promise<RunningVolumes> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-volumes-'))
  const store = await testStore(volumeMigrations)
  let at = Date.parse('2026-11-23T09:00:00Z')
  const clock = {
    now: () => {
      at += 1000
      return at
    },
  }
  const madeUp: MadeUp = {
    images: new Map(),
    made: [],
    uploads: new Map(),
    attached: new Map(),
    told: [],
    listening: new Set(),
    isDown: false,
  }
  const files = volumeFiles(folder)
  const neighbours = neighboursOf(madeUp)
  const backups = backupFiles(join(folder, 'backups'))
  const host = 'here'
  const workDeps = { store, clock, files, backups, host, neighbours, log: silentLog, sleep: async () => {} }
  const work = createVolumeWork(workDeps)
  const deps = { store, clock, neighbours, work, files, host }
  await bootstrapVolume(deps)
  const running = await runService(createVolumeService({ ...deps, tokens: callerTokens, log: silentLog }))
  const ask: RunningVolumes['ask'] = (method, path, { version = 'latest', headers, ...more } = {}) =>
    running.ask(method, `/volume/v3${path}`, {
      ...more,
      headers: { ...(version === null ? {} : { 'openstack-api-version': `volume ${version}` }), ...headers },
    })
  const made = async (path: string, key: string, given: object, more: VolumeAsk = {}) => {
    const answer = await ask('POST', path, { ...more, body: { [key]: given } })
    if (answer.status !== 202) throw new Error(answer.text)
    await work.settled()
    return (await ask('GET', `${path}/${answer.body[key].id}`, { as: 'admin' })).body[key]
  }
  async function close() {
    await running.close()
    await work.drain(1000)
    await store.close()
    await rm(folder, { recursive: true, force: true })
  }
  return {
    origin: running.origin,
    deps,
    workDeps,
    work,
    files,
    backups,
    folder,
    madeUp,
    ask,
    volume: (given = {}, more = {}) => made('/volumes', 'volume', { size: 1, ...given }, more),
    snapshot: (volume_id, given = {}) => made('/snapshots', 'snapshot', { volume_id, ...given }),
    show: async id => (await ask('GET', `/volumes/${id}`, { as: 'admin' })).body.volume,
    async act(id, body, more = {}) {
      const answer = await ask('POST', `/volumes/${id}/action`, { ...more, body })
      await work.settled()
      return answer
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

const neighboursOf = (madeUp: MadeUp): VolumeNeighbours => ({
  identity: {
    hasProject: async (_on, id) => Object.values(callers).some(({ project }) => project?.id === id),
  },
  image: {
    find: async (_on, id) => madeUp.images.get(id)?.facts ?? null,
    async create(_on, image) {
      madeUp.made.push(image)
      return image.visibility === 'public'
        ? { refusal: 'You are not authorized to complete publicize_image action.' }
        : { id: `00000000-0000-4000-8000-${String(madeUp.made.length).padStart(12, '0')}` }
    },
    async download(_on, id) {
      const image = madeUp.images.get(id)
      if (madeUp.isDown || !image) throw new Error('the image service does not answer')
      return Readable.from([image.data])
    },
    async upload(_on, id, data) {
      if (madeUp.isDown) throw new Error('the image service does not answer')
      const parts: Buffer[] = []
      for await (const part of data as AsyncIterable<Buffer>) parts.push(part)
      madeUp.uploads.set(id, Buffer.concat(parts))
    },
    remove: async () => {},
  },
  compute: {
    attachmentOf: async (_on, server, volume) => madeUp.attached.get(`${server} ${volume}`) ?? null,
    async tell(_on, events) {
      madeUp.told.push(...events)
      return events.filter(({ serverId }) => madeUp.listening.has(serverId)).length
    },
  },
})

/** Puts an image there; answers its id. */
export function image(madeUp: MadeUp, data: string, facts: Partial<ImageFacts> = {}): string {
  const id = `11111111-0000-4000-8000-${String(madeUp.images.size).padStart(12, '0')}`
  const bytes = Buffer.from(data)
  madeUp.images.set(id, {
    data: bytes,
    facts: {
      id,
      name: 'vm',
      status: 'active',
      sizeBytes: bytes.length,
      virtualSizeBytes: bytes.length,
      minDiskGb: 0,
      properties: { image_id: id, image_name: 'vm', disk_format: 'raw', min_disk: '0' },
      ...facts,
    },
  })
  return id
}
