// Nova's documented requests about servers themselves, replayed.
import { runRows } from './run.ts'
import { serverRows } from './tables/servers.ts'

await runRows(serverRows)
