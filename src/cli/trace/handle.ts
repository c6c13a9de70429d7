// What people have in hand, as the handle a cloud or the tracer is asked for.
import { readHandle } from '../../tracer/handle.ts'

/** An id, a name, or `last`; out of the line of a log, the id in it. */
export function handleIn(text: string): string {
  const handle = readHandle(text)
  switch (handle.kind) {
    case 'request':
    case 'server':
      return handle.id
    case 'name':
      return handle.name
    case 'last':
    case 'last-failed':
      return handle.kind
  }
}
