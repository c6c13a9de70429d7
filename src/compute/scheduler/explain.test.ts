import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amounts, flavorAsk, hostState, placementRequest } from '../../../test/support/scheduling.ts'
import { explain } from './explain.ts'
import { select } from './select.ts'
import { defaultSettings, type HostState, type Request } from './snapshot.ts'

const choose = (hosts: readonly HostState[], request: Partial<Request>) =>
  select(hosts, placementRequest(request), defaultSettings, () => 0)

const ownHost = (host: string) => [{ host, cause: 'NoHost.SameHost' }] as const

const twelve = choose(
  [
    ...Array.from({ length: 8 }, (_, index) =>
      hostState(`full-${index}`, { memoryMb: amounts(32_768, { used: 28_672 + index }) }),
    ),
    ...Array.from({ length: 3 }, (_, index) => hostState(`off-${index}`, { enabled: false })),
    hostState('own'),
  ],
  { flavor: flavorAsk({ memoryMb: 8192 }), ignore: ownHost('own') },
)

test('one host: administrators read its name, owners a count', () => {
  const selection = choose([hostState('host-1')], { ignore: ownHost('host-1') })
  const reason = "is the server's current host and resize to the same host is off"
  assert.equal(explain(selection, { showHosts: true }), `0 of 1 hosts can take it: host-1 ${reason}`)
  assert.equal(explain(selection), `0 of 1 hosts can take it: 1 ${reason}`)
  assert.equal(selection.kind === 'no-host' && selection.sum, explain(selection))
})

test('many hosts are grouped by first cause, the counts add up, and the best is named in numbers', () => {
  const memory = '8 have too little memory (need 8192 MB, best has 4096 MB), 3 are disabled'
  const own = "is the server's current host and resize to the same host is off"
  assert.equal(explain(twelve), `0 of 12 hosts can take it: ${memory}, 1 ${own}`)
  assert.equal(explain(twelve, { showHosts: true }), `0 of 12 hosts can take it: ${memory}, own ${own}`)
})

test('one short host is told with its own number', () => {
  const selection = choose([hostState('host-1', { memoryMb: amounts(4096, { used: 4000 }) })], {})
  assert.equal(
    explain(selection, { showHosts: true }),
    '0 of 1 hosts can take it: host-1 has too little memory (need 512 MB, has 96 MB)',
  )
})

test('what does not fit into maxBytes is folded into a count, and the sentence never exceeds it', () => {
  assert.equal(
    explain(twelve, { maxBytes: 105 }),
    '0 of 12 hosts can take it: 8 have too little memory (need 8192 MB, best has 4096 MB), and 4 more',
  )
  for (let maxBytes = 0; maxBytes < 200; maxBytes += 1)
    assert.ok(Buffer.byteLength(explain(twelve, { maxBytes })) <= maxBytes)
})

test('texts beyond the table are put into the plural', () => {
  const hosts = ['a', 'b'].map(host => hostState(host))
  const selection = choose(hosts, { zone: 'az2' })
  assert.equal(explain(selection), '0 of 2 hosts can take it: 2 are not in availability zone az2')
})

test('when some servers of a request fit, it says how many', () => {
  const selection = choose([hostState('a', { vcpus: amounts(2) })], { servers: ['1', '2', '3'] })
  assert.equal(
    explain(selection),
    '2 of 3 servers fit; then 0 of 1 hosts can take another: 1 has too few vCPUs (need 1 vCPU, has 0 vCPU)',
  )
})

test('a placed request tells how many hosts could take it', () => {
  const selection = choose([hostState('a'), hostState('b', { up: false })], {})
  assert.equal(explain(selection), '1 of 2 hosts can take it: 1 is down')
})
