// What an exception nobody knows means, by where it happened: the step of the action, or the phase of a build.
import type { CauseCode } from '../../model/causes.ts'

const ofStep: Readonly<Record<string, CauseCode>> = {
  conductor_schedule_and_build_instances: 'Bug.Unexpected',
  conductor_migrate_server: 'Bug.Unexpected',
  cold_migrate: 'Bug.Unexpected',
  rebuild_server: 'Bug.Unexpected',
  schedule_instances: 'Bug.Unexpected',
  get_image_info: 'Image.Unreachable',
  compute__do_build_and_run_instance: 'Driver.Spawn',
  compute_rebuild_instance: 'Driver.Spawn',
  compute_unshelve_instance: 'Driver.Spawn',
  compute_start_instance: 'Driver.PowerOnFailed',
  compute_stop_instance: 'Driver.PowerOffFailed',
  compute_reboot_instance: 'Driver.Failed',
  compute_pause_instance: 'Driver.Failed',
  compute_unpause_instance: 'Driver.Failed',
  compute_suspend_instance: 'Driver.Failed',
  compute_resume_instance: 'Driver.Failed',
  compute_rescue_instance: 'Driver.Failed',
  compute_unrescue_instance: 'Driver.Failed',
  compute_terminate_instance: 'Driver.Failed',
  compute_soft_delete_instance: 'Driver.PowerOffFailed',
  compute_restore_instance: 'Driver.PowerOnFailed',
  compute_shelve_instance: 'Image.SnapshotFailed',
  compute_shelve_offload_instance: 'Driver.Failed',
  compute_snapshot_instance: 'Image.SnapshotFailed',
  compute_set_admin_password: 'Driver.PasswordNotSet',
  compute_prep_resize: 'Migration.ResizeFailed',
  compute_resize_instance: 'Migration.ResizeFailed',
  compute_finish_resize: 'Migration.ResizeFailed',
  compute_confirm_resize: 'Migration.ResizeFailed',
  compute_revert_resize: 'Migration.ResizeFailed',
  compute_finish_revert_resize: 'Migration.ResizeFailed',
  compute_live_migration: 'Migration.CopyFailed',
}

const ofPhase: Readonly<Record<string, CauseCode>> = {
  networking: 'Network.Failed',
  block_device_mapping: 'Build.Disks',
}

export const causeAt = (step: string, phase: string | null): CauseCode | null =>
  (phase === null ? undefined : ofPhase[phase]) ?? ofStep[step] ?? null

/** A try of a build, as our own cloud records it: `LibvirtError while spawning: what it said`. */
export interface Try {
  readonly exception: string
  readonly phase: string
  readonly text: string | null
}

const tryText = /^(?<exception>[A-Za-z_][\w.]{0,100}) while (?<phase>\w{1,40})(?:: (?<text>[\s\S]{1,4000}))?$/

export function readTry(details: string): Try | null {
  const groups = tryText.exec(details)?.groups
  const { exception, phase, text } = groups ?? {}
  return exception === undefined || phase === undefined ? null : { exception, phase, text: text ?? null }
}

/** As the last line of its traceback would be. */
export const exceptionOf = ({ exception, text }: Try): string =>
  text === null ? exception : `${exception}: ${text}`
