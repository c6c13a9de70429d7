// What every answer must be, however broken the request was: never a 500, a request id, a refusal in the service's form.
import type { RawAnswer } from '../raw-http.ts'

type Form = (status: number, body: unknown) => boolean

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

/** `{"<key>": {"code", "message"}}`, Nova's and Cinder's. */
const keyed: Form = (status, body) => {
  if (!isRecord(body)) return false
  const [inner, ...others] = Object.values(body)
  return others.length === 0 && isRecord(inner) && inner.code === status && isText(inner.message)
}
/** webob's own, for paths and bodies that do not reach the service: `{"message", "code": "404 Not Found", "title"}`. */
const webob: Form = (status, body) =>
  isRecord(body) && isText(body.message) && isText(body.title) && String(body.code).startsWith(`${status} `)
/** Bodies too large, refused by the middleware in front of the service. */
const tooLarge: Form = (status, body) => status === 413 && webob(status, body)
const keystone: Form = (status, body) =>
  isRecord(body) && isRecord(body.error) && body.error.code === status && isText(body.error.message)
const neutron: Form = (_status, body) =>
  isRecord(body) &&
  isRecord(body.NeutronError) &&
  isText(body.NeutronError.message) &&
  isText(body.NeutronError.type)
const placement: Form = (status, body) => {
  const [first] = isRecord(body) && Array.isArray(body.errors) ? body.errors : []
  return isRecord(first) && first.status === status && isText(first.detail) && isText(first.request_id)
}

const forms: Readonly<Record<string, readonly Form[]>> = {
  identity: [keystone, tooLarge],
  image: [webob, keystone],
  network: [neutron, keystone],
  placement: [placement, keystone],
  volume: [keyed, keystone, tooLarge],
  trace: [keyed],
  compute: [keyed, webob, keystone],
}

/** What is wrong with the answer; null when it is as it should be. */
export function flawOf(service: string, method: string, answer: RawAnswer): string | null {
  const { status, headers, text } = answer
  if (status >= 500 && status !== 501) return `a ${status}`
  if (!/^req-[0-9a-f-]{36}$/.test(String(headers['x-openstack-request-id'] ?? ''))) return 'no request id'
  if (/\bat \S+ \(|src\/\w+\/|node:internal|SQLITE_|violates/.test(text)) return 'an inside view'
  if (status < 400 || method === 'HEAD') return null
  if (!String(headers['content-type']).includes('json')) return text === '' ? 'a refusal without words' : null
  try {
    const body: unknown = JSON.parse(text)
    return forms[service]?.some(form => form(status, body)) ? null : 'a refusal in another form'
  } catch {
    return 'JSON that cannot be read'
  }
}
