// `changes-since` and `changes-before`, as all lists read them; the schema has checked the form.
import { type Instant, parseIso } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import type { ComputeCall } from './call.ts'
import { versionOf } from './negotiate.ts'

export interface Changes {
  readonly changesSince?: Instant
  readonly changesBefore?: Instant
}

/** 400 when since is after before. `changes-before` is read from 2.66 on. */
export function changesOf(call: ComputeCall): Changes {
  const at = (name: string) => {
    const value = call.query.one(name)
    return value === undefined ? undefined : parseIso(value)
  }
  const changesSince = at('changes-since')
  const changesBefore = versionOf(call).has('changesBefore') ? at('changes-before') : undefined
  if (changesSince !== undefined && changesBefore !== undefined && changesSince > changesBefore)
    throw fault('ReversedChanges')
  return { changesSince, changesBefore }
}
