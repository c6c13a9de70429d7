// The flavors every new cloud has (product.md, "Preloaded").
import type { Clock } from '../base/time.ts'
import type { Store } from '../platform/store/store.ts'
import { insertFlavor } from './store/flavors.ts'
import { takeTurn } from './store/locks.ts'
import type { ComputeTables } from './tables.ts'

const preloaded = [
  { id: '1', name: 'm1.tiny', vcpus: 1, memory_mb: 512, root_gb: 1 },
  { id: '2', name: 'm1.small', vcpus: 1, memory_mb: 2048, root_gb: 20 },
  { id: '3', name: 'm1.medium', vcpus: 2, memory_mb: 4096, root_gb: 40 },
  { id: '4', name: 'm1.large', vcpus: 4, memory_mb: 8192, root_gb: 80 },
  { id: '5', name: 'm1.xlarge', vcpus: 8, memory_mb: 16_384, root_gb: 160 },
]

/** Adds the preloaded flavors, once in the life of a database: deleted ones stay deleted. */
export async function bootstrapFlavors(store: Store, clock: Clock): Promise<void> {
  await store.accept<ComputeTables, void>(async tx => {
    await takeTurn(tx, 'flavor bootstrap')
    const done = await tx
      .selectFrom('counters')
      .select('value')
      .where('name', '=', 'flavor')
      .executeTakeFirst()
    if (done) return
    for (const flavor of preloaded)
      await insertFlavor(tx, {
        ...flavor,
        ephemeral_gb: 0,
        swap_mb: 0,
        rxtx_factor: 1,
        is_public: 1,
        disabled: 0,
        description: null,
        extra_specs_json: '{}',
        created_at: clock.now(),
        updated_at: null,
      })
  })
}
