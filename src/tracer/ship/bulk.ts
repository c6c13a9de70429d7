// A batch of documents to the server, until each of them is there or refused for good. Sending one twice does no harm:
// ids say which line it is, and what is there already is counted as such.
import type { Client } from '@opensearch-project/opensearch'
import { isObject } from '../../base/json.ts'
import { limits } from '../../model/limits.ts'
import type { Document } from './document.ts'

export interface Item {
  readonly index: string
  readonly id: string
  /** `create` leaves what is there; `index` replaces it. */
  readonly operation: 'create' | 'index'
  readonly document: Document
}

export interface Refusal {
  readonly item: Item
  readonly reason: string
}

export interface Sent {
  readonly written: number
  readonly alreadyThere: number
  /** The server will never take these: a value that does not fit its field, a document that is too large. */
  readonly refused: readonly Refusal[]
}

/** Trying again is no use: the address, the rights or the index are wrong. */
export class ShipError extends Error {
  override readonly name: string = 'ShipError'
}

export interface SendOptions {
  readonly triesMax: number
  /** Resolves after so long, or at once when shipping is to stop. */
  readonly pause: (ms: number) => Promise<void>
  readonly isStopping: () => boolean
  /** Told before each pause. */
  readonly onRetry: (reason: string, ms: number) => void
}

/** Null when shipping was stopped before everything had arrived. */
export async function send(
  client: Client,
  items: readonly Item[],
  options: SendOptions,
): Promise<Sent | null> {
  const { triesMax, pause, isStopping, onRetry } = options
  let [written, alreadyThere] = [0, 0]
  const refused: Refusal[] = []
  let waiting = items
  for (let tries = 1; ; tries += 1) {
    const answer = await ask(client, waiting)
    if (answer.kind === 'too-large') {
      const halves = await sendHalves(client, waiting, options)
      return (
        halves && {
          written: written + halves.written,
          alreadyThere: alreadyThere + halves.alreadyThere,
          refused: [...refused, ...halves.refused],
        }
      )
    }
    let reason = answer.kind === 'unreached' ? answer.reason : ''
    if (answer.kind === 'answered') {
      const again: Item[] = []
      for (const [at, item] of waiting.entries()) {
        const { status, result, why } = answer.results[at] ?? {
          status: 500,
          result: '',
          why: 'no answer for it',
        }
        if (status === 409 || result === 'updated' || result === 'noop') alreadyThere += 1
        else if (status < 300) written += 1
        else if (status === 429 || status >= 500) {
          again.push(item)
          reason = why
        } else if (status === 401 || status === 403 || status === 404)
          throw new ShipError(`index ${item.index} cannot be written: ${why}`)
        else refused.push({ item, reason: why })
      }
      if (again.length === 0) return { written, alreadyThere, refused }
      // It takes what it can: that is progress, and no try is lost.
      if (again.length < waiting.length) tries = 1
      waiting = again
    }
    if (isStopping()) return null
    if (tries >= triesMax) throw new ShipError(`${reason}; given up after ${tries} tries`)
    const ms = Math.min(limits.shipRetryMsMax, limits.shipRetryMsMin * 2 ** Math.min(tries - 1, 20))
    onRetry(reason, ms)
    await pause(ms)
    if (isStopping()) return null
  }
}

async function sendHalves(
  client: Client,
  items: readonly Item[],
  options: SendOptions,
): Promise<Sent | null> {
  const [only] = items
  if (items.length === 1 && only)
    return {
      written: 0,
      alreadyThere: 0,
      refused: [{ item: only, reason: 'it is larger than the server takes' }],
    }
  const middle = items.length >> 1
  const first = await send(client, items.slice(0, middle), options)
  const second = first && (await send(client, items.slice(middle), options))
  return (
    second && {
      written: first.written + second.written,
      alreadyThere: first.alreadyThere + second.alreadyThere,
      refused: [...first.refused, ...second.refused],
    }
  )
}

interface Result {
  readonly status: number
  readonly result: string
  readonly why: string
}
type Answer =
  | { readonly kind: 'answered'; readonly results: readonly Result[] }
  | { readonly kind: 'unreached'; readonly reason: string }
  | { readonly kind: 'too-large' }

async function ask(client: Client, items: readonly Item[]): Promise<Answer> {
  const body = items.flatMap(({ index, id, operation, document }) => [
    { [operation]: { _index: index, _id: id } },
    document,
  ])
  try {
    const answer = await client.bulk({ body } as Parameters<typeof client.bulk>[0]) // its type knows no `create` by key
    return { kind: 'answered', results: resultsOf(answer.body) }
  } catch (error) {
    const status = statusOf(error)
    const reason = error instanceof Error ? `${status ?? error.name}: ${error.message}` : String(error)
    if (status === 413) return { kind: 'too-large' }
    if (status !== null && status < 500 && status !== 429 && status !== 408)
      throw new ShipError(`the server refuses: ${reason}`)
    return { kind: 'unreached', reason }
  }
}

/** Of an answer; null when there was none. */
export function statusOf(error: unknown): number | null {
  if (!isObject(error)) return null
  const { statusCode, meta } = error
  if (typeof statusCode === 'number') return statusCode
  return isObject(meta) && typeof meta.statusCode === 'number' ? meta.statusCode : null
}

function resultsOf(body: unknown): readonly Result[] {
  const items = isObject(body) && Array.isArray(body.items) ? body.items : []
  return items.map((item: unknown) => {
    const inner = isObject(item) ? (item.create ?? item.index) : null
    if (!isObject(inner)) return { status: 500, result: '', why: 'an answer that cannot be read' }
    const error = isObject(inner.error) ? `${inner.error.type}: ${inner.error.reason}` : ''
    return {
      status: Number(inner.status),
      result: String(inner.result),
      why: `${inner.status} ${error}`.trim(),
    }
  })
}
