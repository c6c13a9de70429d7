// A folder and a database that outlive a cloud, for tests that start another one on them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testStoreUrl } from './store.ts'

export interface TestData extends AsyncDisposable {
  readonly folder: string
  readonly databaseUrl: string
}

export async function testData(): Promise<TestData> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-data-'))
  const database = process.env.STORE === 'postgres' ? await testStoreUrl() : null
  return {
    folder,
    databaseUrl: database?.url ?? `sqlite:${join(folder, 'faultline.db')}`,
    async [Symbol.asyncDispose]() {
      await database?.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
