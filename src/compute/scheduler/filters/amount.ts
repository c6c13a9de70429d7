// The arithmetic of placement's capacity check, shared by the filters of each resource.
import type { HostCauseCode } from '../../../model/causes/hosts.ts'
import type { Cause } from '../selection.ts'
import type { Amounts } from '../snapshot.ts'

/** What can still be given away; never below zero. */
export const free = (amounts: Amounts): number => Math.max(0, Math.floor(capacity(amounts)) - amounts.used)

const capacity = (amounts: Amounts) => (amounts.total - amounts.reserved) * amounts.ratio

interface Words {
  readonly filter: string
  /** `memory`: what stands before the colon. */
  readonly label: string
  readonly unit: string
  readonly tooSmall: HostCauseCode
  readonly tooFull: HostCauseCode
}

/** Null when `need` fits; else the numbers: one server may have at most maxUnit, all together the capacity. */
export function lacking(amounts: Amounts | undefined, need: number, words: Words): Cause | null {
  const most = amounts === undefined ? 0 : (amounts.maxUnit ?? amounts.total)
  if (need > most) {
    const text = `${words.label}: needs ${need} ${words.unit}, a server can have at most ${most} ${words.unit}`
    return numbers(words, words.tooSmall, text, need, most)
  }
  if (amounts === undefined || amounts.used + need <= capacity(amounts)) return null
  const have = free(amounts)
  const text = `${words.label}: needs ${need} ${words.unit}, has ${have} ${words.unit}, short ${need - have} ${words.unit}`
  return numbers(words, words.tooFull, text, need, have)
}

const numbers = (words: Words, code: HostCauseCode, text: string, need: number, have: number): Cause => ({
  code,
  filter: words.filter,
  text,
  need,
  have,
  short: need - have,
  unit: words.unit,
})
