import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { newUuid } from '../../src/base/ids.ts'
import { owner, runPlacement } from '../../test/support/placement.ts'

const placement = await runPlacement()
after(() => placement.close())
const { ask, provider, claim } = placement
const [small, big, disabled] = [
  await provider({ VCPU: { total: 2 }, MEMORY_MB: { total: 2048 } }),
  await provider({ VCPU: { total: 8, allocation_ratio: 2 }, MEMORY_MB: { total: 8192, reserved: 512 } }),
  await provider({ VCPU: { total: 8 }, MEMORY_MB: { total: 8192 } }),
]
const aggregate = newUuid()
await ask('PUT', `/resource_providers/${disabled}/traits`, {
  traits: ['COMPUTE_STATUS_DISABLED'],
  resource_provider_generation: 1,
})
await ask('PUT', `/resource_providers/${big}/aggregates`, {
  aggregates: [aggregate],
  resource_provider_generation: 1,
})
await claim(big, { VCPU: 1 })

const list = (query: string, minor = 39) =>
  ask('GET', `/allocation_candidates?${query}`, undefined, { minor })
const found = async (query: string) =>
  (await list(query)).body.allocation_requests.map(
    (request: { allocations: object }) => Object.keys(request.allocations)[0],
  )

test("Nova's question is answered with who could take it and what they have", async () => {
  const { status, body } = await list(
    `limit=1000&resources=VCPU:4,MEMORY_MB:512&required=!COMPUTE_STATUS_DISABLED&member_of=in:${aggregate}`,
    36,
  )
  assert.equal(status, 200)
  assert.deepEqual(body, {
    allocation_requests: [
      { allocations: { [big]: { resources: { VCPU: 4, MEMORY_MB: 512 } } }, mappings: { '': [big] } },
    ],
    provider_summaries: {
      [big]: {
        resources: {
          MEMORY_MB: { capacity: 7680, used: 0 },
          VCPU: { capacity: 16, used: 1 },
        },
        traits: [],
        parent_provider_uuid: null,
        root_provider_uuid: big,
      },
    },
  })
})

test('a candidate can be sent back as a claim', async () => {
  const [request] = (await list('resources=VCPU:1&limit=1')).body.allocation_requests
  const consumer = newUuid()
  const body = { ...request, ...owner, consumer_generation: null }
  assert.equal((await ask('PUT', `/allocations/${consumer}`, body)).status, 204)
  await ask('DELETE', `/allocations/${consumer}`)
})

test('room, traits, aggregates, trees and the limit decide who is named', async () => {
  assert.deepEqual((await found('resources=VCPU:2')).toSorted(), [small, big, disabled].toSorted())
  assert.deepEqual(await found('resources=VCPU:16'), [])
  assert.deepEqual(await found('resources=VCPU:15'), [big])
  assert.deepEqual(await found('resources=VCPU:1&required=COMPUTE_STATUS_DISABLED'), [disabled])
  assert.deepEqual(await found(`resources=VCPU:1&in_tree=${small}`), [small])
  assert.deepEqual(
    (await found(`resources=VCPU:1&member_of=!${aggregate}`)).toSorted(),
    [small, disabled].toSorted(),
  )
  assert.deepEqual(await found('resources=VCPU:1&root_required=COMPUTE_STATUS_DISABLED'), [disabled])
  assert.equal((await found('resources=VCPU:1&limit=2')).length, 2)
  assert.equal((await found('resources=VCPU:1&group_policy=none')).length, 3)
})

test('old versions: a list before 1.12, only what was asked for before 1.27', async () => {
  const { body } = await list('resources=VCPU:15', 11)
  assert.deepEqual(body, {
    allocation_requests: [{ allocations: [{ resource_provider: { uuid: big }, resources: { VCPU: 15 } }] }],
    provider_summaries: { [big]: { resources: { VCPU: { capacity: 16, used: 1 } } } },
  })
})

test('granular groups are 501, nonsense is 400', async () => {
  assert.equal((await list('resources=VCPU:1&resources1=DISK_GB:1')).status, 501)
  for (const query of [
    '',
    'required=COMPUTE_NODE',
    'resources=NOTHING:1',
    'resources=VCPU:1&required=NOT_A_TRAIT',
    'resources=VCPU:1&limit=0',
    'resources=VCPU:1&limit=x',
    'resources=VCPU:1&group_policy=other',
    'resources=VCPU:1&colour=red',
  ])
    assert.equal((await list(query)).status, 400, query)
  assert.equal((await list('resources=VCPU:1&limit=1', 15)).status, 400)
})
