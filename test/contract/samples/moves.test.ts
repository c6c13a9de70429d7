// Nova's documented requests about moves of servers, replayed.
import { runRows } from './run.ts'
import { moveRows } from './tables/moves.ts'

await runRows(moveRows)
