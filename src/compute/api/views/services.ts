// How services and hypervisors look, by microversion.

import { readJson } from '../../../base/json.ts'
import { isoMicros } from '../../../base/time.ts'
import type { Hypervisor, ServiceRow } from '../../store/services.ts'
import { compileView, type ViewRow } from './compile.ts'

export interface ServiceFacts {
  readonly service: ServiceRow
  readonly zone: string
  readonly isUp: boolean
}

export const serviceView = compileView<ServiceFacts>([
  { key: 'binary', value: ({ service }) => service.binary },
  { key: 'host', value: ({ service }) => service.host },
  { key: 'id', until: 'serviceUuids', value: ({ service }) => service.id },
  { key: 'id', since: 'serviceUuids', value: ({ service }) => service.uuid },
  { key: 'zone', value: ({ zone }) => zone },
  { key: 'status', value: ({ service }) => statusOf(service) },
  { key: 'state', value: ({ isUp }) => stateOf(isUp) },
  { key: 'updated_at', value: ({ service }) => isoMicros(service.last_seen_at) },
  { key: 'disabled_reason', value: ({ service }) => service.disabled_reason },
  { key: 'forced_down', since: 'serviceForcedDown', value: ({ service }) => service.forced_down === 1 },
])

const statusOf = (service: ServiceRow) => (service.disabled ? 'disabled' : 'enabled')
const stateOf = (isUp: boolean) => (isUp ? 'up' : 'down')

export interface HypervisorFacts extends Hypervisor {
  readonly isUp: boolean
  readonly workload: number
  /** Servers to list; undefined leaves the key out. */
  readonly servers: readonly { readonly id: string; readonly name: string }[] | undefined
  readonly uptime: string | null
}

type Row = ViewRow<HypervisorFacts>

const brief: readonly Row[] = [
  { key: 'id', until: 'serviceUuids', value: ({ node }) => node.id },
  { key: 'id', since: 'serviceUuids', value: ({ node }) => node.uuid },
  { key: 'hypervisor_hostname', value: ({ node }) => node.node },
  { key: 'state', value: ({ isUp }) => stateOf(isUp) },
  { key: 'status', value: ({ service }) => statusOf(service) },
  {
    key: 'servers',
    value: ({ servers }) => servers?.map(({ id, name }) => ({ uuid: id, name })),
  },
]

/** What 2.88 took away: placement knows it better. */
const usage = (key: string, value: Row['value']): Row => ({ key, until: 'slimHypervisors', value })

export const listHypervisorView = compileView<HypervisorFacts>(brief)

export const showHypervisorView = compileView<HypervisorFacts>([
  ...brief,
  { key: 'host_ip', value: ({ node }) => node.host_ip },
  { key: 'hypervisor_type', value: ({ node }) => node.hypervisor_type },
  { key: 'hypervisor_version', value: ({ node }) => node.hypervisor_version },
  {
    key: 'service',
    until: 'serviceUuids',
    value: ({ service }) => ({
      id: service.id,
      host: service.host,
      disabled_reason: service.disabled_reason,
    }),
  },
  {
    key: 'service',
    since: 'serviceUuids',
    value: ({ service }) => ({
      id: service.uuid,
      host: service.host,
      disabled_reason: service.disabled_reason,
    }),
  },
  { key: 'uptime', since: 'slimHypervisors', value: ({ uptime }) => uptime },
  // A JSON text until 2.28, then the object itself.
  { key: 'cpu_info', until: 'structuredCpuInfo', value: ({ node }) => node.cpu_info_json },
  {
    key: 'cpu_info',
    since: 'structuredCpuInfo',
    until: 'slimHypervisors',
    value: ({ node }) => readJson<object>(node.cpu_info_json),
  },
  usage('vcpus', ({ node }) => node.vcpus),
  usage('vcpus_used', ({ node }) => node.vcpus_used),
  usage('memory_mb', ({ node }) => node.memory_mb),
  usage('memory_mb_used', ({ node }) => node.memory_mb_used),
  usage('free_ram_mb', ({ node }) => node.memory_mb - node.memory_mb_used),
  usage('local_gb', ({ node }) => node.local_gb),
  usage('local_gb_used', ({ node }) => node.local_gb_used),
  usage('free_disk_gb', ({ node }) => node.local_gb - node.local_gb_used),
  usage('disk_available_least', ({ node }) => node.local_gb - node.local_gb_used),
  usage('running_vms', ({ node }) => node.running_vms),
  usage('current_workload', ({ workload }) => workload),
])

/** Sums over hypervisors whose service is enabled. */
export function statisticsView(hypervisors: readonly Hypervisor[], workload: number) {
  const nodes = hypervisors.filter(({ service }) => service.disabled === 0).map(({ node }) => node)
  const sum = (of: (node: Hypervisor['node']) => number) => nodes.reduce((total, node) => total + of(node), 0)
  return {
    count: nodes.length,
    current_workload: workload,
    disk_available_least: sum(node => node.local_gb - node.local_gb_used),
    free_disk_gb: sum(node => node.local_gb - node.local_gb_used),
    free_ram_mb: sum(node => node.memory_mb - node.memory_mb_used),
    local_gb: sum(node => node.local_gb),
    local_gb_used: sum(node => node.local_gb_used),
    memory_mb: sum(node => node.memory_mb),
    memory_mb_used: sum(node => node.memory_mb_used),
    running_vms: sum(node => node.running_vms),
    vcpus: sum(node => node.vcpus),
    vcpus_used: sum(node => node.vcpus_used),
  }
}

/** What `/os-hypervisors/{id}/uptime` answers, until 2.87. */
export const uptimeView = compileView<HypervisorFacts>([
  ...brief.filter(({ key }) => key !== 'servers'),
  { key: 'uptime', value: ({ uptime }) => uptime },
])
