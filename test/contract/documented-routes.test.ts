// Every route and action Nova documents is here, in the versions it documents, and nothing else is.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { notYetRows } from '../../src/compute/api/not-yet.ts'
import { computeRoutes } from '../../src/compute/api/routes.ts'
import { serverActions } from '../../src/compute/api/server-actions.ts'
import { minorMax } from '../../src/model/microversions.ts'
import { startTestCloud, type TestCloud } from '../support/cloud.ts'
import { documentedActions, documentedRoutes, goneActions } from './documented-routes.ts'

let cloud: TestCloud
before(async () => {
  cloud = await startTestCloud()
})
after(() => cloud.close())

const nobody = '8f9c5e0a-3b0c-4a9e-9d9a-0a6f1f6e7a11'

interface Ranged {
  readonly method: string
  readonly path: string
  readonly since?: number | null
  readonly until?: number | null
}
const line = ({ method, path, since, until }: Ranged) =>
  `${method} ${path.replace(/\{\w+\}/g, '{}')} ${since ?? 1}–${until ?? minorMax}`

test('our routes are the documented ones, each in its versions', () => {
  assert.deepEqual(computeRoutes.map(line).sort(), documentedRoutes.map(line).sort())
})

test('our server actions are the documented ones, each in its versions', () => {
  const ranges = Object.entries(serverActions).map(([name, { since, until }]) => [
    name,
    since ?? null,
    until ?? null,
  ])
  assert.deepEqual(
    ranges.sort(),
    Object.entries(documentedActions)
      .map(([name, [since = null, until = null]]) => [name, since, until])
      .sort(),
  )
})

const noRoute = 'The resource could not be found.'
const messageOf = (body: object | undefined): string =>
  (Object.values(body ?? {})[0] as { message?: string } | undefined)?.message ?? '' // a fault of Nova's

/** These two answer as if there were no route when they do not know the name. */
const fixed: Readonly<Record<string, string>> = {
  '/versions/{id}': 'v2.1',
  '/extensions/{alias}': 'os-keypairs',
}

/** Asks with nothing of use: how far it gets tells whether the route is there. */
const probe = (method: string, path: string, minor: number) =>
  cloud.ask(method, path.replace(/\{\w+\}/g, fixed[path] ?? nobody), { as: 'admin', version: `2.${minor}` })

test('a documented route is found from its first version to its last, and not before or after', async () => {
  const missing = new Set(
    notYetRows.flatMap(({ path, methods }) =>
      methods.map(one => line({ method: one, path }).split(' ', 2).join(' ')),
    ),
  )
  const wrong: string[] = []
  for (const route of documentedRoutes) {
    const { method, path, since, until, isGone } = route
    const isMissing = missing.has(line(route).split(' ', 2).join(' '))
    for (const minor of new Set([since ?? 1, until ?? minorMax])) {
      const { status, body } = await probe(method, path, minor)
      const isThere = isGone
        ? status === 410
        : !(status === 404 && messageOf(body) === noRoute) && (isMissing || status !== 501 || isIronic(path))
      if (!isThere || status === 500)
        wrong.push(`${method} ${path} at 2.${minor}: ${status} ${messageOf(body)}`)
    }
    for (const minor of [(since ?? 1) - 1, (until ?? minorMax) + 1]) {
      if (minor < 1 || minor > minorMax) continue
      const { status } = await probe(method, path, minor)
      if (status !== 404) wrong.push(`${method} ${path} at 2.${minor}: ${status}, and should not be there`)
    }
  }
  assert.deepEqual(wrong, [])
})

/** Nova itself answers 501 where there is no Ironic, and for what a hypervisor cannot do. */
const isIronic = (path: string) => path.startsWith('/os-baremetal-nodes')

test('a documented action looks for its server, and what is gone says so', async () => {
  const act = (name: string, minor: number) =>
    cloud.ask('POST', `/servers/${nobody}/action`, {
      as: 'admin',
      version: `2.${minor}`,
      body: { [name]: null },
    })
  for (const [name, [since, until]] of Object.entries(documentedActions)) {
    for (const minor of [since ?? 1, until ?? minorMax]) {
      const { status, body } = await act(name, minor)
      // Before the server is looked for, the body is read.
      const isRefused = status === 400 && /None is not/.test(messageOf(body))
      assert.ok(
        isRefused || messageOf(body) === `Instance ${nobody} could not be found.`,
        `${name} at 2.${minor}: ${status} ${messageOf(body)}`,
      )
    }
    if (until) assert.equal((await act(name, until + 1)).status, 404, name)
    if (since) assert.equal((await act(name, since - 1)).status, 404, name)
  }
  for (const [name, [, until]] of Object.entries(goneActions)) {
    assert.equal((await act(name, until ?? minorMax)).status, 410, name)
    if (until) assert.equal((await act(name, until + 1)).status, 404, name)
  }
})
