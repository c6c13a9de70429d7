// The messages of opentelemetry-proto that we send, as their JSON mapping has them: lowerCamelCase names, 64-bit numbers
// as texts, enumerations as numbers, trace and span ids in hexadecimal.
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding

export interface ExportRequest {
  readonly resourceSpans: readonly ResourceSpans[]
}
export interface ResourceSpans {
  readonly resource: { readonly attributes: readonly KeyValue[] }
  readonly scopeSpans: readonly {
    readonly scope: { readonly name: string }
    readonly spans: readonly Span[]
  }[]
}
export interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly KeyValue[]
  readonly events: readonly SpanEvent[]
  readonly status: { readonly code?: number; readonly message?: string }
}
export interface SpanEvent {
  readonly timeUnixNano: string
  readonly name: string
  readonly attributes: readonly KeyValue[]
}
export interface KeyValue {
  readonly key: string
  readonly value:
    | { readonly stringValue: string }
    | { readonly intValue: string }
    | { readonly boolValue: boolean }
}

export const spanKinds = { internal: 1, server: 2 } as const
export const statusCodes = { error: 2 } as const
