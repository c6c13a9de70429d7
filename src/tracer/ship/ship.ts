// Log files into Elasticsearch or OpenSearch, each line once. What was read goes out in batches; only when the server has
// acknowledged one are its positions written down. A crash in between sends it again, under the same ids.
import { setImmediate } from 'node:timers/promises'
import type { Client } from '@opensearch-project/opensearch'
import type { Clock } from '../../base/time.ts'
import { limits } from '../../model/limits.ts'
import type { LogFile } from '../files/log-file.ts'
import { type Item, type Refusal, type Sent, ShipError, send, statusOf } from './bulk.ts'
import { documentOf } from './document.ts'
import { defaultPrefix, indexTemplate } from './fields.ts'
import { hash, type KnownFile } from './identity.ts'
import { LookAround, sizeNow } from './look-around.ts'
import { FileReading, type Shippable } from './reading.ts'
import { ShipState } from './state.ts'

export interface ShipOptions {
  /** May carry user and password. */
  readonly url: string
  readonly paths: readonly string[]
  /** Where it is remembered what has arrived. */
  readonly stateFolder: string
  /** What names of indices begin with. */
  readonly prefix?: string
  readonly isTemplatePut?: boolean
  readonly isFollowing?: boolean
  readonly utcOffsetMinutes?: number
  readonly clock: Clock
  readonly stop: AbortSignal
  readonly onProgress?: (counts: Readonly<ShipCounts>) => void
  /** The server does not take anything at the moment. */
  readonly onRetry?: (reason: string, ms: number) => void
  /** Each document the server will never take. */
  readonly onRefused?: (refusal: Refusal) => void
}

export interface ShipCounts {
  files: number
  records: number
  written: number
  alreadyThere: number
  refused: number
  retries: number
  /** Lines that are no records. */
  unparsed: number
  /** What could not be read, and why. */
  problems: string[]
}

/** How often files are looked at for more, and folders for new ones, while following. */
const pollMs = 500
const lookAroundMs = 5_000
/** A file that did not grow for so long is taken as it ends. */
const quietFileMs = 5_000

/** Ends when everything there is has arrived; while following, when it is stopped. Throws `ShipError`. */
export async function ship(options: ShipOptions): Promise<ShipCounts> {
  const { Client: OpenSearch } = await import('@opensearch-project/opensearch')
  const client = new OpenSearch({
    node: options.url,
    maxRetries: 0,
    requestTimeout: limits.shipTimeoutMs,
    compression: 'gzip',
  })
  try {
    const shipping = new Shipping(client, options)
    if (options.isTemplatePut !== false) await shipping.putTemplate()
    await shipping.run()
    return shipping.counts
  } finally {
    await client.close()
  }
}

class Shipping {
  readonly counts: ShipCounts = {
    files: 0,
    records: 0,
    written: 0,
    alreadyThere: 0,
    refused: 0,
    retries: 0,
    unparsed: 0,
    problems: [],
  }
  private readonly client: Client
  private readonly options: ShipOptions
  private readonly prefix: string
  private readonly lookAround: LookAround
  private readonly state: ShipState
  /** By the file's id. */
  private readonly readings = new Map<string, FileReading>()
  private items: Item[] = []
  private itemBytes = 0
  /** Positions that hold once `items` have arrived. */
  private positions = new Map<string, KnownFile>()
  /** The batch on its way. */
  private sending: Promise<void> = Promise.resolve()

  constructor(client: Client, options: ShipOptions) {
    this.client = client
    this.options = options
    this.prefix = options.prefix ?? defaultPrefix
    const { origin, pathname } = new URL(options.url)
    this.lookAround = new LookAround(options.paths)
    this.state = new ShipState(options.stateFolder, `${origin}${pathname} ${this.prefix}`)
  }

  /** Before the first document: an index takes its mappings from the template when it is made. */
  async putTemplate(): Promise<void> {
    for (let tries = 1; !this.isStopping; tries += 1) {
      try {
        await this.client.indices.putIndexTemplate({ name: this.prefix, body: indexTemplate(this.prefix) })
        return
      } catch (error) {
        const status = statusOf(error)
        const reason = error instanceof Error ? error.message : String(error)
        const isHopeless = status !== null && status < 500 && status !== 429
        if (isHopeless || tries >= this.triesMax)
          throw new ShipError(`the index template cannot be put: ${reason}`)
        await this.pauseBefore(tries, reason)
      }
    }
  }

  async run(): Promise<void> {
    const { clock, isFollowing } = this.options
    let files: ReadonlyMap<LogFile, KnownFile> = new Map()
    let lookedAt = Number.NEGATIVE_INFINITY
    do {
      const isMoved = [...files].some(([file, known]) => this.isMoved(file, known))
      if (isMoved || clock.now() - lookedAt >= lookAroundMs) {
        const { found, problems } = await this.lookAround.look(this.state.known)
        files = found
        lookedAt = clock.now()
        this.counts.problems = [...problems]
        this.counts.files = files.size
        this.forget(files)
      }
      for (const [file, known] of files) {
        if (this.isStopping) break
        await this.readOne(file, known)
      }
      await this.flush()
      if (isFollowing && !this.isStopping) await this.pause(pollMs)
    } while (isFollowing && !this.isStopping)
  }

  private async readOne(file: LogFile, known: KnownFile): Promise<void> {
    const size = sizeNow(file)
    if (size === null || (file.isPacked && this.at(known).packedSize === size)) return
    const before = this.readings.get(known.id)
    // Taken as it ended: only when there is more it is begun again.
    if (before?.isEnded && size <= before.readTo) return
    const reading = before && !before.isEnded ? before : this.begin(file, known)
    const readBefore = reading.readTo
    const steps = reading.read()
    for (;;) {
      const { done, value } = await steps.next()
      if (done) break
      await this.take(known, value.records, value.position)
      if (!this.isStopping) continue
      await steps.return()
      return
    }
    const now = this.options.clock.now()
    if (reading.readTo > readBefore) reading.grewAt = now
    const isWaitedFor = this.options.isFollowing && !file.isPacked && now - reading.grewAt < quietFileMs
    if (!isWaitedFor) await this.end(file, known, reading)
  }

  private begin(file: LogFile, known: KnownFile): FileReading {
    const { utcOffsetMinutes = 0, clock } = this.options
    const reading = new FileReading(file, this.at(known), utcOffsetMinutes, clock)
    this.readings.set(known.id, reading)
    return reading
  }

  /** How far a file came: what is on its way counts. */
  private at(known: KnownFile): KnownFile {
    return this.positions.get(known.id) ?? this.state.get(known.id) ?? known
  }

  /** Another file stands there, or the same one begun anew. */
  private isMoved(file: LogFile, known: KnownFile): boolean {
    const reading = this.readings.get(known.id)
    if (file.isPacked || !reading) return false
    return reading.isReplaced || (sizeNow(file) ?? -1) < reading.readTo
  }

  private async end(file: LogFile, known: KnownFile, reading: FileReading): Promise<void> {
    const { position, endOffset } = reading
    const records = reading.end()
    this.counts.unparsed += reading.counts.unparsed
    if (reading.damage !== null) this.counts.problems.push(`${file.name}: ${reading.damage}`)
    if (!file.isPacked && records.length > 0 && endOffset > (this.state.get(known.id)?.ended ?? 0)) {
      // Written down first: should this stop in between, they are replaced and not left as they are.
      await this.flush()
      this.state.set({ ...this.at(known), ended: endOffset })
      this.state.save()
    }
    await this.take(known, records, position)
    if (file.isPacked) this.positions.set(known.id, { ...this.at(known), packedSize: file.size })
  }

  private async take(known: KnownFile, records: readonly Shippable[], position: number): Promise<void> {
    for (const one of records) {
      const item = this.itemOf(known, one)
      this.items.push(item)
      this.itemBytes += JSON.stringify(item.document).length
      this.counts.records += 1
      if (this.items.length >= limits.shipBatchRecords || this.itemBytes >= limits.shipBatchBytes)
        await this.dispatch()
    }
    const { name, identity, headBytes, head } = known
    const at = { ...this.at(known), name, identity, headBytes, head }
    this.positions.set(known.id, { ...at, position: Math.max(position, at.position) })
    await setImmediate()
  }

  private itemOf(known: KnownFile, { record, ordinal, mayHaveGrown }: Shippable): Item {
    const document = documentOf(record)
    const day = document['@timestamp']?.toString().slice(0, 10).replaceAll('-', '.') ?? 'undated'
    return {
      index: `${this.prefix}-${day}`,
      id: hash(known.id, String(record.place.offset), String(ordinal)),
      operation: mayHaveGrown ? 'index' : 'create',
      document,
    }
  }

  /** Sends what was gathered, once the batch before it has arrived: while that waits, reading waits. */
  private async dispatch(): Promise<void> {
    await this.sending
    const { items, positions } = this
    if (items.length === 0 && positions.size === 0) return
    this.items = []
    this.itemBytes = 0
    this.positions = new Map()
    this.sending = this.deliver(items, positions)
    // Its failure is seen where it is awaited, next time.
    this.sending.catch(() => {})
  }

  private async flush(): Promise<void> {
    await this.dispatch()
    await this.sending
  }

  private async deliver(items: readonly Item[], positions: ReadonlyMap<string, KnownFile>): Promise<void> {
    const sent: Sent | null =
      items.length === 0
        ? { written: 0, alreadyThere: 0, refused: [] }
        : await send(this.client, items, {
            triesMax: this.triesMax,
            pause: ms => this.pause(ms),
            isStopping: () => this.isStopping,
            onRetry: (reason, ms) => {
              this.counts.retries += 1
              this.options.onRetry?.(reason, ms)
            },
          })
    if (!sent) {
      this.isGivenUp = true
      return
    }
    if (this.isGivenUp) return
    this.counts.written += sent.written
    this.counts.alreadyThere += sent.alreadyThere
    this.counts.refused += sent.refused.length
    for (const refusal of sent.refused) this.options.onRefused?.(refusal)
    for (const file of positions.values()) {
      const ended = this.state.get(file.id)?.ended ?? 0
      this.state.set({ ...file, ended: Math.max(file.ended, ended) })
    }
    if (positions.size > 0) this.state.save()
    this.options.onProgress?.(this.counts)
  }

  /** A batch did not arrive before the stop: what comes behind it does not count either. */
  private isGivenUp = false

  /** Of files that are gone or have another name, which are begun again. */
  private forget(files: ReadonlyMap<LogFile, KnownFile>): void {
    const paths = new Map([...files].map(([{ path }, { id }]) => [id, path]))
    for (const [id, { file }] of this.readings) if (paths.get(id) !== file.path) this.readings.delete(id)
  }

  private get isStopping(): boolean {
    return this.options.stop.aborted
  }

  private get triesMax(): number {
    return this.options.isFollowing ? Number.POSITIVE_INFINITY : limits.shipTriesMax
  }

  private async pauseBefore(tries: number, reason: string): Promise<void> {
    const ms = Math.min(limits.shipRetryMsMax, limits.shipRetryMsMin * 2 ** Math.min(tries - 1, 20))
    this.counts.retries += 1
    this.options.onRetry?.(reason, ms)
    await this.pause(ms)
  }

  private pause(ms: number): Promise<void> {
    const { stop } = this.options
    if (stop.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const done = () => {
        clearTimeout(timer)
        stop.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      stop.addEventListener('abort', done)
    })
  }
}
