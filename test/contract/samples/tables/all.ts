// Every row there is.
import type { SampleRow } from '../rows.ts'
import { actionRows } from './actions.ts'
import { flavorRows } from './flavors.ts'
import { historyRows } from './history.ts'
import { machineryRows } from './machinery.ts'
import { migrationRows, moveRows } from './moves.ts'
import { projectRows } from './projects.ts'
import { proxyRows } from './proxies.ts'
import { serverRows } from './servers.ts'
import { volumeRows } from './volumes.ts'

export const allRows: readonly SampleRow[] = [
  ...actionRows,
  ...flavorRows,
  ...historyRows,
  ...machineryRows,
  ...migrationRows,
  ...moveRows,
  ...projectRows,
  ...proxyRows,
  ...serverRows,
  ...volumeRows,
]
