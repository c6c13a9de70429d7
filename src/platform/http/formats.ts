// The string formats schemas may name: OpenStack's own beside the standard ones (nova/api/validation/validators.py).
import { isIP, isIPv4, isIPv6 } from 'node:net'
import { isUuidLike } from '../../base/ids.ts'
import { userPattern } from '../../base/pattern.ts'
import { parseIso } from '../../base/time.ts'

// Letters, marks, numbers, punctuation, symbols and the plain space: what nova calls printable, BMP only.
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]*$/u
const isBmp = (text: string) => !/[\u{10000}-\u{10ffff}]/u.test(text)
const isName = (text: string) =>
  text.length > 0 && printable.test(text) && isBmp(text) && text.trim() === text
const isLooseName = (text: string) => printable.test(text) && isBmp(text) && text.trim() !== ''

function isCidr(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/')
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0
  return (
    bits > 0 &&
    length !== undefined &&
    rest.length === 0 &&
    /^\d{1,3}$/.test(length) &&
    Number(length) <= bits
  )
}

function isUri(text: string): boolean {
  try {
    return new URL(text).protocol.length > 1
  } catch {
    return false
  }
}

const isBase64 = (text: string) =>
  /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text) && text.replaceAll(/\s/g, '').length % 4 === 0

export const formats: Readonly<Record<string, (text: string) => boolean>> = {
  uuid: isUuidLike,
  'date-time': text => parseIso(text) !== undefined,
  ipv4: isIPv4,
  // A zone (`fe80::1%eth0`) is a matter of one machine.
  ipv6: text => isIPv6(text) && !text.includes('%'),
  ip: text => isIP(text) !== 0,
  cidr: isCidr,
  'mac-address': text => /^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/.test(text),
  uri: isUri,
  regex: text => userPattern(text) !== null,
  base64: isBase64,
  email: text => /^[^\s@]+@[^\s@]+$/.test(text),
  name: isName,
  name_with_leading_trailing_spaces: isLooseName,
  az_name: text => isName(text) && !text.includes(':'),
  az_name_with_leading_trailing_spaces: text => isLooseName(text) && !text.includes(':'),
  keypair_name_20: isName,
}
