// What the first bytes of a file tell: text, gzip, or what is not for us.

export type Content = 'text' | 'gzip' | 'empty' | 'binary' | { readonly packedBy: string }

const packers: readonly (readonly [name: string, magic: readonly number[]])[] = [
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
]

export function contentOf(bytes: Uint8Array): Content {
  if (bytes.length === 0) return 'empty'
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip'
  for (const [packedBy, magic] of packers)
    if (magic.every((byte, at) => bytes[at] === byte)) return { packedBy }
  // A log that was emptied while its writer went on at the old position begins with a hole.
  let from = 0
  while (bytes[from] === 0) from++
  if (from === bytes.length) return 'binary'
  let zeros = 0
  let controls = 0
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === 0) zeros++
    else if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) controls++
  }
  const length = bytes.length - from
  return zeros * 10 > length || controls * 20 > length ? 'binary' : 'text'
}

/** Nothing but zeros: the end of the file has to tell. */
export const isHole = (bytes: Uint8Array): boolean => bytes.length > 0 && bytes.every(byte => byte === 0)
