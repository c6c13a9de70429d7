// Payloads of `instance.<action>`: the base and what each family adds. One row a payload class.
import { readJson } from '../../base/json.ts'
import type { InstanceAction, instanceNotifications } from '../../model/notifications.ts'
import type { LogContext } from '../../platform/journal/log.ts'
import type { FlavorSnapshot } from '../snapshots.ts'
import { instanceName, type ServerRow } from '../store/servers.ts'
import { type NovaObject, payload } from './encode.ts'
import { exceptionPayload } from './exception.ts'
import { flavorPayload } from './flavor.ts'
import {
  type Attachments,
  type AuditPeriod,
  auditPeriodPayload,
  instanceData,
  type ServerFacts,
} from './instance.ts'
import { type KeypairFacts, keypairPayload } from './keypair.ts'

/** What a notification says besides the server's row; which of it is read depends on the action. */
export interface ServerExtra extends Attachments {
  /** The error that ended it: carried whole, and makes the priority ERROR. */
  readonly fault?: unknown
  /** resize_prep */
  readonly newFlavor?: FlavorSnapshot | null
  /** snapshot */
  readonly snapshotImageId?: string
  /** rescue: the image asked for; null for the server's own. */
  readonly rescueImageId?: string | null
  /** rescue, unversioned */
  readonly rescueImageName?: string
  /** volume_attach, volume_detach */
  readonly volumeId?: string
  /** volume_swap */
  readonly oldVolumeId?: string
  readonly newVolumeId?: string
  /** share_attach, share_detach */
  readonly shareId?: string
  /** create: the keypair put into the server, and its tags. */
  readonly keypairs?: readonly KeypairFacts[]
  readonly tags?: readonly string[]
}

type InstancePayloadName = Exclude<
  (typeof instanceNotifications)[InstanceAction]['payload'],
  'InstanceUpdatePayload' | 'InstanceExistsPayload'
>

const certificatesOf = (row: ServerRow): readonly string[] | null =>
  row.trusted_certs_json === null ? null : readJson(row.trusted_certs_json)

/** What each class has more than InstanceActionPayload. */
const additions = {
  InstanceActionPayload: () => ({}),
  InstanceCreatePayload: (row, extra) => ({
    keypairs: (extra.keypairs ?? []).map(keypairPayload),
    tags: extra.tags ?? [],
    trusted_image_certificates: certificatesOf(row),
    instance_name: instanceName(row),
  }),
  InstanceActionRebuildPayload: row => ({ trusted_image_certificates: certificatesOf(row) }),
  InstanceActionRescuePayload: (_row, extra) => ({ rescue_image_ref: extra.rescueImageId ?? null }),
  InstanceActionResizePrepPayload: (_row, extra) => ({
    new_flavor: extra.newFlavor ? flavorPayload(extra.newFlavor) : null,
  }),
  InstanceActionSnapshotPayload: (_row, extra) => ({ snapshot_image_id: extra.snapshotImageId ?? null }),
  InstanceActionVolumePayload: (_row, extra) => ({ volume_id: extra.volumeId ?? null }),
  InstanceActionVolumeSwapPayload: (_row, extra) => ({
    old_volume_id: extra.oldVolumeId ?? null,
    new_volume_id: extra.newVolumeId ?? null,
  }),
  InstanceActionSharePayload: (_row, extra) => ({ share_id: extra.shareId ?? null }),
} as const satisfies Record<InstancePayloadName, (row: ServerRow, extra: ServerExtra) => object>

/** The payload of an action; `fault` is null unless an error is carried. */
export const actionPayload = (
  name: InstancePayloadName,
  facts: ServerFacts,
  context: LogContext,
  extra: ServerExtra,
): NovaObject =>
  payload(name, {
    ...instanceData(facts, context, extra),
    fault: extra.fault === undefined ? null : exceptionPayload(extra.fault),
    ...additions[name](facts.row, extra),
  })

export const existsPayload = (
  facts: ServerFacts,
  context: LogContext,
  period: AuditPeriod,
  attachments: Attachments,
): NovaObject =>
  payload('InstanceExistsPayload', {
    ...instanceData(facts, context, attachments),
    audit_period: auditPeriodPayload(period),
  })
