// Every rule, by area. Of several that match one text the heaviest counts, then the first in this table.
import { accessRules } from './access.ts'
import { buildRules } from './build.ts'
import { driverRules } from './driver.ts'
import { hostRules } from './host.ts'
import { imageRules } from './image.ts'
import { migrationRules } from './migration.ts'
import { networkRules } from './network.ts'
import { placementRules } from './placement.ts'
import { platformRules } from './platform.ts'
import { quotaRules } from './quota.ts'
import { requestRules } from './request.ts'
import type { Rule } from './rule.ts'
import { stateRules } from './state.ts'
import { volumeRules } from './volume.ts'

export const rules: readonly Rule[] = [
  ...placementRules,
  ...buildRules,
  ...quotaRules,
  ...migrationRules,
  ...imageRules,
  ...volumeRules,
  ...networkRules,
  ...driverRules,
  ...accessRules,
  ...stateRules,
  ...hostRules,
  ...platformRules,
  ...requestRules,
]
