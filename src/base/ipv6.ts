/**
 * The text OpenStack gives for an IPv6 address, however it was written: as glibc does, which Python's netaddr asks.
 * URLs have the same short form, except for the addresses that stand for IPv4 ones.
 */
export function canonicalIpv6(text: string): string {
  const short = new URL(`http://[${text}]`).hostname.slice(1, -1)
  const ipv4 = /^::(ffff:)?([0-9a-f]+):([0-9a-f]+)$/.exec(short)
  if (!ipv4) return short
  const [, mapped = '', high, low] = ipv4
  const halves = [high, low].map(half => Number.parseInt(half ?? '', 16))
  return `::${mapped}${halves.map(half => `${half >> 8}.${half & 0xff}`).join('.')}`
}
