// At which step it failed, in the names Nova's events have: from the frames of a traceback, or from the words of the
// service that gave up.
import { eventRows } from '../../model/events.ts'
import type { LogRecord } from '../record.ts'

/** What a restart leaves among the events of an action: no step of it. */
export const recoveryMark = 'conductor_recover_operation'

/** Events that are around another and fail with it. */
export const innerEvents: Readonly<Record<string, string>> = { conductor_migrate_server: 'cold_migrate' }

const frame =
  /nova\/(?<part>compute|conductor)\/(?:manager|tasks\/(?<task>\w{1,40}))\.py", line \d{1,7}, in (?<name>\w{1,80})/

/** Methods whose event has another name than `compute_…`. */
const eventOf: Readonly<Record<string, string>> = {
  _do_build_and_run_instance: 'compute__do_build_and_run_instance',
  _build_and_run_instance: 'compute__do_build_and_run_instance',
  build_and_run_instance: 'compute__do_build_and_run_instance',
  _locked_do_build_and_run_instance: 'compute__do_build_and_run_instance',
  _do_rebuild_instance: 'compute_rebuild_instance',
  _do_live_migration: 'compute_live_migration',
  schedule_and_build_instances: 'conductor_schedule_and_build_instances',
  _cold_migrate: 'cold_migrate',
  migrate_server: 'conductor_migrate_server',
  live_migrate_instance: 'conductor_live_migrate_instance',
}
/** Frames of decorators and of what every method goes through. */
const passing = /^(?:decorated_function|inner|wrapped|wrapper|wrapped_func|dispatch|do_\w+|_\w+)$/

const saidSteps = [
  [/^Failed to compute_task_migrate_server: /, 'cold_migrate'],
  [
    /^Failed to compute_task_(?:build_instances|schedule_and_build_instances): |^Failed to schedule instances/,
    'conductor_schedule_and_build_instances',
  ],
  [/^Failed to compute_task_rebuild_server: /, 'rebuild_server'],
  [/^No valid host found for unshelve instance|^Failed to compute_task_unshelve/, 'schedule_instances'],
  [
    /^(?:Instance failed (?:to spawn|block device setup|network setup)|Failed to build and run instance|Build of instance )/,
    'compute__do_build_and_run_instance',
  ],
  [/^(?:Live Migration failure|Live migration failed|Migration operation )/, 'compute_live_migration'],
  [/^Pre live migration failed/, 'compute_live_migration'],
] as const

/** Our own conductor names the step of its operation. */
const ownEnd = /^[a-zA-Z]{1,40} failed at (\w{1,60})/

export function stepOf(record: LogRecord): string | null {
  for (let at = record.traceback.length - 1; at >= 0; at -= 1) {
    const groups = frame.exec(record.traceback[at] ?? '')?.groups
    if (groups === undefined) continue
    const { part, name = '' } = groups
    const event = eventOf[name] ?? (name in eventRows ? name : null)
    if (event) return event
    if (part === 'compute' && !passing.test(name)) return `compute_${name}`
  }
  const own = ownEnd.exec(record.message)?.[1]
  if (own !== undefined) return own
  for (const [match, step] of saidSteps) if (match.test(record.message)) return step
  return null
}
