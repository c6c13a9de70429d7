// The network service as compute uses it: ports for servers, and what they look like.
import { fault } from '../../../model/errors.ts'
import type { ClientReply } from '../../../platform/http/client.ts'
import type { Address, NetworkInfo, RequestedNetwork, RequestedNetworks } from '../../snapshots.ts'
import type { NetworkNeighbour, OnBehalf, Viewer } from '../neighbours.ts'
import { interfaces } from './interfaces.ts'
import {
  checkBound,
  checkNetwork,
  isOurs,
  keptKey,
  oursPrefix,
  type Port,
  released,
  tagOf,
  tagOfWanted,
} from './ports.ts'
import { refusal } from './refusals.ts'
import { expect, list, part, type Session } from './session.ts'

export function networkNeighbour(session: Session): NetworkNeighbour {
  const call = (
    on: OnBehalf,
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<ClientReply> => session.call(on, 'network', { method, path: `/v2.0${path}`, body })
  const get = async (on: OnBehalf, path: string, key: string) =>
    list(expect(await call(on, 'GET', path), 'network', 200), key)
  const portsOf = (on: OnBehalf, serverId: string) => get(on, `/ports?device_id=${serverId}`, 'ports')

  /** Networks a project may boot on without naming one: its own and shared ones. */
  async function available(on: OnBehalf, projectId: string) {
    const [own, shared] = await Promise.all([
      get(on, `/networks?project_id=${projectId}`, 'networks'),
      get(on, '/networks?shared=true', 'networks'),
    ])
    const all = [...own, ...shared.filter(network => !own.some(mine => mine.id === network.id))]
    return all.filter(network => network['router:external'] !== true)
  }

  async function chosen(
    on: OnBehalf,
    requested: RequestedNetworks,
    projectId: string,
  ): Promise<readonly RequestedNetwork[]> {
    if (requested === 'none') return []
    if (requested !== 'auto' && requested.length > 0) return requested
    const networks = await available(on, projectId)
    if (networks.length > 1) throw fault('NetworkAmbiguous')
    const [only] = networks
    if (only === undefined) {
      if (requested === 'auto') throw fault('AutoAllocateFailed', { project: projectId })
      return []
    }
    return [{ networkId: String(only.id), portId: null, fixedIp: null, tag: null }]
  }

  async function info(
    on: OnBehalf,
    ports: readonly Port[],
    order: readonly string[] = [],
  ): Promise<NetworkInfo> {
    if (ports.length === 0) return []
    const ids = [...new Set(ports.map(port => String(port.network_id)))]
    const portIds = ports.map(port => String(port.id))
    const [networks, floating] = await Promise.all([
      get(on, `/networks?${ids.map(id => `id=${id}`).join('&')}&fields=id&fields=name`, 'networks'),
      get(on, `/floatingips?${portIds.map(id => `port_id=${id}`).join('&')}`, 'floatingips'),
    ])
    const place = (port: Port) => {
      const at = order.indexOf(String(port.id))
      return at < 0 ? order.length : at
    }
    return [...ports]
      .sort((a, b) => place(a) - place(b))
      .map(port => {
        const fixed = (port.fixed_ips as readonly { readonly ip_address: string }[]).map(
          ({ ip_address }): Address => ({
            address: ip_address,
            version: ip_address.includes(':') ? 6 : 4,
            type: 'fixed',
          }),
        ) // neutron's documented shape
        const outside = floating
          .filter(ip => ip.port_id === port.id)
          .map((ip): Address => ({ address: String(ip.floating_ip_address), version: 4, type: 'floating' }))
        return {
          portId: String(port.id),
          mac: String(port.mac_address),
          networkId: String(port.network_id),
          networkName: String(networks.find(network => network.id === port.network_id)?.name ?? ''),
          addresses: [...fixed, ...outside],
          tag: tagOf(port),
          deviceName: `tap${String(port.id).slice(0, 11)}`,
          ours: isOurs(port),
        }
      })
  }

  return {
    async check(on, requested, viewer) {
      const networks = await chosen(on, requested, viewer.projectId)
      const ids = networks.flatMap(({ networkId }) => (networkId === null ? [] : [networkId]))
      if (ids.length > 0) {
        const found = await get(
          on,
          `/networks?${ids.map(id => `id=${encodeURIComponent(id)}`).join('&')}`,
          'networks',
        )
        for (const id of ids)
          checkNetwork(
            found.find(network => network.id === id),
            id,
            viewer,
            'BootNetworkNotFound',
          )
      }
      for (const { portId } of networks)
        if (portId !== null) {
          // Users name one or two ports.
          const reply = await call(on, 'GET', `/ports/${encodeURIComponent(portId)}`)
          if (reply.status === 404) throw fault('BootPortNotFound', { port: portId })
          checkPort(part(expect(reply, 'network', 200), 'port'), portId, viewer)
        }
      return { ports: networks.length }
    },
    async allocate(on, server, requested, securityGroups) {
      const there = await portsOf(on, server.id)
      const networks = await chosen(on, requested, server.projectId)
      const groups = await groupIds(on, get, server.projectId, securityGroups)
      const owner = `${oursPrefix}${server.zone}`
      const bound = { device_id: server.id, device_owner: owner, 'binding:host_id': server.host }
      const made: Port[] = []
      const left = [...there]
      for (const wanted of networks) {
        const at = left.findIndex(port =>
          wanted.portId === null ? port.network_id === wanted.networkId : port.id === wanted.portId,
        )
        if (at >= 0) {
          const port = left.splice(at, 1)[0]! // found above
          made.push(
            port['binding:host_id'] === server.host
              ? port
              : await update(on, String(port.id), { 'binding:host_id': server.host }),
          )
        } else if (wanted.portId !== null)
          made.push(
            await update(on, wanted.portId, {
              ...bound,
              'binding:profile': { [keptKey]: true, ...tagOfWanted(wanted) },
            }),
          )
        else
          made.push(
            await create(on, {
              ...bound,
              network_id: wanted.networkId,
              project_id: server.projectId,
              ...(wanted.tag === null ? {} : { 'binding:profile': tagOfWanted(wanted) }),
              ...(wanted.fixedIp === null ? {} : { fixed_ips: [{ ip_address: wanted.fixedIp }] }),
              ...(groups === null ? {} : { security_groups: groups }),
            }),
          )
      }
      checkBound(made)
      return info(
        on,
        made,
        made.map(port => String(port.id)),
      )
    },
    info: async (on, serverId) => info(on, await portsOf(on, serverId)),
    async move(on, serverId, host) {
      const ports = await portsOf(on, serverId)
      const moved = await Promise.all(
        ports.map(port =>
          port['binding:host_id'] === host ? port : update(on, String(port.id), { 'binding:host_id': host }),
        ),
      )
      checkBound(moved)
      return info(on, moved)
    },
    async release(on, serverId) {
      await Promise.all(
        (await portsOf(on, serverId)).map(async port =>
          isOurs(port)
            ? expect(await call(on, 'DELETE', `/ports/${String(port.id)}`), 'network', 204, 404)
            : expect(
                await call(on, 'PUT', `/ports/${String(port.id)}`, { port: released }),
                'network',
                200,
                404,
              ),
        ),
      )
    },
    async securityGroups(on, serverId) {
      const ids = new Set(
        (await portsOf(on, serverId)).flatMap(port => port.security_groups as readonly string[]),
      ) // neutron's documented shape
      if (ids.size === 0) return []
      const groups = await get(
        on,
        `/security-groups?${[...ids].map(id => `id=${id}`).join('&')}&fields=name`,
        'security_groups',
      )
      return groups.map(group => String(group.name)).sort()
    },
    addSecurityGroup: (on, serverId, projectId, name) =>
      changeGroups(on, serverId, projectId, name, (groups, id) => {
        if (groups.every(own => own.includes(id)))
          throw fault('SecurityGroupAlreadyAdded', { group: name, server: serverId })
        return own => [...new Set([...own, id])]
      }),
    removeSecurityGroup: (on, serverId, projectId, name) =>
      changeGroups(on, serverId, projectId, name, (groups, id) => {
        if (!groups.some(own => own.includes(id)))
          throw fault('SecurityGroupNotOnServer', { group: id, server: serverId })
        return own => own.filter(other => other !== id)
      }),
    async checkSecurityGroups(on, projectId, names) {
      await groupIds(on, get, projectId, names)
    },
    ...interfaces({ call, get, portsOf, available }),
  }

  async function create(on: OnBehalf, port: object): Promise<Port> {
    const reply = await call(on, 'POST', '/ports', { port })
    if (reply.status === 201) return part(reply, 'port')
    throw refusal(reply)
  }

  async function update(on: OnBehalf, id: string, port: object): Promise<Port> {
    const reply = await call(on, 'PUT', `/ports/${id}`, { port })
    if (reply.status === 200) return part(reply, 'port')
    throw reply.status === 404 ? fault('BootPortNotFound', { port: id }) : refusal(reply)
  }

  async function changeGroups(
    on: OnBehalf,
    serverId: string,
    projectId: string,
    name: string,
    decide: (
      groups: readonly (readonly string[])[],
      id: string,
    ) => (own: readonly string[]) => readonly string[],
  ): Promise<void> {
    const [id] = (await groupIds(on, get, projectId, [name], 'SecurityGroupOfServerNotFound')) ?? []
    const ports = await portsOf(on, serverId)
    if (ports.length === 0) throw fault('NoPortsForSecurityGroup', { server: serverId })
    const change = decide(
      ports.map(port => port.security_groups as readonly string[]),
      id ?? name,
    ) // neutron's documented shape
    await Promise.all(
      ports.map(port =>
        update(on, String(port.id), { security_groups: change(port.security_groups as readonly string[]) }),
      ),
    )
  }
}

function checkPort(port: Port, id: string, { projectId, isAdmin }: Viewer): void {
  if (port.project_id !== projectId && !isAdmin) throw fault('BootPortNotFound', { port: id })
  if (port.device_id) throw fault('BootPortInUse', { port: id })
  if (!Array.isArray(port.fixed_ips) || port.fixed_ips.length === 0)
    throw fault('BootPortRequiresAddress', { port: id })
}

/** Ids of named groups; null when only `default` is asked for, which is what the network service gives by itself. */
async function groupIds(
  on: OnBehalf,
  get: (on: OnBehalf, path: string, key: string) => Promise<readonly Readonly<Record<string, unknown>>[]>,
  projectId: string,
  names: readonly string[],
  missing: 'BootSecurityGroupNotFound' | 'SecurityGroupOfServerNotFound' = 'BootSecurityGroupNotFound',
): Promise<readonly string[] | null> {
  const isBoot = missing === 'BootSecurityGroupNotFound'
  if (isBoot && (names.length === 0 || (names.length === 1 && names[0] === 'default'))) return null
  const known = await get(
    on,
    `/security-groups?project_id=${projectId}&fields=id&fields=name`,
    'security_groups',
  )
  return names.map(name => {
    const found = known.filter(group => group.name === name || group.id === name)
    if (found.length > 1) throw fault('SecurityGroupAmbiguous', { group: name })
    if (!found[0]) throw fault(missing, { group: name, project: projectId })
    return String(found[0].id)
  })
}
