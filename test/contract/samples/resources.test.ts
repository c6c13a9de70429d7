// Nova's documented requests about flavors, projects and the cloud's machinery, replayed.
import { runRows } from './run.ts'
import { flavorRows } from './tables/flavors.ts'
import { machineryRows } from './tables/machinery.ts'
import { projectRows } from './tables/projects.ts'

await runRows([...flavorRows, ...machineryRows, ...projectRows])
