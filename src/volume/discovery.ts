// What clients ask before they ask for anything: the version document, limits, and lists that are empty today.
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'
import type { VolumeDeps } from './deps.ts'
import { limitsView, quotaClassView, quotasView, volumeVersions } from './views.ts'

export const showVersion = (call: Call<VolumeDeps>): Reply => json(200, volumeVersions(call.request.origin))

export const showLimits = (_call: Call<VolumeDeps>): Reply => json(200, limitsView())

/** What a project may have; the same for every project until quotas can be set. `usage=true` shows that nothing is used. */
export function showQuotas(call: Call<VolumeDeps>): Reply {
  const project = call.params.project!
  call.enforce('volume_extension:quotas:show', { projectId: project })
  return json(200, quotasView(project, call.query.one('usage')?.toLowerCase() === 'true'))
}

/** The same limits as a class, which is where they come from in Cinder. */
export function showQuotaClass(call: Call<VolumeDeps>): Reply {
  call.enforce('volume_extension:quota_classes:get')
  return json(200, quotaClassView(call.params.class!)) // in the route's path
}

/** A list of something this service cannot make yet. */
export const emptyList =
  (key: string) =>
  (_call: Call<VolumeDeps>): Reply =>
    json(200, { [key]: [] })
