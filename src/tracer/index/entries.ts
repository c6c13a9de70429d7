// What an index is made of: an id's hash, and a block of the file the id stands in. Each pair once.

/** Ids are remembered to the block: a block is searched in less time than finding it takes. */
export const blockBytes = 65_536
/** Entries sorted together; more become another segment. */
export const segmentEntriesMax = 1_048_576
/** A block number has 21 bits, so that hash and block are one exact number that sorts natively. */
export const blocksMax = 2 ** 21

/** Hash and block as one number. */
export const pair = (hash: number, block: number): number => hash * blocksMax + block
export const hashOf = (entry: number): number => Math.floor(entry / blocksMax)
export const blockOf = (entry: number): number => entry % blocksMax

/** More slots than a block has room for ids. */
const slots = 8_192

export class Entries {
  private readonly kept = new Float64Array(segmentEntriesMax)
  private count = 0
  private readonly seenHash = new Uint32Array(slots)
  private readonly seenBlock = new Int32Array(slots).fill(-1)

  get isFull(): boolean {
    return this.count === segmentEntriesMax
  }

  get isEmpty(): boolean {
    return this.count === 0
  }

  add(hash: number, block: number): void {
    if (this.isKnown(hash, block)) return
    this.kept[this.count++] = pair(hash, block)
  }

  /** Sorted, each once; and begins anew. */
  take(): Float64Array {
    const sorted = this.kept.slice(0, this.count).sort()
    this.count = 0
    let unique = 0
    for (const entry of sorted) if (unique === 0 || sorted[unique - 1] !== entry) sorted[unique++] = entry
    return sorted.subarray(0, unique)
  }

  private isKnown(hash: number, block: number): boolean {
    for (let slot = hash % slots; ; slot = (slot + 1) % slots) {
      if (this.seenBlock[slot] !== block) {
        this.seenBlock[slot] = block
        this.seenHash[slot] = hash
        return false
      }
      if (this.seenHash[slot] === hash) return true
    }
  }
}
