// Every sample is replayed, or left out for a reason.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { awaited } from './awaited.ts'
import { excluded } from './excluded.ts'
import { sampleFiles } from './files.ts'
import { nameOf, replaysOf } from './replay.ts'
import { valueAt } from './rows.ts'
import { allRows } from './tables/all.ts'

/** What is sent, and what answers are compared with: not the sample of an answer where the request is refused. */
const replayed = new Set(
  allRows.flatMap(row =>
    replaysOf(row).flatMap(({ minor, request, response }) => [
      ...(request ? [request.path] : []),
      ...(response && valueAt(row.status, minor) < 300 ? [response.path] : []),
    ]),
  ),
)

test('every sample is replayed or excluded', () => {
  const forgotten = sampleFiles
    .map(({ path }) => path)
    .filter(path => !replayed.has(path) && !excluded.has(path))
  assert.deepEqual(forgotten, [])
})

test('what is excluded exists, and is not replayed', () => {
  const known = new Set(sampleFiles.map(({ path }) => path))
  assert.deepEqual(
    [...excluded.keys()].filter(path => !known.has(path) || replayed.has(path)),
    [],
  )
})

test('rows have names of their own, and what is awaited is a row', () => {
  const names = allRows.map(nameOf)
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  )
  assert.deepEqual(
    Object.keys(awaited).filter(name => !names.includes(name)),
    [],
  )
})
