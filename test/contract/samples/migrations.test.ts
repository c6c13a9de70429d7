// Nova's documented requests about migrations that are going on, replayed.
import { runRows } from './run.ts'
import { migrationRows } from './tables/moves.ts'

// Slow enough to be looked at (512 MB take 25 s), and not for ever: the next server waits for the end of the first move.
await runRows(migrationRows, { migrationRate: 20 })
