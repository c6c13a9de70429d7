// Small JSON answers outside any service: version lists and health.
import type { Incoming, Outgoing } from '../platform/http/types.ts'

export interface VersionRoute {
  readonly path: string
  handler(request: Incoming): Outgoing
}

export const versionRoute = (
  path: string,
  answer: (origin: string, path: string) => { readonly status: number; readonly json: unknown },
): VersionRoute => ({
  path,
  handler(request) {
    const { status, json } = answer(request.origin, request.path)
    const body = JSON.stringify(json)
    return {
      status,
      headers: ['Content-Type', 'application/json', 'Content-Length', String(Buffer.byteLength(body))],
      body,
    }
  },
})
