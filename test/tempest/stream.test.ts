// What test:tempest makes of a stream of results, on bytes that python-subunit wrote.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { absent, select } from './absent.ts'
import { exitCode, progress, summarize, summaryText } from './report.ts'
import { collectResults, type Result } from './results.ts'
import { type Packet, subunitReader } from './subunit.ts'

const bytes = Buffer.from(
  [
    // a.b.C.test_x[id-1,smoke] begins, under a tag and a route
    'b32f8235695735a5ddcd650018612e622e432e746573745f785b69642d312c736d6f6b655d0108776f726b65722d300130c3c7d7c3',
    // two parts of its traceback, the first with a MIME type and a length of two bytes
    'b32b6040a1695735a5ddcd650018612e622e432e746573745f785b69642d312c736d6f6b655d1f746578742f782d7472616365626163',
    '6b3b636861727365743d2275746638220974726163656261636b404b54726163656261636b3a20c3bc0a787878787878787878787878',
    '7878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878780a662f67b9',
    'b32950404418612e622e432e746573745f785b69642d312c736d6f6b655d0974726163656261636b17417373657274696f6e4572726f',
    '723a203120213d20320a679f06c3',
    // it failed, 1.25 seconds after it began
    'b32b0629695735a6ecb4178018612e622e432e746573745f785b69642d312c736d6f6b655d25e85977',
    // the class a.b.D is skipped
    'b329502b127365745570436c6173732028612e622e442906726561736f6e084e6f2073776966746e420d80',
    'b32b0523695735a5ddcd6500127365745570436c6173732028612e622e4429ce377750',
  ].join(''),
  'hex',
)

const all = (packets: readonly Packet[]) => {
  const collector = collectResults()
  const completed = packets.map(packet => collector.take(packet)).filter(result => result !== null)
  return { collector, completed }
}

test('packets are read whole, however the stream is cut', () => {
  const whole = subunitReader().read(bytes)
  assert.deepEqual(
    whole.map(({ id, status, file }) => [id, status, file?.name ?? null]),
    [
      ['a.b.C.test_x[id-1,smoke]', 'inprogress', null],
      ['a.b.C.test_x[id-1,smoke]', null, 'traceback'],
      ['a.b.C.test_x[id-1,smoke]', null, 'traceback'],
      ['a.b.C.test_x[id-1,smoke]', 'fail', null],
      ['setUpClass (a.b.D)', null, 'reason'],
      ['setUpClass (a.b.D)', 'skip', null],
    ],
  )
  assert.equal(whole[0]?.at, Date.UTC(2026, 0, 2, 3, 4, 5, 500))
  for (const size of [1, 2, 7, 64]) {
    const reader = subunitReader()
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    )
    assert.deepEqual(
      pieces.flatMap(piece => reader.read(piece)),
      whole,
      `pieces of ${size}`,
    )
  }
})

test('what a worker prints between packets is passed over, and so is a packet that is damaged', () => {
  const printed = Buffer.from('10 m\xb3\n', 'latin1')
  assert.equal(subunitReader().read(Buffer.concat([printed, bytes, printed])).length, 6)
  const damaged = Buffer.from(bytes)
  damaged[20]! ^= 1 // it is there
  assert.equal(subunitReader().read(damaged).length, 5)
})

test('a test has its outcome, its time and the last line of its traceback; a class speaks for its tests', () => {
  const { collector, completed } = all(subunitReader().read(bytes))
  assert.deepEqual(
    completed.map(({ id }) => id),
    ['a.b.C.test_x', 'setUpClass (a.b.D)'],
  )
  const [failed, skipped, lost] = collector.of([
    'a.b.C.test_x[id-1,smoke]',
    'a.b.D.test_y[id-2]',
    'a.b.E.test_z',
  ])
  assert.deepEqual(
    [failed?.outcome, failed?.seconds, failed?.reason],
    ['failed', 1.25, 'AssertionError: 1 != 2'],
  )
  assert.match(failed?.details ?? '', /^Traceback: ü\nx+\nAssertionError/)
  assert.deepEqual([skipped?.id, skipped?.outcome, skipped?.reason], ['a.b.D.test_y', 'skipped', 'No swift'])
  assert.equal(lost?.outcome, 'not run')
})

const ofRealCloud = 'tempest.api.compute.test_versions.TestVersions.test_list_api_versions'
const unknown = 'tempest.api.network.test_x.X.test_y'
const result = (id: string, outcome: Result['outcome'], reason = ''): Result => ({
  id,
  outcome,
  seconds: 1,
  reason,
  details: '',
})

const none = { leftOut: [], seconds: 2.4 }

test('the summary counts by service, and only what a real cloud passes has to be more than skipped', () => {
  const good = summarize([result(ofRealCloud, 'passed'), result(unknown, 'skipped', 'no trunks')], none)
  assert.deepEqual(
    good.services.map(({ service, passed, skipped }) => [service, passed, skipped]),
    [
      ['compute', 1, 0],
      ['network', 0, 1],
    ],
  )
  assert.equal(exitCode(good), 0)
  assert.equal(exitCode(summarize([result(ofRealCloud, 'skipped', 'off')], none)), 1)
  assert.equal(exitCode(summarize([result(unknown, 'failed', 'no')], none)), 1)
  assert.equal(exitCode(summarize([result(unknown, 'not run')], none)), 1)
  const text = summaryText(summarize([result(ofRealCloud, 'skipped', 'off')], none), false)
  assert.match(
    text,
    /SKIPPED here, passed by a real cloud: tempest\.api\.compute\.test_versions[^\n]*\n +off/,
  )
  assert.match(text, /0 of the 1 tests asked for that a real cloud passes/)
})

test('tests of what is not there are left out, with the reason', () => {
  const agents = 'tempest.api.compute.admin.test_agents.AgentsAdminTestJSON.test_create_agent[id-1]'
  const { tests, leftOut } = select([`${ofRealCloud}[id-2]`, agents, agents])
  assert.deepEqual(tests, [`${ofRealCloud}[id-2]`])
  assert.deepEqual(leftOut, [{ why: absent[0]?.why, count: 2 }])
  assert.match(summaryText(summarize([], { leftOut, seconds: 1 }), false), /left out +2: os-agents/)
})

test('progress is one changing line at a terminal, and whole lines elsewhere', () => {
  const shown = (isTTY: boolean) => {
    const written: string[] = []
    const bar = progress({ isTTY, write: text => written.push(text) }, 2)
    bar.take(result(unknown, 'failed', 'because'))
    bar.take(result(ofRealCloud, 'passed'))
    bar.end()
    return written.join('')
  }
  assert.equal(
    shown(false),
    `FAILED ${unknown}: because\n1/2  1 failed, 0 skipped\n2/2  1 failed, 0 skipped\n`,
  )
  assert.ok(shown(true).includes('\r\x1b[K2/2  1 failed, 0 skipped'))
})
