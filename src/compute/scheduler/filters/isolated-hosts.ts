// Isolated images go to isolated hosts only, and (when restricted) nothing else goes there. Off by default.
import { cause, type Filter } from './filter.ts'

export const isolatedHosts: Filter = {
  name: 'IsolatedHostsFilter',
  stage: 'filter',
  onRebuild: true,
  prepare({ request, settings }) {
    const hosts = new Set(settings.isolatedHosts)
    const isIsolatedImage = request.image !== null && settings.isolatedImages.includes(request.image.id)
    const refusal = cause('IsolatedHostsFilter', 'NoHost.Isolated')
    return host => {
      if (hosts.has(host.host)) return isIsolatedImage || !settings.restrictIsolatedHosts ? null : refusal
      return isIsolatedImage ? refusal : null
    }
  },
}
