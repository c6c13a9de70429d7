// Every rule, by area. Of several that match one text the heaviest counts, then the first in this table.
import { buildRules } from './build.ts'
import type { Rule } from './rule.ts'

export const rules: readonly Rule[] = [...buildRules]
