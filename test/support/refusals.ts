// Tables of refusals: what is asked, and which row of the error catalogue answers it, over HTTP.
import assert from 'node:assert/strict'
import type { ErrorRow } from '../../src/model/errors/row.ts'
import { type ErrorCode, errors } from '../../src/model/errors.ts'
import type { TestAsk, TestCloud } from './cloud.ts'
import type { Answer } from './one-service.ts'

export interface Refusal extends TestAsk {
  readonly code: ErrorCode
  readonly method: string
  readonly path: string
  /** In the sentence, beside what the catalogue has. */
  readonly says?: RegExp
}

/** The answer has the row's status, and its sentence with anything in the places of `{…}`. */
export function assertRefused(answer: Answer, code: ErrorCode, says?: RegExp): void {
  const row: ErrorRow = errors[code]
  const message = messageOf(answer)
  assert.equal(answer.status, row.status, `${code}: ${answer.text}`)
  assert.match(message, sentencePattern(row.text), code)
  if (says) assert.match(message, says, code)
}

export async function assertRefusals(cloud: TestCloud, refusals: readonly Refusal[]): Promise<void> {
  for (const { code, method, path, says, ...ask } of refusals)
    assertRefused(await cloud.ask(method, path, ask), code, says)
}

const sentencePattern = (text: string): RegExp =>
  new RegExp(
    text
      .split(/\{\w+\}/)
      .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^]*'),
  )

/** The sentence of a refusal, in whichever service's form. */
function messageOf({ body, text }: Answer): string {
  const error =
    body?.NeutronError ??
    body?.errors?.[0] ??
    (typeof body?.message === 'string' ? body : Object.values(body ?? {})[0])
  return String(
    (error as { message?: unknown } | undefined)?.message ?? (error as { detail?: unknown })?.detail ?? text,
  )
}
