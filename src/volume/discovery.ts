// What clients ask before they ask for anything: the version document.
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'
import type { VolumeDeps } from './deps.ts'
import { volumeVersions } from './views.ts'

export const showVersion = (call: Call<VolumeDeps>): Reply => json(200, volumeVersions(call.request.origin))
