// Remote consoles: by protocol and type, since when each may be asked for and where its proxy is (Nova's defaults).
import type { ComputeFeature } from './microversions.ts'

export interface ConsoleRow {
  readonly protocol: 'vnc' | 'spice' | 'serial' | 'mks'
  readonly type: string
  readonly since: ComputeFeature
  /** Where a token leads; null for types no proxy serves any more. */
  readonly url: string | null
}

export const consoles = [
  {
    protocol: 'vnc',
    type: 'novnc',
    since: 'remoteConsoles',
    url: 'http://127.0.0.1:6080/vnc_auto.html?path=%3Ftoken%3D{token}',
  },
  { protocol: 'vnc', type: 'xvpvnc', since: 'remoteConsoles', url: null },
  {
    protocol: 'spice',
    type: 'spice-html5',
    since: 'remoteConsoles',
    url: 'http://127.0.0.1:6082/spice_auto.html?token={token}',
  },
  { protocol: 'serial', type: 'serial', since: 'remoteConsoles', url: 'ws://127.0.0.1:6083/?token={token}' },
  { protocol: 'mks', type: 'webmks', since: 'mksConsole', url: 'http://127.0.0.1:6090/?token={token}' },
  {
    protocol: 'spice',
    type: 'spice-direct',
    since: 'spiceDirect',
    url: 'http://127.0.0.1:13002/nova?token={token}',
  },
] as const satisfies readonly ConsoleRow[]

export type ConsoleProtocol = (typeof consoles)[number]['protocol']
