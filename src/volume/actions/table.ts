// What can be done to a volume: each action's policy, the body it takes, and who does it.
import { isObject } from '../../base/json.ts'
import { fault } from '../../model/errors.ts'
import type { PolicyRule } from '../../model/policies.ts'
import { type VolumeFeature, volumeSince } from '../../model/volume-microversions.ts'
import type { Reply } from '../../platform/http/types.ts'
import { findVolume, type VolumeCall } from '../access.ts'
import { unmanageVolume } from '../managing/manage.ts'
import { versionOf } from '../negotiate.ts'
import { actionSchemas } from '../schemas.ts'
import type { Volume } from '../store.ts'
import * as attaching from './attach.ts'
import * as content from './content.ts'
import * as flags from './flags.ts'
import * as migrating from './migrate.ts'
import * as withCompute from './with-compute.ts'

interface ActionRow {
  readonly policy: PolicyRule
  readonly since?: VolumeFeature
  /** `given` is what stands under the action's name, as its schema in `schemas.ts` says. */
  // biome-ignore lint/suspicious/noExplicitAny: each action has a body of its own
  run(call: VolumeCall, volume: Volume, given: any): Promise<Reply>
}

export const volumeActions: Readonly<Record<keyof typeof actionSchemas, ActionRow>> = {
  'os-reserve': { policy: 'volume_extension:volume_actions:reserve', run: attaching.reserve },
  'os-unreserve': { policy: 'volume_extension:volume_actions:unreserve', run: attaching.unreserve },
  'os-begin_detaching': {
    policy: 'volume_extension:volume_actions:begin_detaching',
    run: attaching.beginDetaching,
  },
  'os-roll_detaching': {
    policy: 'volume_extension:volume_actions:roll_detaching',
    run: attaching.rollDetaching,
  },
  'os-attach': { policy: 'volume_extension:volume_actions:attach', run: attaching.attach },
  'os-detach': { policy: 'volume_extension:volume_actions:detach', run: attaching.detach },
  'os-force_detach': {
    policy: 'volume_extension:volume_admin_actions:force_detach',
    run: attaching.forceDetach,
  },
  'os-initialize_connection': {
    policy: 'volume_extension:volume_actions:initialize_connection',
    run: attaching.initializeConnection,
  },
  'os-terminate_connection': {
    policy: 'volume_extension:volume_actions:terminate_connection',
    run: attaching.terminateConnection,
  },
  'os-extend': { policy: 'volume:extend', run: content.extend },
  'os-volume_upload_image': {
    policy: 'volume_extension:volume_actions:upload_image',
    run: content.uploadToImage,
  },
  'os-retype': { policy: 'volume:retype', run: content.retype },
  revert: { policy: 'volume:revert_to_snapshot', since: 'revert', run: content.revert },
  'os-set_bootable': { policy: 'volume:update', run: flags.setBootable },
  'os-update_readonly_flag': { policy: 'volume:update_readonly_flag', run: flags.updateReadonly },
  'os-reset_status': { policy: 'volume_extension:volume_admin_actions:reset_status', run: flags.resetStatus },
  'os-force_delete': { policy: 'volume:force_delete', run: flags.forceDelete },
  'os-set_image_metadata': {
    policy: 'volume_extension:volume_image_metadata:set',
    run: flags.setImageMetadata,
  },
  'os-unset_image_metadata': {
    policy: 'volume_extension:volume_image_metadata:remove',
    run: flags.unsetImageMetadata,
  },
  'os-show_image_metadata': {
    policy: 'volume_extension:volume_image_metadata:show',
    run: flags.showImageMetadata,
  },
  'os-migrate_volume': {
    policy: 'volume_extension:volume_admin_actions:migrate_volume',
    run: migrating.migrate,
  },
  'os-migrate_volume_completion': {
    policy: 'volume_extension:volume_admin_actions:migrate_volume_completion',
    run: withCompute.completeMigration,
  },
  'os-unmanage': { policy: 'volume_extension:volume_unmanage', run: unmanageVolume },
  'os-reimage': {
    policy: 'volume:reimage',
    since: 'reimage',
    run: withCompute.reimage,
  },
  'os-extend_volume_completion': {
    policy: 'volume_extension:volume_admin_actions:extend_volume_complete',
    since: 'extendCompletion',
    run: withCompute.completeExtend,
  },
}

type ActionName = keyof typeof volumeActions

/** The action a body names. */
function actionOf(call: VolumeCall): ActionName {
  const [name, ...others] = isObject(call.body) ? Object.keys(call.body) : []
  if (name === undefined || others.length > 0) throw fault('MalformedBody')
  const isKnown = Object.hasOwn(volumeActions, name)
  const row: ActionRow | undefined = isKnown ? volumeActions[name as ActionName] : undefined // its own key
  if (!row || (row.since !== undefined && versionOf(call).minor < volumeSince(row.since)))
    throw fault('VolumeBadRequest', { reason: `There is no such action: ${name}` })
  return name as ActionName // likewise
}

/** The schema of the body, by the action in it. */
export const volumeActionBody = (call: VolumeCall): object => actionSchemas[actionOf(call)]

export async function actOnVolume(call: VolumeCall): Promise<Reply> {
  const name = actionOf(call)
  const { policy, run } = volumeActions[name]
  const volume = await findVolume(call, policy, call.params.volume_id!) // in the route's path
  return run(call, volume, (call.body as Readonly<Record<string, unknown>>)[name]) // an object: it names the action
}
