// The formats of records beside oslo.log's text and JSON, in the order they are tried on what is left of a line when its
// prefixes are gone.
import { readApache } from './apache.ts'
import { readHaproxy } from './haproxy.ts'
import type { Parsed } from './parsed.ts'
import { readUwsgi } from './uwsgi.ts'

export interface Format {
  readonly name: string
  readonly read: (text: string) => Parsed | null
}

export const formats: readonly Format[] = [
  { name: 'uWSGI request line', read: readUwsgi },
  { name: 'HAProxy HTTP log', read: readHaproxy },
  { name: 'common and combined access log', read: readApache },
]
