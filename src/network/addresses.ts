// Arithmetic on IP addresses and prefixes. ipaddr.js reads and writes the text; numbers are bigints.
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

export type IpVersion = 4 | 6

export interface Ip {
  readonly version: IpVersion
  readonly value: bigint
}

/** A prefix: `first` is its lowest address (the network's own), `last` its highest. */
export interface Cidr {
  readonly version: IpVersion
  readonly first: bigint
  readonly last: bigint
  readonly bits: number
}

const width = (version: IpVersion) => (version === 4 ? 32 : 128)

/** Reads an address in its strict form (four decimal parts, or RFC 4291 without a zone). */
export function parseIp(text: string): Ip | undefined {
  const version = isIP(text)
  if ((version !== 4 && version !== 6) || text.includes('%')) return undefined
  const hex = Buffer.from(ipaddr.parse(text).toByteArray()).toString('hex')
  return { version, value: BigInt(`0x${hex}`) }
}

/** The canonical text: RFC 5952 for IPv6. */
export function formatIp({ version, value }: Ip): string {
  const hex = value.toString(16).padStart(width(version) / 4, '0')
  return ipaddr.fromByteArray([...Buffer.from(hex, 'hex')]).toString()
}

/** Reads `address/length`; bits of the host part are dropped, as netaddr does. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/')
  const ip = parseIp(slash < 0 ? text : text.slice(0, slash))
  if (!ip) return undefined
  const length = slash < 0 ? String(width(ip.version)) : text.slice(slash + 1)
  if (!/^\d{1,3}$/.test(length) || Number(length) > width(ip.version)) return undefined
  const bits = Number(length)
  const span = 1n << BigInt(width(ip.version) - bits)
  const first = (ip.value / span) * span
  return { version: ip.version, first, last: first + span - 1n, bits }
}

export const formatCidr = (cidr: Cidr): string =>
  `${formatIp({ version: cidr.version, value: cidr.first })}/${cidr.bits}`

export const contains = (cidr: Cidr, ip: Ip): boolean =>
  cidr.version === ip.version && ip.value >= cidr.first && ip.value <= cidr.last

export const overlaps = (one: Cidr, other: Cidr): boolean =>
  one.version === other.version && one.first <= other.last && other.first <= one.last

/** True where a machine may have `ip`: not the IPv4 network or broadcast address, nor the IPv6 anycast one. */
export function isHostAddress(cidr: Cidr, ip: Ip): boolean {
  if (!contains(cidr, ip)) return false
  if (cidr.last - cidr.first < 2n) return true
  return ip.value !== cidr.first && (cidr.version === 6 || ip.value !== cidr.last)
}

/** The SLAAC address of `mac` in a /64: modified EUI-64 (RFC 4291, appendix A). */
export function eui64(cidr: Cidr, mac: string): string {
  const octets = mac.split(':').map(part => Number.parseInt(part, 16))
  const id = [octets[0]! ^ 2, octets[1]!, octets[2]!, 0xff, 0xfe, octets[3]!, octets[4]!, octets[5]!] // a MAC has six
  return formatIp({ version: 6, value: cidr.first + BigInt(`0x${Buffer.from(id).toString('hex')}`) })
}
