// Nova's documented requests about other services' resources and about volumes, replayed.
import { runRows } from './run.ts'
import { proxyRows } from './tables/proxies.ts'
import { volumeRows } from './tables/volumes.ts'

await runRows([...proxyRows, ...volumeRows])
