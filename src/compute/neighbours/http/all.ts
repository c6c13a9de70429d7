// The other services over HTTP (or its shape, in one process), as compute's neighbours.
import type { Clock } from '../../../base/time.ts'
import type { Client } from '../../../platform/http/client.ts'
import { type Credentials, createSession } from '../../../platform/http/session.ts'
import type { Neighbours } from '../neighbours.ts'
import { identityNeighbour } from './identity.ts'
import { imageNeighbour } from './image.ts'
import { networkNeighbour } from './network.ts'
import { placementNeighbour } from './placement.ts'
import { volumeNeighbour } from './volume.ts'

export function httpNeighbours(client: Client, credentials: Credentials, clock: Clock): Neighbours {
  const session = createSession(client, credentials, clock)
  return {
    identity: identityNeighbour(session),
    image: imageNeighbour(session),
    network: networkNeighbour(session),
    placement: placementNeighbour(session),
    volume: volumeNeighbour(session),
  }
}
