// os-getConsoleOutput: asked of the host while the caller waits.
import { json, type Reply } from '../../../platform/http/types.ts'
import { askHost } from '../../ask-host.ts'
import type { ServerRow } from '../../store/servers.ts'
import type { ComputeCall } from '../call.ts'
import { requireHost } from './power.ts'

export async function consoleOutput(
  call: ComputeCall,
  server: ServerRow,
  value: { readonly length?: number | string | null } | null,
): Promise<Reply> {
  const host = requireHost(server)
  const length = value?.length ?? null
  // -1 is all of it, as null.
  const lines = length === null || Number(length) < 0 ? null : Number(length)
  return json(200, { output: await askHost(call, host, server, 'consoleOutput', { lines }) })
}
