// Placement as compute uses it: hosts report what they have, servers claim it.
import { isObject } from '../../../base/json.ts'
import { ratios, reserved } from '../../../model/ratios.ts'
import type { ClientReply } from '../../../platform/http/client.ts'
import type { OnBehalf, PlacementNeighbour } from '../neighbours.ts'
import { expect, list, type Session } from './session.ts'

const version = { 'openstack-api-version': 'placement 1.36' }

/** For changes another one at the same time made placement refuse. */
const triesMax = 5

export function placementNeighbour(session: Session): PlacementNeighbour {
  const call = (
    on: OnBehalf,
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<ClientReply> => session.call(on, 'placement', { method, path, body, headers: version })
  const allocationsOf = async (on: OnBehalf, consumer: string) => {
    const reply = expect(await call(on, 'GET', `/allocations/${consumer}`), 'placement', 200)
    const body = isObject(reply.body) ? reply.body : {}
    return {
      allocations: (isObject(body.allocations) ? body.allocations : {}) as Record<
        string,
        { readonly resources: Record<string, number> }
      >, // placement's documented shape
      generation: typeof body.consumer_generation === 'number' ? body.consumer_generation : null,
      projectId: String(body.project_id ?? ''),
      userId: String(body.user_id ?? ''),
    }
  }
  return {
    async report(on, host) {
      const made = await call(on, 'POST', '/resource_providers', { uuid: host.uuid, name: host.name })
      expect(made, 'placement', 200, 201, 409)
      const current = expect(
        await call(on, 'GET', `/resource_providers/${host.uuid}/inventories`),
        'placement',
        200,
      )
      const generation = isObject(current.body) ? current.body.resource_provider_generation : 0
      const inventory = (total: number, name: keyof typeof ratios) => ({
        total,
        reserved: reserved[name],
        min_unit: 1,
        max_unit: total,
        step_size: 1,
        allocation_ratio: ratios[name],
      })
      const body = {
        resource_provider_generation: generation,
        inventories: {
          VCPU: inventory(host.vcpus, 'vcpus'),
          MEMORY_MB: inventory(host.memoryMb, 'memoryMb'),
          DISK_GB: inventory(host.diskGb, 'diskGb'),
        },
      }
      expect(await call(on, 'PUT', `/resource_providers/${host.uuid}/inventories`, body), 'placement', 200)
    },
    async claim(on, consumer, providerId, amounts, owner) {
      // A generation conflict is somebody else's claim on the same host at the same time: look again and try again.
      let generation: number | null = null
      for (let attempt = 0; attempt < triesMax; attempt += 1) {
        const body = {
          allocations: { [providerId]: { resources: amounts.resources } },
          project_id: owner.projectId,
          user_id: owner.userId,
          consumer_generation: generation,
        }
        const reply = await call(on, 'PUT', `/allocations/${consumer}`, body)
        if (reply.status === 204) return true
        if (reply.status !== 409) expect(reply, 'placement', 204)
        if (!isConcurrent(reply)) return false
        generation = (await allocationsOf(on, consumer)).generation
      }
      return false
    },
    async release(on, consumer) {
      expect(await call(on, 'DELETE', `/allocations/${consumer}`), 'placement', 204, 404)
    },
    async providersWith(on, trait) {
      const reply = await call(on, 'GET', `/resource_providers?required=${encodeURIComponent(trait)}`)
      // An unknown trait is refused with a 400: nobody has it.
      if (reply.status === 400) return new Set()
      return new Set(
        list(expect(reply, 'placement', 200), 'resource_providers').map(({ uuid }) => String(uuid)),
      )
    },
    async setTrait(on, providerId, trait, isThere) {
      const path = `/resource_providers/${providerId}/traits`
      for (let attempt = 1; ; attempt += 1) {
        const { body } = expect(await call(on, 'GET', path), 'placement', 200)
        const { traits, resource_provider_generation } = body as {
          readonly traits: readonly string[]
          readonly resource_provider_generation: number
        } // placement's documented shape
        if (traits.includes(trait) === isThere) return
        const wanted = isThere ? [...traits, trait] : traits.filter(one => one !== trait)
        const reply = await call(on, 'PUT', path, { traits: wanted, resource_provider_generation })
        if (reply.status === 409 && attempt < triesMax) continue
        expect(reply, 'placement', 200)
        return
      }
    },
    async move(on, from, to, options) {
      const [source, target] = [await allocationsOf(on, from), await allocationsOf(on, to)]
      if (Object.keys(source.allocations).length === 0) return
      if (options?.onlyWhenEmpty && Object.keys(target.allocations).length > 0) return
      const owner = { project_id: source.projectId, user_id: source.userId }
      const kept = Object.fromEntries(
        Object.entries(source.allocations).map(([provider, { resources: amounts }]) => [
          provider,
          { resources: amounts },
        ]),
      )
      const body = {
        [from]: { allocations: {}, ...owner, consumer_generation: source.generation },
        [to]: { allocations: kept, ...owner, consumer_generation: target.generation },
      }
      expect(await call(on, 'POST', '/allocations', body), 'placement', 204)
    },
  }
}

function isConcurrent(reply: ClientReply): boolean {
  const errors = isObject(reply.body) && Array.isArray(reply.body.errors) ? reply.body.errors : []
  return errors.some(error => isObject(error) && error.code === 'placement.concurrent_update')
}
