// What people have in hand, as a handle: an id, a name, `last`, or the line of a log they copied.
import { isUuidLike } from '../../base/ids.ts'

const requestId = /\breq-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi
const uuid = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/i

/** The handle in a text. A text that is none, and no line of a log, is taken for a server's name. */
export function handleIn(text: string): string {
  const line = text.trim()
  if (!/\s/.test(line) && !line.startsWith('{')) return requestIdIn(line) ?? line
  return (
    requestIdIn(line) ??
    instanceIn(line) ??
    (isUuidLike(line) ? line : (uuid.exec(line)?.[0].toLowerCase() ?? line))
  )
}

function requestIdIn(line: string): string | undefined {
  // JSON lines say which of the two ids is the service's own.
  const field = /"request_id"\s*:\s*"(req-[0-9a-f-]{36})"/i.exec(line)?.[1]
  if (field !== undefined) return field.toLowerCase()
  // `[req-GLOBAL req-LOCAL user …]`, `[None req-LOCAL …]`, `[req-LOCAL user …]`: the last of those in front is the local one.
  const context = /\[(?:None |- )?((?:req-[0-9a-f-]{36} ?){1,2})/i.exec(line)?.[1]
  const inContext = context?.match(requestId)?.at(-1)
  return (inContext ?? line.match(requestId)?.[0])?.toLowerCase()
}

const instanceIn = (line: string): string | undefined =>
  /\[instance: ([0-9a-f-]{36})\]/i.exec(line)?.[1]?.toLowerCase()
