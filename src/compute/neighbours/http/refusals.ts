// What the network service refused, as Nova passes it on (nova/network/neutron.py, _create_port).
import { isObject } from '../../../base/json.ts'
import { type Fault, fault } from '../../../model/errors.ts'
import type { ClientReply } from '../../../platform/http/client.ts'
import { messageOf } from './session.ts'

/** When a build fails at it. */
export function refusal(reply: ClientReply): Fault {
  const text = messageOf(reply)
  if (reply.status === 409 && text.includes('No more IP addresses'))
    return fault('NoMoreFixedIps', { reason: text })
  if (reply.status === 409 && text.includes('Quota')) return fault('PortLimitExceeded')
  return fault('NetworkRefused', { reason: text, status: reply.status })
}

/** When a port for a running server is refused: addresses are told apart, too. */
export function attachRefusal(
  reply: ClientReply,
  { ip, network }: { readonly ip: string | null; readonly network: unknown },
): Fault {
  switch (typeOf(reply)) {
    case 'IpAddressInUse':
    case 'IpAddressAlreadyAllocated':
      return fault('FixedIpInUse', { ip })
    case 'InvalidIpForNetwork':
      return fault('FixedIpInvalid', { ip, network })
    default:
      return refusal(reply)
  }
}

/** Neutron names the class of its error. */
const typeOf = ({ body }: ClientReply): unknown =>
  isObject(body) && isObject(body.NeutronError) ? body.NeutronError.type : undefined
