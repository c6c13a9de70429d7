// ServiceStatusPayload 1.1: sent when a service appears, goes, is disabled or is forced down.
import type { ServiceRow } from '../store/services.ts'
import { type NovaObject, payload, timeOrNull } from './encode.ts'

/** The service version we report (Nova's own counter): all of ours are equal, which is what consumers look at. */
export const serviceVersion = 64

export const servicePayload = (service: ServiceRow): NovaObject =>
  payload('ServiceStatusPayload', {
    host: service.host,
    binary: service.binary,
    topic: service.topic,
    report_count: service.report_count,
    disabled: service.disabled === 1,
    disabled_reason: service.disabled_reason,
    availability_zone: null,
    last_seen_up: timeOrNull(service.report_count === 0 ? null : service.last_seen_at),
    forced_down: service.forced_down === 1,
    version: serviceVersion,
    uuid: service.uuid,
  })
