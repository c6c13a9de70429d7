// The ids an index remembers: whatever has the shape of a UUID in lower case. A request id is one behind `req-`.

export const idBytes = 36
export const requestPrefix = 'req-'
const dash = 45

/** Values of hex digits; 255 for what is none. */
const nibbles = new Uint8Array(256).fill(255)
for (let value = 0; value < 16; value++) nibbles[value.toString(16).charCodeAt(0)] = value

/** Hands over where each id begins, and its hash. */
export function eachId(bytes: Uint8Array, use: (at: number, hash: number) => void): void {
  const end = bytes.length - idBytes + 8
  for (let at = 8; at <= end; at++) {
    if (bytes[at] !== dash || bytes[at + 5] !== dash || bytes[at + 10] !== dash || bytes[at + 15] !== dash)
      continue
    const hash = hashAt(bytes, at - 8)
    if (hash >= 0) use(at - 8, hash)
  }
}

/** 32 bits of an id, of all its digits; -1 when there is none. */
function hashAt(bytes: Uint8Array, from: number): number {
  let hash = 0x811c9dc5
  for (let at = from; at < from + idBytes; at++) {
    // Dashes have been looked at.
    if (at === from + 8 || at === from + 13 || at === from + 18 || at === from + 23) continue
    const value = nibbles[bytes[at]!]! // within both
    if (value === 255) return -1
    hash = Math.imul(hash ^ value, 0x01000193)
  }
  // FNV leaves the upper bits of similar ids alike.
  return (Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ hash) >>> 0
}

/** The hash of a text the index can answer for; null for others. */
export function hashOfText(text: string): number | null {
  const id = text.startsWith(requestPrefix) ? text.slice(requestPrefix.length) : text
  if (id.length !== idBytes) return null
  let found: number | null = null
  eachId(Buffer.from(id), (_at, hash) => {
    found = hash
  })
  return found
}
