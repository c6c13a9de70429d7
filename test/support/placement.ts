// A placement service of its own for a test, and the shortest ways to have a provider and to claim from it.
import { newUuid } from '../../src/base/ids.ts'
import { systemClock } from '../../src/base/time.ts'
import { createPlacementService } from '../../src/placement/service.ts'
import { placementMigrations } from '../../src/placement/tables.ts'
import { silentLog } from '../../src/platform/journal/log.ts'
import { type Answer, type Ask, callerTokens, runService } from './one-service.ts'
import { testStore } from './store.ts'

export interface PlacementUnderTest {
  /** As administrator, at the newest microversion unless `minor` says otherwise; path below /placement. */
  ask(method: string, path: string, body?: unknown, options?: { minor?: number } & Ask): Promise<Answer>
  /** A provider with inventories; answers its UUID. */
  provider(inventories?: Readonly<Record<string, object>>, more?: object): Promise<string>
  generation(provider: string): Promise<number>
  /** PUT of a claim for a new consumer, or with its generation for an old one. */
  claim(
    provider: string,
    resources: Readonly<Record<string, number>>,
    more?: { consumer?: string; generation?: number | null; minor?: number },
  ): Promise<Answer>
  usages(provider: string): Promise<Readonly<Record<string, number>>>
  close(): Promise<void>
}

export const owner = { project_id: 'project-1', user_id: 'user-1', consumer_type: 'INSTANCE' }

export async function runPlacement(): Promise<PlacementUnderTest> {
  const store = await testStore(placementMigrations)
  const service = await runService(
    createPlacementService({ store, clock: systemClock, log: silentLog, tokens: callerTokens }),
  )
  const ask: PlacementUnderTest['ask'] = (method, path, body, { minor = 39, headers, ...rest } = {}) =>
    service.ask(method, `/placement${path}`, {
      as: 'admin',
      body,
      headers: { 'openstack-api-version': `placement 1.${minor}`, ...headers },
      ...rest,
    })
  let made = 0
  return {
    ask,
    async provider(inventories = { VCPU: { total: 4 } }, more = {}) {
      made += 1
      const uuid = newUuid()
      await ask('POST', '/resource_providers', { name: `provider-${made}`, uuid, ...more })
      await ask('PUT', `/resource_providers/${uuid}/inventories`, {
        resource_provider_generation: 0,
        inventories,
      })
      return uuid
    },
    generation: async uuid => (await ask('GET', `/resource_providers/${uuid}`)).body.generation,
    claim: (provider, resources, { consumer = newUuid(), generation = null, minor = 39 } = {}) =>
      ask(
        'PUT',
        `/allocations/${consumer}`,
        { allocations: { [provider]: { resources } }, ...owner, consumer_generation: generation },
        { minor },
      ),
    usages: async uuid => (await ask('GET', `/resource_providers/${uuid}/usages`)).body.usages,
    async close() {
      await service.close()
      await store.close()
    },
  }
}
