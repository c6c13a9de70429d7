// Ports that come to a server and leave it while it is there, and fixed addresses on those it has.
import { fault } from '../../../model/errors.ts'
import type { ClientReply } from '../../../platform/http/client.ts'
import type { InterfaceWanted, NetworkNeighbour, OnBehalf } from '../neighbours.ts'
import {
  checkBound,
  checkNetwork,
  isOurs,
  keptKey,
  oursPrefix,
  type Port,
  profileOf,
  released,
  tagOfWanted,
} from './ports.ts'
import { attachRefusal } from './refusals.ts'
import { expect, part } from './session.ts'

/** The operation a port came with: run again it finds its port, undone it lets go of no other. */
const operationKey = 'faultline_operation'

type Server = Parameters<NetworkNeighbour['attach']>[1]

export interface InterfaceMeans {
  call(
    on: OnBehalf,
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<ClientReply>
  get(on: OnBehalf, path: string, key: string): Promise<readonly Port[]>
  portsOf(on: OnBehalf, serverId: string): Promise<readonly Port[]>
  /** Networks a project may have ports on without naming one. */
  available(on: OnBehalf, projectId: string): Promise<readonly Port[]>
}

export function interfaces({
  call,
  get,
  portsOf,
  available,
}: InterfaceMeans): Pick<
  NetworkNeighbour,
  'attach' | 'takeBack' | 'detach' | 'addFixedIp' | 'removeFixedIp'
> {
  const ofOperation = async (on: OnBehalf, serverId: string, operationId: string) =>
    (await portsOf(on, serverId)).find(port => profileOf(port)?.[operationKey] === operationId)

  async function letGo(on: OnBehalf, port: Port): Promise<void> {
    const path = `/ports/${String(port.id)}`
    if (isOurs(port)) expect(await call(on, 'DELETE', path), 'network', 204, 404)
    else expect(await call(on, 'PUT', path, { port: released }), 'network', 200, 404)
  }

  async function network(on: OnBehalf, server: Server, wanted: InterfaceWanted): Promise<string> {
    if (wanted.networkId !== null) {
      const found = await get(on, `/networks?id=${encodeURIComponent(wanted.networkId)}`, 'networks')
      checkNetwork(found[0], wanted.networkId, wanted.viewer, 'AttachNetworkNotFound')
      return wanted.networkId
    }
    const [only, ...others] = await available(on, server.projectId)
    if (others.length > 0) throw fault('AttachNetworkAmbiguous')
    if (!only) throw fault('AttachWithoutNetwork', { project: server.projectId })
    return String(only.id)
  }

  async function usable(on: OnBehalf, server: Server, id: string): Promise<void> {
    const reply = await call(on, 'GET', `/ports/${encodeURIComponent(id)}`)
    if (reply.status === 404) throw fault('AttachPortNotFound', { port: id })
    const port = part(expect(reply, 'network', 200), 'port')
    if (port.project_id !== server.projectId) throw fault('PortNotUsable', { port: id, server: server.id })
    if (port.device_id) throw fault('BootPortInUse', { port: id })
    if (!Array.isArray(port.fixed_ips) || port.fixed_ips.length === 0)
      throw fault('BootPortRequiresAddress', { port: id })
  }

  async function bind(on: OnBehalf, server: Server, wanted: InterfaceWanted): Promise<Port> {
    const profile = { [operationKey]: wanted.operationId, ...tagOfWanted(wanted) }
    const bound = {
      device_id: server.id,
      device_owner: `${oursPrefix}${server.zone}`,
      'binding:host_id': server.host,
    }
    const { portId, fixedIp: ip } = wanted
    if (portId !== null) {
      await usable(on, server, portId)
      const port = { ...bound, 'binding:profile': { ...profile, [keptKey]: true } }
      const reply = await call(on, 'PUT', `/ports/${encodeURIComponent(portId)}`, { port })
      if (reply.status === 404) throw fault('AttachPortNotFound', { port: portId })
      if (reply.status !== 200) throw attachRefusal(reply, { ip, network: null })
      return part(reply, 'port')
    }
    const network_id = await network(on, server, wanted)
    const fixed = ip === null ? {} : { fixed_ips: [{ ip_address: ip }] }
    const port = { ...bound, network_id, project_id: server.projectId, 'binding:profile': profile, ...fixed }
    const reply = await call(on, 'POST', '/ports', { port })
    if (reply.status !== 201) throw attachRefusal(reply, { ip, network: network_id })
    return part(reply, 'port')
  }

  return {
    async attach(on, server, wanted) {
      const port = (await ofOperation(on, server.id, wanted.operationId)) ?? (await bind(on, server, wanted))
      checkBound([port])
      return String(port.id)
    },
    async takeBack(on, serverId, operationId) {
      const port = await ofOperation(on, serverId, operationId)
      if (port) await letGo(on, port)
    },
    async detach(on, serverId, portId) {
      const port = (await portsOf(on, serverId)).find(({ id }) => id === portId)
      if (port) await letGo(on, port)
    },
    // nova/network/neutron.py, add_fixed_ip_to_instance: the first port on the network that takes one more.
    async addFixedIp(on, serverId, networkId) {
      const of = encodeURIComponent(networkId)
      const [ports, subnets] = await Promise.all([
        get(on, `/ports?device_id=${serverId}&network_id=${of}`, 'ports'),
        get(on, `/subnets?network_id=${of}`, 'subnets'),
      ])
      let refused: ClientReply | null = null
      for (const port of ports)
        for (const subnet of subnets) {
          const fixed_ips = [...addressesOf(port), { subnet_id: subnet.id }]
          const reply = await call(on, 'PUT', `/ports/${String(port.id)}`, { port: { fixed_ips } })
          if (reply.status !== 200) refused ??= reply
          // A subnet whose addresses come by themselves has none more to give.
          else if (addressesOf(part(reply, 'port')).length > addressesOf(port).length) return
        }
      throw refused
        ? attachRefusal(refused, { ip: null, network: networkId })
        : fault('NetworkOfServerNotFound', { server: serverId })
    },
    async removeFixedIp(on, serverId, address) {
      const ports = await portsOf(on, serverId)
      const has = (port: Port) => addressesOf(port).some(({ ip_address }) => ip_address === address)
      const port = ports.find(has)
      if (!port) throw fault('FixedIpNotOnServer', { server: serverId, address })
      const fixed_ips = addressesOf(port).filter(({ ip_address }) => ip_address !== address)
      expect(await call(on, 'PUT', `/ports/${String(port.id)}`, { port: { fixed_ips } }), 'network', 200)
    },
  }
}

const addressesOf = (port: Port) =>
  port.fixed_ips as readonly { readonly subnet_id: string; readonly ip_address: string }[] // neutron's documented shape
