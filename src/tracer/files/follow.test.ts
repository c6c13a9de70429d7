import assert from 'node:assert/strict'
import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { logLine, temporaryFolder } from '../../../test/support/logs.ts'
import { followLogs } from './follow.ts'
import { takeInventory } from './inventory.ts'

/** Follows a folder while the steps happen, one before each look, and some quiet looks behind them. */
async function follow(folder: string, steps: readonly (() => void)[]): Promise<string[]> {
  const stop = new AbortController()
  const inventory = async () => (await takeInventory([folder], { temporaryFolder: folder })).files
  let files = await inventory()
  let look = 0
  const wait = async (): Promise<void> => {
    const step = steps[look++]
    step?.()
    files = await inventory()
    if (look > steps.length + 3) stop.abort()
  }
  const messages: string[] = []
  const hintOf = (file: { name: string }) => ({ file: file.name })
  for await (const record of followLogs({ files: () => files, hintOf, wait, signal: stop.signal }))
    messages.push(record.message)
  return messages
}

test('what is appended is followed, in files that are there and in new ones, and nothing from before', async t => {
  const folder = temporaryFolder(t)
  const [api, compute] = [join(folder, 'nova-api.log'), join(folder, 'nova-compute.log')]
  writeFileSync(api, `${logLine(1, 'old')}\n`)
  const messages = await follow(folder, [
    () => appendFileSync(api, `${logLine(2, 'one')}\n${logLine(3, 'tw')}`),
    () => appendFileSync(api, `o\n`),
    () => writeFileSync(compute, `${logLine(4, 'three')}\n  and more of it\n`),
  ])
  assert.deepEqual(messages.sort(), ['one', 'three\n  and more of it', 'two'])
})

test('a log that is rotated is followed to its end, and the next one from its beginning', async t => {
  const folder = temporaryFolder(t)
  const api = join(folder, 'nova-api.log')
  writeFileSync(api, `${logLine(1, 'old')}\n`)
  const messages = await follow(folder, [
    () => {
      appendFileSync(api, `${logLine(2, 'last of the old')}\n`)
      renameSync(api, join(folder, 'nova-api.log.1'))
      writeFileSync(api, `${logLine(3, 'first of the new')}\n`)
    },
    () => appendFileSync(api, `${logLine(4, 'second of the new')}\n`),
  ])
  assert.deepEqual(messages, ['last of the old', 'first of the new', 'second of the new'])
})

test('a log that is emptied is followed from its beginning again', async t => {
  const folder = temporaryFolder(t)
  const api = join(folder, 'nova-api.log')
  writeFileSync(api, `${logLine(1, 'old and long enough')}\n`)
  const messages = await follow(folder, [
    () => appendFileSync(api, `${logLine(2, 'one')}\n`),
    () => {
      truncateSync(api)
      appendFileSync(api, `${logLine(3, 'two')}\n`)
    },
  ])
  assert.deepEqual(messages, ['one', 'two'])
})
