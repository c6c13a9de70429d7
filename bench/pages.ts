// npm run bench:pages: what a page of a list costs, first, middle and last, with 10,000 servers, in every order and
// through every filter people page with. A page must not cost more the further it is from the first.
//   npm run bench:pages -- --servers 20000 --database postgres://…
// Ratios to the first page are what counts; `--check` ends with 1 where one is above 3 (and 2 ms apart).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openStore } from '../src/platform/store/open.ts'
import { loadServers } from './load-servers.ts'
import { type Login, type Program, startProgram } from './program.ts'

const { values: option } = parseArgs({
  options: {
    servers: { type: 'string', default: '10000' },
    database: { type: 'string' },
    only: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
})

/** Lists by what they are called here: path and query; `limit` and `marker` are added. */
const lists: Readonly<Record<string, string>> = {
  plain: '/servers?',
  'in detail': '/servers/detail?',
  'by name': '/servers?sort_key=display_name&sort_dir=asc',
  'by created_at, oldest first': '/servers?sort_key=created_at&sort_dir=asc',
  'by updated_at': '/servers?sort_key=updated_at&sort_dir=desc',
  'by host': '/servers?sort_key=host&sort_dir=asc',
  'by vm_state and name': '/servers?sort_key=vm_state&sort_dir=asc&sort_key=display_name&sort_dir=asc',
  'status ACTIVE': '/servers?status=ACTIVE',
  'status ERROR (1 in 10)': '/servers?status=ERROR',
  'name matches': '/servers?name=web-.*7',
  'on one host (1 in 10)': '/servers?host=host-3',
  'with a tag (1 in 10)': '/servers?tags=blue',
  'without a tag': '/servers?not-tags=blue',
  'changed since': '/servers?changes-since=2020-01-01T00:00:00Z',
  'all projects': '/servers?all_tenants=1',
  'all projects, by name': '/servers?all_tenants=1&sort_key=display_name&sort_dir=asc',
  'key pairs': '/os-keypairs?',
  usage: '/os-simple-tenant-usage?start=2020-01-01T00:00:00',
  migrations: '/os-migrations?',
}
const collections: Readonly<Record<string, string>> = {
  '/servers': 'servers',
  '/servers/detail': 'servers',
  '/os-keypairs': 'keypairs',
  '/os-simple-tenant-usage': 'tenant_usages',
  '/os-migrations': 'migrations',
}

const folder = mkdtempSync(join(tmpdir(), 'faultline-pages-'))
const database = option.database ?? `sqlite:${join(folder, 'faultline.db')}`
const options = ['--db', database]
let worst = 0
try {
  const first = await startProgram(options, folder)
  const { projectId, userId } = await first.login('admin')
  await first.close()
  const store = await openStore(database)
  await loadServers(store, { count: Number(option.servers), projectId, userId })
  await store.close()
  const program = await startProgram(options, folder)
  try {
    const login = await program.login('admin')
    console.log(
      `${'list'.padEnd(30)}${['pages', 'first', 'middle', 'last', 'ratio'].map(text => text.padStart(9)).join('')}`,
    )
    for (const [name, path] of Object.entries(lists))
      if (option.only === undefined || name.includes(option.only)) await measure(program, login, name, path)
  } finally {
    await program.close()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (option.check && worst > 3) process.exitCode = 1

async function measure(program: Program, { token }: Login, name: string, path: string): Promise<void> {
  const headers = { 'x-auth-token': token, 'openstack-api-version': 'compute latest' }
  const collection = collections[path.split('?', 1)[0] ?? ''] ?? 'servers'
  const get = async (url: string) => {
    const answer = await fetch(url, { headers })
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as Readonly<Record<string, unknown>>
  }
  const pages: string[] = []
  for (let url: string | undefined = `${program.origin}/compute/v2.1${path}&limit=100`; url !== undefined; ) {
    pages.push(url)
    const body = await get(url)
    const [link] = (body[`${collection}_links`] ?? []) as readonly { readonly href: string }[]
    url = link?.href
  }
  // The last one may be nearly empty, and is then cheap for that.
  const full = pages.length > 2 ? pages.slice(0, -1) : pages
  const [first, middle, last] = [full[0], full[full.length >> 1], full.at(-1)].map(url => url ?? '')
  const ms = { first: await median(first), middle: await median(middle), last: await median(last) }
  const ratio = Math.max(ms.middle, ms.last) / ms.first
  if (Math.max(ms.middle, ms.last) - ms.first > 2) worst = Math.max(worst, ratio)
  const cells = [
    String(pages.length),
    ...Object.values(ms).map(one => `${one.toFixed(1)} ms`),
    ratio.toFixed(1),
  ]
  console.log(`${name.padEnd(30)}${cells.map(text => text.padStart(9)).join('')}`)

  async function median(url = ''): Promise<number> {
    const times: number[] = []
    for (let round = 0; round < 11; round += 1) {
      const started = performance.now()
      await get(url)
      times.push(performance.now() - started)
    }
    return times.sort((a, b) => a - b)[times.length >> 1] ?? 0
  }
}
