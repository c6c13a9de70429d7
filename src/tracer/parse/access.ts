// Requests as services log them in a message of their own.
import type { Access } from '../record.ts'

/** The request a message tells of; null when it tells of none. */
export function accessOf(message: string): Access | null {
  const status = message.indexOf('" status: ')
  if (status === -1) return null
  const open = message.indexOf('"')
  const match = requestPattern.exec(message.slice(open + 1, status))
  const answer = answerPattern.exec(message.slice(status + 2))
  if (!match || !answer) return null
  const [, method = '', path = ''] = match
  const [, code, microversion, seconds] = answer
  return {
    method,
    path,
    status: Number(code),
    microversion: microversion === undefined || microversion === '-' ? null : microversion,
    durationMs: seconds === undefined ? null : Number(seconds) * 1000,
    remoteAddress: message.slice(0, open).trim() || null,
  }
}

const requestPattern = /^([A-Z]+) ([^ ]+)(?: HTTP\/[\d.]+)?$/
const answerPattern = /^status: (\d{3}) {1,2}len: \S+(?: microversion: (\S+))?(?: time: (\d+(?:\.\d+)?))?/
