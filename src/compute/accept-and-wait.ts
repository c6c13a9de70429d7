// Work on a server whose caller waits for its end, as Nova's synchronous calls to hosts make theirs: it is accepted and
// done like any other, so that a process that dies meanwhile keeps the promise all the same.
import { newUuid } from '../base/ids.ts'
import { readJson } from '../base/json.ts'
import { fault } from '../model/errors.ts'
import { tables } from '../platform/store/store.ts'
import { type Acceptance, accept } from './accept.ts'
import type { ComputeCall } from './api/call.ts'
import { errorOf, type FailureRecord } from './operations/failure-record.ts'
import { readOperation } from './store/operations.ts'
import type { ComputeTables } from './tables.ts'

/** How accepted work ended: what it found out, or why it failed. */
export type End<Data> =
  | { readonly kind: 'done'; readonly data: Data }
  | { readonly kind: 'failed'; readonly error: Error }

/** Accepts the work and answers how it ended. A conflict when the server is deleted meanwhile. */
export async function acceptAndWait<Data>(
  call: ComputeCall,
  acceptance: Omit<Acceptance, 'operationId'>,
): Promise<End<Data>> {
  const { store, conductor } = call.deps
  const operationId = newUuid()
  await accept(call, { ...acceptance, operationId })
  await conductor.ended(operationId)
  const row = await readOperation(tables<ComputeTables>(store), operationId)
  if (row?.state === 'done') return { kind: 'done', data: readJson(row.data_json) }
  if (row?.state === 'failed') {
    const { failure } = readJson<{ readonly failure: FailureRecord }>(row.data_json) // written before it is undone
    return { kind: 'failed', error: errorOf(failure) }
  }
  if (row?.state === 'superseded')
    throw fault('ServerWrongState', {
      action: acceptance.name,
      server: acceptance.server.id,
      attribute: 'task_state',
      value: 'deleting',
    })
  throw fault('ServiceUnavailable', {
    reason: 'the cloud is stopping; what was asked for is done when it is there again',
  })
}
