// Finds texts in bytes, all of them in one pass. Ids are long: of every text, wherever it stands, a few aligned 32-bit
// words are whole inside it. So one word in every stride is looked up in a small table of the words the texts have, and
// only where it is there the bytes are compared. With texts of 36 bytes that looks at one byte in eight, whatever their
// number; decisions/log-index.md has the figures.
import { endianness } from 'node:os'

interface Place {
  readonly text: Buffer
  /** Where in the text the word stands. */
  readonly at: number
}

/** Shorter texts have no aligned word for certain: they are searched for one by one. */
const wordTextBytesMin = 7
const golden = 0x9e3779b1
/** Words are read from chunks as this machine orders their bytes. */
const isLittle = endianness() === 'LE'

export class Searcher {
  /** Of the longest text. */
  readonly lengthMax: number
  private readonly short: readonly Buffer[]
  /** In words. */
  private readonly stride: number
  private readonly shift: number
  private readonly table: Uint8Array
  private readonly places = new Map<number, Place[]>()

  constructor(texts: Iterable<string>) {
    const needles = [...texts].filter(text => text !== '').map(text => Buffer.from(text))
    const long = needles.filter(text => text.length >= wordTextBytesMin)
    this.lengthMax = Math.max(0, ...needles.map(text => text.length))
    this.short = needles.filter(text => text.length < wordTextBytesMin)
    this.stride = long.length === 0 ? 0 : (Math.min(...long.map(text => text.length)) - 3) >> 2
    // A table that is mostly empty, so that most words need no second look.
    const bits = Math.min(22, 16 + Math.ceil(Math.log2(1 + long.length / 64)))
    this.shift = 32 - bits
    this.table = new Uint8Array(2 ** bits)
    for (const text of long) {
      for (let at = 0; at + 4 <= text.length; at++) {
        const word = isLittle ? text.readInt32LE(at) : text.readInt32BE(at)
        this.table[Math.imul(word, golden) >>> this.shift] = 1
        const places = this.places.get(word) ?? []
        places.push({ text, at })
        this.places.set(word, places)
      }
    }
  }

  /** Where the texts begin in the bytes, ascending, each place once. */
  search(bytes: Buffer): readonly number[] {
    const hits: number[] = []
    if (this.stride > 0) this.searchWords(bytes, hits)
    for (const text of this.short)
      for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) hits.push(at)
    return hits.length < 2 ? hits : [...new Set(hits)].sort((a, b) => a - b)
  }

  private searchWords(bytes: Buffer, hits: number[]): void {
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : copied(bytes)
    const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2)
    const { stride, shift, table } = this
    for (let at = 0; at < words.length; at += stride)
      // The index is in range, and the table as large as the hash.
      if (table[Math.imul(words[at]!, golden) >>> shift] !== 0) this.compare(bytes, at << 2, words[at]!, hits)
  }

  private compare(bytes: Buffer, at: number, word: number, hits: number[]): void {
    const places = this.places.get(word)
    if (!places) return
    for (const place of places) {
      const from = at - place.at
      if (from >= 0 && isAt(bytes, from, place.text)) hits.push(from)
    }
  }
}

function isAt(bytes: Buffer, from: number, text: Buffer): boolean {
  if (from + text.length > bytes.length) return false
  for (let at = 0; at < text.length; at++) if (bytes[from + at] !== text[at]) return false
  return true
}

function copied(bytes: Buffer): Buffer {
  const copy = Buffer.from(new ArrayBuffer(bytes.length))
  bytes.copy(copy)
  return copy
}
