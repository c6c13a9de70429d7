// Attributes by OpenTelemetry's semantic conventions, where they have a name for it (http, rpc, server, user, exception).
import type { Trace, TraceCall, TraceLog } from '../../../model/trace.ts'
import { dayAndTime } from '../words.ts'
import type { KeyValue, SpanEvent } from './shape.ts'

type Value = string | number | boolean | null

/** What is null or empty is left out. */
export const attributes = (values: Readonly<Record<string, Value>>): readonly KeyValue[] =>
  Object.entries(values).flatMap(([key, value]): KeyValue[] => {
    if (value === null || value === '') return []
    if (typeof value === 'string') return [{ key, value: { stringValue: value.toWellFormed() } }]
    if (typeof value === 'boolean') return [{ key, value: { boolValue: value } }]
    return [{ key, value: { intValue: String(Math.trunc(value)) } }]
  })

export function callAttributes(call: TraceCall, trace: Trace): readonly KeyValue[] {
  return attributes({
    ...(call.kind === 'http' ? http(call) : rpc(call)),
    'server.address': call.host,
    'openstack.request_id': call.localId,
    'openstack.global_request_id': call.globalId ?? trace.request.globalId,
    'openstack.project.id': call.edge === 'root' ? trace.request.projectId : null,
    'user.id': call.edge === 'root' ? trace.request.userId : null,
    'error.type': call.isFailed ? errorType(call, trace) : null,
    'faultline.edge': call.edge,
    'faultline.edge.proof': call.proof,
    'faultline.on_failed_path': call.isOnFailedPath,
  })
}

function http(call: TraceCall): Readonly<Record<string, Value>> {
  const [, method = null, path = '', query = null] =
    /^(\S+)\s+([^?]*)(?:\?(.*))?$/s.exec(call.operation) ?? []
  return {
    'http.request.method': method,
    'url.path': path,
    'url.query': query,
    'http.response.status_code': call.status,
  }
}

const rpc = (call: TraceCall): Readonly<Record<string, Value>> => ({
  'rpc.system': 'oslo_messaging',
  'rpc.service': call.service,
  'rpc.method': call.operation,
})

const errorType = (call: TraceCall, trace: Trace): string =>
  call.status !== null && call.status >= 400 ? String(call.status) : (trace.verdict.cause?.code ?? '_OTHER')

/** A log line as an event of its span. */
export const logEvent = (log: TraceLog, timeUnixNano: string): SpanEvent => ({
  timeUnixNano,
  name: 'log',
  attributes: attributes({
    'log.severity': log.level,
    'log.message': log.message,
    'log.logger': log.logger,
    'log.time': dayAndTime(log.at),
    'service.name': log.service,
    'host.name': log.host,
    'log.file.path': log.file,
    'log.repeated': log.repeated > 1 ? log.repeated : null,
    'exception.stacktrace': log.traceback.join('\n'),
  }),
})
