// Sends notifications. Callers say what happened to what; names, payloads, publishers and both forms come from
// model/notifications.ts and the builders beside this file. Nothing is built that nobody wants.
import {
  type InstanceAction,
  type InstancePhase,
  type InstanceRow,
  instanceNotifications,
  otherNotifications,
} from '../../model/notifications.ts'
import type { FlavorRow } from '../store/flavors.ts'
import { type ServerRow, volumesOf } from '../store/servers.ts'
import type { ServiceRow } from '../store/services.ts'
import {
  type AggregateChange,
  type AggregateFacts,
  aggregateCachePayload,
  aggregatePayload,
  type CacheProgress,
  legacyAggregate,
} from './aggregate.ts'
import { computeTaskPayload, legacyComputeTask, type TaskFailure, type TaskMethod } from './compute-task.ts'
import { exceptionPayload, printedException } from './exception.ts'
import { type FlavorAction, flavorRowPayload } from './flavor.ts'
import { type Attachments, currentAuditPeriod, factsOf, type ToldDevice } from './instance.ts'
import { actionPayload, existsPayload, type ServerExtra } from './instance-actions.ts'
import { type ServerChange, updatePayload } from './instance-update.ts'
import { type KeypairFacts, keypairPayload, legacyKeypair } from './keypair.ts'
import { legacyAction, legacyExists, legacyUpdate } from './legacy.ts'
import { legacyRequestSpec, type RequestFacts, requestSpecPayload } from './request-spec.ts'
import { publish, type Sender } from './sender.ts'
import { type GroupAction, type GroupFacts, legacyServerGroup, serverGroupPayload } from './server-group.ts'
import { servicePayload } from './service.ts'

const wanted = ({ notifier }: Sender): boolean => notifier.wants('unversioned') || notifier.wants('versioned')

/**
 * `instance.<action>[.<phase>]` and `compute.instance.…`. `server` is the row as it is at that moment.
 * `extra.fault` belongs to phase `error` (and is what makes the priority ERROR).
 */
export function notifyServer<A extends Exclude<InstanceAction, 'update' | 'exists'>>(
  sender: Sender,
  action: A,
  phase: InstancePhase<A>,
  server: ServerRow,
  extra: ServerExtra = {},
): void {
  if (!wanted(sender)) return
  const row: InstanceRow = instanceNotifications[action]
  const facts = factsOf(server)
  publish(sender, {
    name: `instance.${action}`,
    row,
    phase,
    failed: extra.fault !== undefined,
    versioned: binary =>
      actionPayload(instanceNotifications[action].payload, facts, sender.context, {
        ...extra,
        // The API deletes without looking volumes up.
        blockDevices:
          extra.blockDevices ?? (row.volumes && binary === 'nova-compute' ? made(volumesOf(server)) : null),
      }),
    unversioned: () => legacyAction(action, row, phase, facts, sender.imageUrl, extra),
  })
}

/** Not those that are still being made. */
const made = (volumes: readonly ToldDevice[]) => volumes.filter(({ volumeId }) => volumeId !== null)

/** `instance.exists`: how long a server has been there in the audit period (the current month by default). */
export function notifyServerExists(
  sender: Sender,
  server: ServerRow,
  period = currentAuditPeriod(sender.clock.now()),
  attachments: Attachments = {},
): void {
  if (!wanted(sender)) return
  const facts = factsOf(server)
  publish(sender, {
    name: 'instance.exists',
    row: instanceNotifications.exists,
    phase: null,
    versioned: () => existsPayload(facts, sender.context, period, attachments),
    unversioned: () => legacyExists(facts, sender.imageUrl, period),
  })
}

// Nova's API forgets to drop the prefix here.
const updateServices = {
  'nova-compute': 'compute',
  'nova-conductor': 'conductor',
  'nova-api': 'nova-api',
  'nova-scheduler': 'compute',
} as const

/** `instance.update`: a state, the name or the tags of a server changed. `server` is the row after it. */
export function notifyServerUpdate(sender: Sender, server: ServerRow, change: ServerChange): void {
  if (!wanted(sender)) return
  const facts = factsOf(server)
  const period = currentAuditPeriod(sender.clock.now())
  publish(sender, {
    name: 'instance.update',
    row: instanceNotifications.update,
    phase: null,
    service: updateServices[sender.binary],
    versioned: () => updatePayload(facts, sender.context, change, period),
    unversioned: () => legacyUpdate(facts, sender.imageUrl, change, period),
  })
}

/** `flavor.*`. `projects`: ids of the projects with access, as they are afterwards. */
export function notifyFlavor(
  sender: Sender,
  action: FlavorAction,
  flavor: FlavorRow,
  projects: readonly string[] = [],
): void {
  publish(sender, {
    name: `flavor.${action}`,
    row: otherNotifications[`flavor.${action}`],
    phase: null,
    versioned: () => flavorRowPayload(action, flavor, projects),
  })
}

/** `keypair.*`. Before a key is made or read, its fingerprint (and public key) is null. */
export function notifyKeypair(
  sender: Sender,
  action: 'create' | 'delete' | 'import',
  phase: 'start' | 'end',
  keypair: KeypairFacts,
): void {
  publish(sender, {
    name: `keypair.${action}`,
    row: otherNotifications[`keypair.${action}`],
    phase,
    versioned: () => keypairPayload(keypair),
    service: 'api',
    unversioned: () => legacyKeypair(keypair, sender.context.auth?.project?.id ?? null),
  })
}

export type AggregateAction =
  | 'create'
  | 'delete'
  | 'add_host'
  | 'remove_host'
  | 'update_metadata'
  | 'update_prop'
  | 'cache_images'

/** `aggregate.*`: the aggregate as it is at that moment; `change` names the host or the metadata in question. */
export function notifyAggregate(
  sender: Sender,
  action: AggregateAction,
  phase: 'start' | 'end',
  aggregate: AggregateFacts,
  change: AggregateChange = {},
): void {
  publish(sender, {
    name: `aggregate.${action}`,
    row: otherNotifications[`aggregate.${action}`],
    phase,
    versioned: () => aggregatePayload(aggregate),
    service: 'aggregate',
    unversionedHost: String(aggregate.id ?? aggregate.name), // the aggregate stands where a host would
    unversioned: () => legacyAggregate(action, phase, aggregate, change),
  })
}

/** `aggregate.cache_images.progress`: one host of the aggregate is done. */
export function notifyImageCache(sender: Sender, aggregate: AggregateFacts, progress: CacheProgress): void {
  publish(sender, {
    name: 'aggregate.cache_images',
    row: otherNotifications['aggregate.cache_images'],
    phase: 'progress',
    versioned: () => aggregateCachePayload(aggregate, progress),
  })
}

/** `service.*`, in the name of the service itself. Nova sends `update` for disabled, its reason and forced_down only. */
export function notifyService(
  sender: Sender,
  action: 'create' | 'update' | 'delete',
  service: ServiceRow,
): void {
  const row = otherNotifications[`service.${action}`]
  publish(
    { ...sender, binary: row.by.find(binary => binary === service.binary) ?? sender.binary },
    {
      name: `service.${action}`,
      row,
      phase: null,
      host: service.host,
      versioned: () => servicePayload(service),
    },
  )
}

/** `server_group.*`. `members`: ids afterwards; `added`: those that came in. */
export function notifyServerGroup(
  sender: Sender,
  action: GroupAction,
  group: GroupFacts,
  members: readonly string[],
  added: readonly string[] = [],
): void {
  publish(sender, {
    name: `server_group.${action}`,
    row: otherNotifications[`server_group.${action}`],
    phase: null,
    versioned: () => serverGroupPayload(group, members),
    service: 'servergroup',
    unversioned: () => legacyServerGroup(action, group, added),
  })
}

/** Arguments that are never told, by a part of their name. */
const secretArgument = /pass|token|secret|user_?data|personality|private/i

/**
 * `compute.exception`: an error left an operation. Its unversioned twin is called after the function
 * (`stop_instance`); `args` are the function's, without what is secret.
 */
export function notifyException(
  sender: Sender,
  error: unknown,
  functionName: string,
  args: Readonly<Record<string, unknown>> = {},
): void {
  publish(sender, {
    name: 'compute.exception',
    row: otherNotifications['compute.exception'],
    phase: null,
    failed: true,
    versioned: () => exceptionPayload(error),
    unversionedType: functionName,
    unversioned: () => ({
      exception: printedException(error),
      args: Object.fromEntries(Object.entries(args).filter(([name]) => !secretArgument.test(name))),
    }),
  })
}

/** `compute_task.<method>.error`: scheduling or moving a server failed. */
export function notifyComputeTask(sender: Sender, method: TaskMethod, failure: TaskFailure): void {
  publish(sender, {
    name: `compute_task.${method}`,
    row: otherNotifications[`compute_task.${method}`],
    phase: 'error',
    failed: true,
    versioned: () => computeTaskPayload(failure),
    service: 'compute_task',
    unversioned: () => legacyComputeTask(method, failure),
  })
}

/** `scheduler.select_destinations.*`; `end` only when hosts were found. */
export function notifySelectDestinations(
  sender: Sender,
  phase: 'start' | 'end',
  request: RequestFacts,
): void {
  publish(sender, {
    name: 'scheduler.select_destinations',
    row: otherNotifications['scheduler.select_destinations'],
    phase,
    versioned: () => requestSpecPayload(request),
    service: 'scheduler',
    unversioned: () => ({ request_spec: legacyRequestSpec(request) }),
  })
}
