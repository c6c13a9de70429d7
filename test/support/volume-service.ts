// The volume service alone: its own store, and a clock that goes on a second each time it is looked at.
import { silentLog } from '../../src/platform/journal/log.ts'
import { bootstrapVolume } from '../../src/volume/bootstrap.ts'
import type { VolumeDeps } from '../../src/volume/deps.ts'
import { createVolumeService } from '../../src/volume/service.ts'
import { volumeMigrations } from '../../src/volume/tables.ts'
import { type Answer, type Ask, callerTokens, runService } from './one-service.ts'
import { testStore } from './store.ts'

export interface VolumeAsk extends Ask {
  /** Microversion, `3.44`; the newest when not given, none for null. */
  readonly version?: string | null
}

export interface RunningVolumes {
  readonly origin: string
  readonly deps: VolumeDeps
  /** `path` below the service. */
  ask(method: string, path: string, ask?: VolumeAsk): Promise<Answer>
  close(): Promise<void>
}

export async function runVolumes(): Promise<RunningVolumes> {
  const store = await testStore(volumeMigrations)
  let at = Date.parse('2026-11-23T09:00:00Z')
  const clock = {
    now: () => {
      at += 1000
      return at
    },
  }
  const deps = { store, clock }
  await bootstrapVolume(deps)
  const running = await runService(createVolumeService({ ...deps, tokens: callerTokens, log: silentLog }))
  return {
    origin: running.origin,
    deps,
    ask: (method, path, { version = 'latest', headers, ...ask } = {}) =>
      running.ask(method, `/volume/v3${path}`, {
        ...ask,
        headers: {
          ...(version === null ? {} : { 'openstack-api-version': `volume ${version}` }),
          ...headers,
        },
      }),
    async close() {
      await running.close()
      await store.close()
    },
  }
}
