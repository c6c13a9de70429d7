// The shapes the volume service answers with.
import { volumeMinorMax } from '../model/volume-microversions.ts'
import type { Call } from '../platform/http/call.ts'
import type { VolumeDeps } from './deps.ts'
import type { Named, VolumeType } from './store.ts'

export const versionView = (origin: string) => ({
  id: 'v3.0',
  status: 'CURRENT',
  version: `3.${volumeMinorMax}`,
  min_version: '3.0',
  updated: '2023-08-31T00:00:00Z',
  links: [
    { rel: 'describedby', type: 'text/html', href: 'https://docs.openstack.org/' },
    { rel: 'self', href: `${origin}/volume/v3/` },
  ],
  'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.volume+json;version=3' }],
})

/** cinder/api/api_utils.py, USER_VISIBLE_EXTRA_SPECS: what tells users what a volume can do. */
const userVisibleSpecs: ReadonlySet<string> = new Set([
  'RESKEY:availability_zones',
  'multiattach',
  'replication_enabled',
])

export const seenSpecs = (call: Call<VolumeDeps>, specs: Named): Named =>
  call.allows('volume_extension:types_extra_specs:read_sensitive')
    ? specs
    : Object.fromEntries(Object.entries(specs).filter(([name]) => userVisibleSpecs.has(name)))

export const typeView = (call: Call<VolumeDeps>, type: VolumeType) => ({
  id: type.id,
  name: type.name,
  is_public: type.is_public === 1,
  description: type.description,
  extra_specs: seenSpecs(call, type.extraSpecs),
  ...(call.auth.isAdmin ? { qos_specs_id: null } : {}),
  'os-volume-type-access:is_public': type.is_public === 1,
})
