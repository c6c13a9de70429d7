import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { loadSettings, OptionError, type Sources, variableOf } from './load.ts'
import { type OptionRow, upOptions } from './options.ts'

const folder = mkdtempSync(join(tmpdir(), 'faultline-config-'))
after(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const configFile = (text: string) => {
  files += 1
  const path = join(folder, `${files}.json`)
  writeFileSync(path, text)
  return path
}

const load = (sources: Partial<Sources>) =>
  loadSettings({ configFile: undefined, environment: {}, given: {}, ...sources })
const refused = (sources: Partial<Sources>, message: RegExp) =>
  assert.throws(
    () => load(sources),
    (error: unknown) => error instanceof OptionError && message.test(error.message),
  )

test('without anything, the defaults of the table', () => {
  const settings: Record<string, unknown> = load({})
  for (const [name, row] of Object.entries<OptionRow>(upOptions))
    assert.equal(settings[name], row.default, name)
})

test('the command line wins over the variable, the variable over the file, the file over the default', () => {
  const configFileOf3 = configFile('{"hosts": 3, "host-ram": 1024, "debug": true}')
  const environment = { FAULTLINE_HOSTS: '4', FAULTLINE_HOST_RAM: '2048' }
  const settings = load({ configFile: configFileOf3, environment, given: { hosts: '5' } })
  assert.deepEqual(
    [settings.hosts, settings['host-ram'], settings.debug, settings['host-disk']],
    [5, 2048, true, 500],
  )
})

test('flags read the words people write', () => {
  for (const [text, value] of [
    ['1', true],
    ['yes', true],
    ['', true],
    ['0', false],
    ['no', false],
  ] as const)
    assert.equal(load({ environment: { FAULTLINE_DEBUG: text } }).debug, value, text)
})

test('what cannot be used is refused with the place it came from', () => {
  refused({ given: { hosts: '0' } }, /^--hosts: '0' is not a whole number from 1 to 10000$/)
  refused({ given: { hosts: '1.5' } }, /^--hosts: /)
  refused({ environment: { FAULTLINE_HOSTS: 'many' } }, /^FAULTLINE_HOSTS: 'many'/)
  refused({ environment: { FAULTLINE_DEBUG: 'maybe' } }, /neither true nor false/)
  refused({ given: { 'log-format': 'xml' } }, /^--log-format: 'xml' is not one of text, json$/)
  refused({ configFile: configFile('{"hosst": 3}') }, /unknown option 'hosst'/)
  refused({ configFile: configFile('{"hosts": "x"}') }, /\.json: hosts: 'x' is not/)
  refused({ configFile: configFile('[]') }, /must hold one JSON object/)
  refused({ configFile: configFile('{') }, /is not JSON/)
  refused({ configFile: join(folder, 'nothing') }, /there is no file/)
})

test('a count goes below zero where its row says so, and nowhere else', () => {
  assert.equal(load({ given: { 'shelved-offload-time': '-1' } })['shelved-offload-time'], -1)
  refused({ given: { 'shelved-offload-time': '-2' } }, /'-2' is not a whole number from -1 to 2147483$/)
  refused({ given: { hosts: '-1' } }, /'-1' is not a whole number from 1 to 10000$/)
})

test('names of variables', () => {
  assert.equal(variableOf('allow-resize-to-same-host'), 'FAULTLINE_ALLOW_RESIZE_TO_SAME_HOST')
})
