// `compute service list|set`.
import { CliError, usage } from '../errors.ts'
import { itemsOf, textOf } from '../item.ts'
import { act, type Call, column, list, long, longOption, option, query } from '../row.ts'

export const computeServiceRows = [
  list({
    words: 'compute service list',
    help: 'list processes of the compute service (administrators)',
    options: [
      longOption,
      option('--host <host>', 'on this host'),
      option('--service <binary>', 'of this kind: nova-compute …'),
    ],
    examples: ['compute service list', 'compute service list --service nova-compute --long'],
    columns: [
      column('ID', 'id'),
      column('Binary', 'binary'),
      column('Host', 'host'),
      column('Zone', 'zone'),
      column('Status', 'status'),
      column('State', 'state'),
      column('Updated At', 'updated_at'),
      column('Disabled Reason', 'disabled_reason', long),
      column('Forced Down', 'forced_down', view => view.flag('long') && view.computeMinor >= 11),
    ],
    run: async call =>
      itemsOf(
        await call.cloud.compute.get(
          `/os-services${query({ host: call.text('host'), binary: call.text('service') })}`,
        ),
        'services',
      ),
  }),
  act({
    words: 'compute service set',
    arguments: '<host> <service>',
    help: 'enable, disable, or force down a process of the compute service (administrators)',
    options: [
      option('--enable', 'give it servers', { conflicts: ['disable'] }),
      option('--disable', 'give it no new servers'),
      option('--disable-reason <text>', 'why; with --disable'),
      option('--up', 'believe it is up', { conflicts: ['down'] }),
      option('--down', 'treat it as down'),
    ],
    examples: ['compute service set --disable --disable-reason "new disk" host-1 nova-compute'],
    run: setService,
  }),
]

async function setService(call: Call): Promise<void> {
  const { compute } = call.cloud
  const host = call.argument('host')
  const binary = call.argument('service')
  const reason = call.text('disable-reason')
  if (reason !== undefined && !call.flag('disable')) throw usage('--disable-reason goes with --disable')
  const status = call.flag('enable') ? 'enabled' : call.flag('disable') ? 'disabled' : undefined
  const forced = call.flag('up') ? false : call.flag('down') ? true : undefined
  if ((await call.cloud.computeVersion()).minor < 53) {
    if (status !== undefined) {
      const verb = status === 'enabled' ? 'enable' : reason === undefined ? 'disable' : 'disable-log-reason'
      await compute.put(`/os-services/${verb}`, {
        host,
        binary,
        ...(reason === undefined ? {} : { disabled_reason: reason }),
      })
    }
    if (forced !== undefined)
      await compute.put('/os-services/force-down', { host, binary, forced_down: forced })
    return
  }
  const [found] = itemsOf(await compute.get(`/os-services${query({ host, binary })}`), 'services')
  if (!found)
    throw new CliError(`No ${binary} on host '${host}' exists.`, {
      hint: 'see what there is with: faultline compute service list',
    })
  await compute.put(`/os-services/${textOf(found, 'id')}`, {
    ...(status === undefined ? {} : { status }),
    ...(reason === undefined ? {} : { disabled_reason: reason }),
    ...(forced === undefined ? {} : { forced_down: forced }),
  })
}
