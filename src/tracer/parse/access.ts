// Requests as services log them in a message of their own.
import type { Access } from '../record.ts'

/** What stands for the method where a service logs the answer without it. */
export const unknownMethod = '-'

type Reader = (message: string) => Access | null

/** In the order they are tried; `needle` is looked for first, as nearly every message has none of them. */
const requestForms: readonly { readonly needle: string; readonly read: Reader }[] = [
  { needle: '" status: ', read: requestLog },
  { needle: ' returned with HTTP ', read: returnedWith },
  { needle: ' HTTP/1', read: quotedRequest },
]

/** The request a message tells of; null when it tells of none. `logger` keeps out what clients say of their calls. */
export function accessOf(message: string, logger: string | null): Access | null {
  for (const { needle, read } of requestForms)
    if (message.includes(needle)) return isClient(logger) ? null : read(message)
  return null
}

const isClient = (logger: string | null): boolean =>
  logger !== null && /^(?:urllib3|requests|keystoneauth|\w+client)\b/.test(logger)

const requestPattern = /^([A-Z]{1,20}) (\S{1,65536})(?: HTTP\/[\d.]{1,4})?$/
const originPattern = /^https?:\/\/[^/?\s]{1,300}/

/** `GET /v2.1/servers?limit=1 HTTP/1.1` */
export function requestOf(line: string): { method: string; path: string } | null {
  const match = requestPattern.exec(line)
  return match ? { method: match[1] ?? '', path: pathOf(match[2] ?? '') } : null
}

const pathOf = (url: string): string => url.replace(originPattern, '') || '/'

const answerPattern = /^status: (\d{3}) {1,2}len: \S+(?: microversion: (\S+))?(?: time: (\d+(?:\.\d+)?))?/

/**
 * nova, placement and others: `127.0.0.1 "GET /v2.1/servers" status: 200 len: 15 microversion: 2.1 time: 0.005880`
 * (nova/api/openstack/requestlog.py); oslo.service and neutron: `… "GET /v2.0/ports HTTP/1.1" status: 200  len: 15 time: …`
 */
function requestLog(message: string): Access | null {
  const open = message.indexOf('"')
  const close = message.indexOf('" status: ', open + 1)
  const request = close === -1 ? null : requestOf(message.slice(open + 1, close))
  const answer = close === -1 ? null : answerPattern.exec(message.slice(close + 2, close + 200))
  if (!request || !answer) return null
  const [, status, microversion, seconds] = answer
  return {
    ...request,
    status: Number(status),
    microversion: microversion === undefined || microversion === '-' ? null : microversion,
    durationMs: seconds === undefined ? null : milliseconds(seconds),
    remoteAddress: message.slice(0, open).trim() || null,
  }
}

/** cinder and manila: `http://10.0.0.1/volume/v3/…/volumes returned with HTTP 202`; the method is in a line before. */
function returnedWith(message: string): Access | null {
  const match = /^(https?:\/\/\S{1,65536}) returned with HTTP (\d{3})$/.exec(message)
  if (!match) return null
  return {
    method: unknownMethod,
    path: pathOf(match[1] ?? ''),
    status: Number(match[2]),
    microversion: null,
    durationMs: null,
    remoteAddress: null,
  }
}

const quotedAnswerPattern = /^" (\d{3})(?: (?:\d+|-)(?: (\d+\.\d+))?)?(?: |$)/

/** eventlet's own form (glance, heat, keystone): `10.0.0.1 - - [23/Nov/2026 09:30:40] "GET /v2/images HTTP/1.1" 200 15 0.005880` */
function quotedRequest(message: string): Access | null {
  const open = message.indexOf('"')
  const close = message.indexOf('" ', open + 1)
  const request = close === -1 ? null : requestOf(message.slice(open + 1, close))
  const answer = close === -1 ? null : quotedAnswerPattern.exec(message.slice(close, close + 64))
  if (!request || !answer) return null
  const before = message.slice(0, open).split(' ', 1)[0] ?? ''
  return {
    ...request,
    status: Number(answer[1]),
    microversion: null,
    durationMs: answer[2] === undefined ? null : milliseconds(answer[2]),
    remoteAddress: before === '' || before === '-' ? null : before,
  }
}

/** Microseconds are as exact as any of them is. */
const milliseconds = (seconds: string): number => Math.round(Number(seconds) * 1e6) / 1e3
