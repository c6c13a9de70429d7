// POST /servers/{id}/action: the body's one key chooses the row; the row says what the body may hold, who may, and what
// is done. An action without a row does not exist.
import { isObject } from '../../base/json.ts'
import { fault } from '../../model/errors.ts'
import { type Microversion, since } from '../../model/microversions.ts'
import type { PolicyRule } from '../../model/policies.ts'
import type { MaybePromise, Reply } from '../../platform/http/types.ts'
import { bodyMessage, validator } from '../../platform/http/validate.ts'
import type { ServerRow } from '../store/servers.ts'
import { addFixedIp, addFloatingIp, removeFixedIp, removeFloatingIp } from './actions/addresses.ts'
import { changePassword } from './actions/change-password.ts'
import { consoleOutput } from './actions/console-output.ts'
import { createBackup } from './actions/create-backup.ts'
import { createImage } from './actions/create-image.ts'
import { confirmResize, revertResize } from './actions/end-resize.ts'
import { evacuate } from './actions/evacuate.ts'
import { injectNetworkInfo } from './actions/inject-network-info.ts'
import { lock, unlock } from './actions/lock.ts'
import { migrateLive } from './actions/migrate-live.ts'
import { migrate, resize } from './actions/move.ts'
import { pause, reboot, resume, start, stop, suspend, unpause } from './actions/power.ts'
import { rebuild } from './actions/rebuild.ts'
import { rescue, unrescue } from './actions/rescue.ts'
import { forceDelete, resetState, restore } from './actions/reset.ts'
import { addSecurityGroup, removeSecurityGroup } from './actions/security-groups.ts'
import { shelve, shelveOffload, unshelve } from './actions/shelve.ts'
import { triggerCrashDump } from './actions/trigger-crash-dump.ts'
import type { ComputeCall } from './call.ts'
import { bodyFor } from './legacy.ts'
import { versionOf } from './negotiate.ts'
import { getSerialConsole, getSpiceConsole, getVncConsole } from './remote-consoles.ts'
import { consoleOfType } from './schemas/consoles.ts'
import { addFixedIpValue, addFloatingIpValue, addressValue } from './schemas/interfaces.ts'
import { object } from './schemas/parameters.ts'
import {
  backupCreation,
  evacuation,
  imageCreation,
  liveMigration,
  lockReason,
  migrateHost,
  nothing,
  rescueOptions,
  resizeFlavor,
  unshelveTo,
} from './schemas/server-actions.ts'
import { rebuildBody } from './schemas/servers.ts'
import { serverOf } from './servers.ts'

/** What an action does with an admitted call. `value` is what stands under the action's key. */
export type PerformAction = (call: ComputeCall, server: ServerRow, value: never) => MaybePromise<Reply>

interface ActionRow {
  /** Schema of what stands under the key. */
  readonly body: object | ((version: Microversion) => object)
  readonly policy: PolicyRule
  readonly perform: PerformAction
  readonly since?: number
  readonly until?: number
}

const rule = <Name extends string>(name: Name) => `os_compute_api:${name}` as const

const beforeRemoteConsoles = {
  policy: rule('os-remote-consoles'),
  until: since('remoteConsoles') - 1,
} as const
const untilAddresses = since('noAddressActions') - 1

export const serverActions: Readonly<Record<string, ActionRow>> = {
  'os-start': { body: nothing, policy: rule('servers:start'), perform: start },
  'os-stop': { body: nothing, policy: rule('servers:stop'), perform: stop },
  reboot: {
    body: object({ type: { type: 'string', enum: ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft'] } }, [
      'type',
    ]),
    policy: rule('servers:reboot'),
    perform: reboot,
  },
  pause: { body: nothing, policy: rule('os-pause-server:pause'), perform: pause },
  unpause: { body: nothing, policy: rule('os-pause-server:unpause'), perform: unpause },
  suspend: { body: nothing, policy: rule('os-suspend-server:suspend'), perform: suspend },
  resume: { body: nothing, policy: rule('os-suspend-server:resume'), perform: resume },
  resize: { body: resizeFlavor, policy: rule('servers:resize'), perform: resize },
  confirmResize: { body: nothing, policy: rule('servers:confirm_resize'), perform: confirmResize },
  revertResize: { body: nothing, policy: rule('servers:revert_resize'), perform: revertResize },
  migrate: { body: migrateHost, policy: rule('os-migrate-server:migrate'), perform: migrate },
  'os-migrateLive': {
    body: liveMigration,
    policy: rule('os-migrate-server:migrate_live'),
    perform: migrateLive,
  },
  evacuate: { body: evacuation, policy: rule('os-evacuate'), perform: evacuate },
  rebuild: { body: rebuildBody, policy: rule('servers:rebuild'), perform: rebuild },
  rescue: { body: rescueOptions, policy: rule('os-rescue'), perform: rescue },
  unrescue: { body: nothing, policy: rule('os-unrescue'), perform: unrescue },
  shelve: { body: nothing, policy: rule('os-shelve:shelve'), perform: shelve },
  shelveOffload: { body: nothing, policy: rule('os-shelve:shelve_offload'), perform: shelveOffload },
  unshelve: { body: unshelveTo, policy: rule('os-shelve:unshelve'), perform: unshelve },
  createImage: { body: imageCreation, policy: rule('servers:create_image'), perform: createImage },
  createBackup: { body: backupCreation, policy: rule('os-create-backup'), perform: createBackup },
  trigger_crash_dump: {
    body: nothing,
    policy: rule('servers:trigger_crash_dump'),
    perform: triggerCrashDump,
    since: since('crashDump'),
  },
  changePassword: {
    body: object({ adminPass: { type: 'string' } }, ['adminPass']),
    policy: rule('os-admin-password'),
    perform: changePassword,
  },
  'os-getConsoleOutput': {
    body: object({ length: { type: ['integer', 'string', 'null'], minimum: -1, pattern: '^-?[0-9]+$' } }),
    policy: rule('os-console-output'),
    perform: consoleOutput,
  },
  'os-resetState': {
    body: object({ state: { type: 'string', enum: ['active', 'error'] } }, ['state']),
    policy: rule('os-admin-actions:reset_state'),
    perform: resetState,
  },
  forceDelete: { body: nothing, policy: rule('os-deferred-delete:force'), perform: forceDelete },
  restore: { body: nothing, policy: rule('os-deferred-delete:restore'), perform: restore },
  lock: { body: lockReason, policy: rule('os-lock-server:lock'), perform: lock },
  unlock: { body: nothing, policy: rule('os-lock-server:unlock'), perform: unlock },
  injectNetworkInfo: {
    body: nothing,
    policy: rule('os-admin-actions:inject_network_info'),
    perform: injectNetworkInfo,
  },
  addSecurityGroup: {
    body: object({ name: { type: 'string', minLength: 1, maxLength: 255 } }, ['name']),
    policy: rule('os-security-groups:add'),
    perform: addSecurityGroup,
  },
  removeSecurityGroup: {
    body: object({ name: { type: 'string', minLength: 1, maxLength: 255 } }, ['name']),
    policy: rule('os-security-groups:remove'),
    perform: removeSecurityGroup,
  },
  'os-getVNCConsole': {
    ...beforeRemoteConsoles,
    body: consoleOfType('novnc', 'xvpvnc'),
    perform: getVncConsole,
  },
  'os-getSPICEConsole': {
    ...beforeRemoteConsoles,
    body: consoleOfType('spice-html5'),
    perform: getSpiceConsole,
  },
  'os-getSerialConsole': {
    ...beforeRemoteConsoles,
    body: consoleOfType('serial'),
    perform: getSerialConsole,
  },
  addFixedIp: {
    body: addFixedIpValue,
    policy: rule('os-multinic:add'),
    perform: addFixedIp,
    until: untilAddresses,
  },
  removeFixedIp: {
    body: addressValue,
    policy: rule('os-multinic:remove'),
    perform: removeFixedIp,
    until: untilAddresses,
  },
  addFloatingIp: {
    body: addFloatingIpValue,
    policy: rule('os-floating-ips:add'),
    perform: addFloatingIp,
    until: untilAddresses,
  },
  removeFloatingIp: {
    body: addressValue,
    policy: rule('os-floating-ips:remove'),
    perform: removeFloatingIp,
    until: untilAddresses,
  },
}

/** Removed for good, at every microversion that had them. */
const actionsGone: Readonly<Record<string, { readonly until?: number }>> = {
  resetNetwork: {},
  'os-getRDPConsole': { until: since('remoteConsoles') - 1 },
}

const isOutside = ({ minor }: Microversion, range: { readonly since?: number; readonly until?: number }) =>
  minor < (range.since ?? 0) || minor > (range.until ?? Number.POSITIVE_INFINITY)

export async function actOnServer(call: ComputeCall): Promise<Reply> {
  const { body } = call
  if (body === undefined) throw fault('MalformedBody')
  if (!isObject(body)) throw fault('RouteNotFound')
  const keys = Object.keys(body)
  if (keys.length !== 1) throw fault('MalformedBody')
  const key = keys[0]! // just counted
  const version = versionOf(call)
  const gone = Object.hasOwn(actionsGone, key) ? actionsGone[key] : undefined
  if (gone && !isOutside(version, gone)) throw fault('Gone')
  const row = Object.hasOwn(serverActions, key) ? serverActions[key] : undefined
  if (!row) throw gone ? fault('RouteNotFound') : fault('NoSuchAction', { action: key })
  if (isOutside(version, row)) throw fault('RouteNotFound')
  const schema = schemaOf(key, row, version)
  const asked = bodyFor(call, schema, body) as Record<string, unknown> // it was an object
  const invalid = validator(schema)(asked)
  if (invalid) throw fault('InvalidInput', { reason: bodyMessage(invalid), invalid })
  const server = await serverOf(call)
  call.enforce(row.policy, { projectId: server.project_id })
  return row.perform(call, server, asked[key] as never) // the row's schema has accepted it
}

const schemas = new Map<string, object>()

function schemaOf(key: string, row: ActionRow, version: Microversion): object {
  const name = `${key} ${typeof row.body === 'function' ? version.minor : ''}`
  let schema = schemas.get(name)
  if (!schema) {
    schema = object({ [key]: typeof row.body === 'function' ? row.body(version) : row.body }, [key])
    schemas.set(name, schema)
  }
  return schema
}
