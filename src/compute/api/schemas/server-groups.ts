// Body of `POST /os-server-groups` (nova/api/openstack/compute/schemas/server_groups.py).
import type { Microversion } from '../../../model/microversions.ts'
import type { GroupPolicy } from '../../../model/server-groups.ts'
import { name, object, perVersion, positiveInteger, rooted } from './parameters.ts'

const policiesOf = (version: Microversion): readonly GroupPolicy[] =>
  version.has('softAffinity')
    ? ['anti-affinity', 'affinity', 'soft-anti-affinity', 'soft-affinity']
    : ['anti-affinity', 'affinity']

export const createServerGroupBody = perVersion(version => {
  const policy = { type: 'string', enum: policiesOf(version) }
  return rooted(
    'server_group',
    version.has('serverGroupPolicy')
      ? object({ name, policy, rules: object({ max_server_per_host: positiveInteger }) }, ['name', 'policy'])
      : object({ name, policies: { type: 'array', items: policy, minItems: 1, maxItems: 1 } }, [
          'name',
          'policies',
        ]),
  )
})

export interface CreateServerGroupBody {
  readonly server_group: {
    readonly name: string
    readonly policy?: GroupPolicy
    readonly policies?: readonly GroupPolicy[]
    readonly rules?: { readonly max_server_per_host?: number | string }
  }
}
