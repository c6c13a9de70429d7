// What clients ask before they ask for anything: the version document, zones, services, extensions.
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'
import type { VolumeDeps } from './deps.ts'
import { versionView } from './views.ts'

export const showVersion = (call: Call<VolumeDeps>): Reply =>
  json(200, { versions: [versionView(call.request.origin)] })

/** A list of something this service cannot make yet. */
export const emptyList =
  (key: string) =>
  (_call: Call<VolumeDeps>): Reply =>
    json(200, { [key]: [] })
