// Bodies and queries of the key pair routes (nova/api/openstack/compute/schemas/keypairs.py).
import { querySchema } from '../../../platform/http/query.ts'
import { limit, name, object, ownerId, perVersion, rooted, text } from './parameters.ts'

const named = (pattern: string) => ({
  allOf: [name, { type: 'string', minLength: 1, maxLength: 255, pattern }],
})
const keypairName = named('^[_\\- a-zA-Z0-9]+$')
const keypairNameAt = named('^[_\\-@\\. a-zA-Z0-9]+$')

export const createKeypairBody = perVersion(version =>
  rooted(
    'keypair',
    object(
      {
        name: version.has('importedKeypairsOnly') ? keypairNameAt : keypairName,
        public_key: text,
        ...(version.has('keypairTypes') ? { type: { type: 'string', enum: ['ssh', 'x509'] } } : {}),
        ...(version.has('keypairUsers') ? { user_id: ownerId } : {}),
      },
      version.has('importedKeypairsOnly') ? ['name', 'public_key'] : ['name'],
    ),
  ),
)

export interface CreateKeypairBody {
  readonly keypair: {
    readonly name: string
    readonly public_key?: string
    readonly type?: 'ssh' | 'x509'
    readonly user_id?: string
  }
}

const others = (isStrict: boolean) => (isStrict ? 'refused' : 'ignored')

export const listKeypairsQuery = perVersion(version =>
  querySchema(
    {},
    {
      multi: {
        ...(version.has('keypairUsers') ? { user_id: text } : {}),
        ...(version.has('keypairPaging') ? { limit, marker: text } : {}),
      },
      others: others(version.has('strictQueries')),
    },
  ),
)

export const keypairQuery = perVersion(version =>
  querySchema(
    {},
    {
      multi: version.has('keypairUsers') ? { user_id: text } : {},
      others: others(version.has('strictQueries')),
    },
  ),
)
