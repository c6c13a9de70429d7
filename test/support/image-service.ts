// The image service alone: its own store, its own folder, a clock that goes on a second each time it is looked at.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImageDeps } from '../../src/image/deps.ts'
import { createImageService } from '../../src/image/service.ts'
import { imageMigrations } from '../../src/image/tables.ts'
import { silentLog } from '../../src/platform/journal/log.ts'
import {
  type Answer,
  type Ask,
  type Caller,
  callerTokens,
  type RunningService,
  runService,
} from './one-service.ts'
import { testStore } from './store.ts'

export interface RunningImages extends RunningService {
  readonly deps: ImageDeps
  /** A queued raw image of `demo`, or as told; answers it as shown. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  create(body?: Readonly<Record<string, unknown>>, as?: Caller): Promise<any>
  upload(id: string, data: string | Uint8Array<ArrayBuffer>, ask?: Ask): Promise<Answer>
  /** An active image with that data. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  active(data: string, body?: Readonly<Record<string, unknown>>, as?: Caller): Promise<any>
  patch(id: string, changes: unknown, ask?: Ask): Promise<Answer>
}

export const octets = { 'content-type': 'application/octet-stream' }
export const patchType = 'application/openstack-images-v2.1-json-patch'

export async function runImages(options: { readonly imageBytesMax?: number } = {}): Promise<RunningImages> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-images-'))
  const store = await testStore(imageMigrations)
  let at = Date.parse('2026-11-23T09:00:00Z')
  const clock = {
    now: () => {
      at += 1000
      return at
    },
  }
  const deps = { store, clock, folder, ...options }
  const running = await runService(createImageService({ ...deps, tokens: callerTokens, log: silentLog }))
  const create: RunningImages['create'] = async (body = {}, as = 'demo') => {
    const made = await running.ask('POST', '/image/v2/images', {
      as,
      body: { name: 'vm', disk_format: 'raw', container_format: 'bare', ...body },
    })
    if (made.status !== 201) throw new Error(`image not created: ${made.text}`)
    return made.body
  }
  const upload: RunningImages['upload'] = (id, data, ask = {}) =>
    running.ask('PUT', `/image/v2/images/${id}/file`, {
      raw: data,
      ...ask,
      headers: { ...octets, ...ask.headers },
    })
  return {
    ...running,
    deps,
    create,
    upload,
    async active(data, body, as = 'demo') {
      const { id } = await create(body, as)
      const done = await upload(id, data, { as })
      if (done.status !== 204) throw new Error(`image not uploaded: ${done.text}`)
      return (await running.ask('GET', `/image/v2/images/${id}`, { as })).body
    },
    patch: (id, changes, ask = {}) =>
      running.ask('PATCH', `/image/v2/images/${id}`, {
        raw: JSON.stringify(changes),
        ...ask,
        headers: { 'content-type': patchType, ...ask.headers },
      }),
    async close() {
      await running.close()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
