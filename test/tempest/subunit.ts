// Results of tests as they come: subunit's second version, the binary stream that stestr and its workers speak.
//   for (const packet of reader.read(chunk)) …
// The format is told in https://github.com/testing-cabal/subunit, README, "Protocol".
import { crc32 } from 'node:zlib'

export type Status = 'exists' | 'inprogress' | 'success' | 'uxsuccess' | 'skip' | 'fail' | 'xfail'

export interface Packet {
  /** Null: it is about no test. */
  readonly id: string | null
  /** Null: a part of an attachment, and nothing about how the test stands. */
  readonly status: Status | null
  /** Part of an attachment of the test, `traceback` or `reason` among others. */
  readonly file: { readonly name: string; readonly bytes: Uint8Array } | null
  /** Milliseconds since 1970. */
  readonly at: number | null
}

const signature = 0xb3
const version = 0x2
const flag = {
  id: 0x0800,
  route: 0x0400,
  timestamp: 0x0200,
  tags: 0x0080,
  file: 0x0040,
  mime: 0x0020,
} as const
const statuses = [null, 'exists', 'inprogress', 'success', 'uxsuccess', 'skip', 'fail', 'xfail'] as const
/** Signature, flags and the longest length. */
const headMax = 7
const crcBytes = 4

/** Takes a stream in pieces of any size. Bytes between packets are what a worker printed: they are passed over. */
export function subunitReader(): { read(chunk: Uint8Array): Packet[] } {
  let left = Buffer.alloc(0)
  return {
    read(chunk) {
      left = left.length === 0 ? Buffer.from(chunk) : Buffer.concat([left, chunk])
      const packets: Packet[] = []
      for (;;) {
        const start = left.indexOf(signature)
        left = start < 0 ? left.subarray(left.length) : left.subarray(start)
        const length = lengthOf(left)
        if (length === 'incomplete' || (length !== null && left.length < length)) return packets
        const packet = length === null ? null : parse(left.subarray(0, length))
        if (packet !== null) packets.push(packet)
        // A signature that begins no packet was a byte of somebody's output.
        left = left.subarray(packet === null || length === null ? 1 : length)
      }
    },
  }
}

/** Bytes of the packet that begins here; null when none does. */
function lengthOf(bytes: Buffer): number | null | 'incomplete' {
  if (bytes.length < headMax) return 'incomplete'
  if (bytes[1]! >> 4 !== version) return null
  const { value, next } = numberAt(bytes, 3)
  return value < next + crcBytes ? null : value
}

/** The two highest bits of a number say how many bytes follow the first. */
function numberAt(bytes: Buffer, at: number): { readonly value: number; readonly next: number } {
  const first = bytes[at] ?? 0
  const more = first >> 6
  let value = first & 0x3f
  for (let step = 1; step <= more; step += 1) value = value * 256 + (bytes[at + step] ?? 0)
  return { value, next: at + 1 + more }
}

function parse(bytes: Buffer): Packet | null {
  const end = bytes.length - crcBytes
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)) return null
  const flags = bytes.readUInt16BE(1)
  let { next } = numberAt(bytes, 3)
  const number = (): number => {
    const read = numberAt(bytes, next)
    next = read.next
    return read.value
  }
  const part = (): Buffer => {
    const length = number()
    next += length
    return bytes.subarray(next - length, next)
  }
  const has = (name: keyof typeof flag): boolean => (flags & flag[name]) !== 0
  let at: number | null = null
  if (has('timestamp')) {
    const seconds = bytes.readUInt32BE(next)
    next += 4
    at = seconds * 1000 + number() / 1e6
  }
  const id = has('id') ? part().toString() : null
  if (has('tags')) for (let count = number(); count > 0; count -= 1) part()
  if (has('mime')) part()
  const file = has('file') ? { name: part().toString(), bytes: Uint8Array.from(part()) } : null
  return { id, status: statuses[flags & 0x7]!, file, at } // three bits, eight rows
}
