// Nova's documented requests about what is done to servers, replayed.
import { runRows } from './run.ts'
import { actionRows } from './tables/actions.ts'
import { historyRows } from './tables/history.ts'

// Deleted servers can be restored for a while; shelved ones keep their host until they are told to leave it.
await runRows([...actionRows, ...historyRows], {
  compute: { reclaimSeconds: 3600, shelvedOffloadSeconds: -1 },
})
