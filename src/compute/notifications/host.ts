// Payloads about hosts and volumes: metrics, volume usage, a hypervisor that does not answer.
import { type Instant, isoSeconds } from '../../base/time.ts'
import { type NovaObject, payload } from './encode.ts'
import { exceptionPayload } from './exception.ts'

export interface Metric {
  readonly name: string
  readonly value: number
  readonly source: string
  readonly at: Instant
}

export interface HostMetrics {
  readonly host: string
  readonly node: string
  readonly hostIp: string
  readonly metrics: readonly Metric[]
}

export const metricsPayload = (host: HostMetrics): NovaObject =>
  payload('MetricsPayload', {
    host: host.host,
    host_ip: host.hostIp,
    nodename: host.node,
    metrics: host.metrics.map(metric =>
      payload('MetricPayload', {
        name: metric.name,
        value: metric.value,
        numa_membw_values: null,
        source: metric.source,
        timestamp: isoSeconds(metric.at),
      }),
    ),
  })

/** Counters of one volume since it was attached. */
export interface VolumeUsage {
  readonly volumeId: string
  readonly projectId: string
  readonly userId: string
  readonly zone: string
  readonly serverId: string
  readonly at: Instant
  readonly reads: number
  readonly readBytes: number
  readonly writes: number
  readonly writeBytes: number
}

export const volumeUsagePayload = (usage: VolumeUsage): NovaObject =>
  payload('VolumeUsagePayload', {
    volume_id: usage.volumeId,
    project_id: usage.projectId,
    user_id: usage.userId,
    availability_zone: usage.zone,
    instance_uuid: usage.serverId,
    last_refreshed: isoSeconds(usage.at),
    reads: usage.reads,
    read_bytes: usage.readBytes,
    writes: usage.writes,
    write_bytes: usage.writeBytes,
  })

/** Hypervisor at `ip` could not be reached. */
export const libvirtErrorPayload = (ip: string, reason: unknown): NovaObject =>
  payload('LibvirtErrorPayload', { ip, reason: exceptionPayload(reason) })
