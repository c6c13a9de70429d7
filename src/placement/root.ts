// The version document, and what is not there.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import type { Reply } from '../platform/http/types.ts'
import type { PlacementDeps } from './deps.ts'
import { fresh, versionView } from './views.ts'

export const showVersion = (call: Call<PlacementDeps>): Reply => fresh(call, versionView())

export function reshape(call: Call<PlacementDeps>): never {
  call.enforce('placement:reshaper:reshape')
  throw fault('NotImplementedHere', { what: 'POST /reshaper' })
}
