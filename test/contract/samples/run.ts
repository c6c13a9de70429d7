// One test a row: all that differs from the samples, at every microversion, in one list.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { TestCloudOptions } from '../../support/cloud.ts'
import { awaited } from './awaited.ts'
import { nameOf, replay, replaysOf } from './replay.ts'
import type { SampleRow } from './rows.ts'
import { openStage } from './stage.ts'

export async function runRows(rows: readonly SampleRow[], options?: TestCloudOptions): Promise<void> {
  const stage = await openStage(options)
  after(() => stage.cloud.close())
  for (const row of rows) {
    const name = nameOf(row)
    const versions = replaysOf(row).map(({ minor }) => minor)
    test(`${name} at 2.${versions.join(', 2.')}`, async () => {
      const found = await replay(stage, row).catch((error: Error) => [String(error.message)])
      const feature = awaited[name]
      if (feature === undefined) assert.deepEqual(found, [])
      else assert.notDeepEqual(found, [], `${feature} is there: take this row out of awaited.ts`)
    })
  }
}
