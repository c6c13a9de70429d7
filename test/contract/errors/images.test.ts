import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { ErrorCode } from '../../../src/model/errors.ts'
import { limits } from '../../../src/model/limits.ts'
import { octets, runImages } from '../../support/image-service.ts'
import { callers } from '../../support/one-service.ts'
import { assertRefused } from '../../support/refusals.ts'

const images = await runImages()
after(() => images.close())

const stage = (id: string) =>
  images.ask('PUT', `/image/v2/images/${id}/stage`, { raw: 'disk', headers: octets })
const importing = (id: string, body: object) => images.ask('POST', `/image/v2/images/${id}/import`, { body })
const direct = { method: { name: 'glance-direct' } }

test('an import must say how, and find data that can be imported', async () => {
  const { id } = await images.create()
  const rows: readonly (readonly [ErrorCode, object])[] = [
    ['ImageImportNoMethod', {}],
    ['ImageImportNoName', { method: {} }],
    ['ImageImportNotStaged', direct],
  ]
  for (const [code, body] of rows) assertRefused(await importing(id, body), code)
  const active = await images.active('disk')
  assertRefused(await importing(active.id, direct), 'ImageImportActive')
})

test('staged data without a format is not imported', async () => {
  const { id } = await images.create({ disk_format: null })
  assert.equal((await stage(id)).status, 204)
  assertRefused(await importing(id, direct), 'ImageImportFormatUnset')
})

test('an image has so many tags and no more', async () => {
  const tags = Array.from({ length: limits.imageTagsMax + 1 }, (_, index) => `tag-${index}`)
  const answer = await images.ask('POST', '/image/v2/images', { body: { name: 'a', tags } })
  assertRefused(answer, 'ImageTagsTooMany')
})

test('a member changes its status with an object', async () => {
  const { id } = await images.active('disk', { visibility: 'shared' })
  const member = callers.other.project?.id ?? ''
  await images.ask('POST', `/image/v2/images/${id}/members`, { body: { member } })
  const answer = await images.ask('PUT', `/image/v2/images/${id}/members/${member}`, {
    as: 'other',
    body: ['accepted'],
  })
  assertRefused(answer, 'ImageMemberStatusForm')
})
