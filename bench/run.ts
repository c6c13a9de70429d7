// npm run bench: how fast the cloud answers, beside a bare fastify route that sends the same bytes, in one run.
//   npm run bench -- --seconds 5
//   npm run bench -- --api-bench FILE --real FILE   also run an outside bench script, and print ratios to its recorded result
// Needs `wrk`. Figures of one run compare with each other only; say ratios, not times.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startBare } from './bare.ts'
import { startProgram } from './program.ts'
import { wrk } from './wrk.ts'

const { values: option } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    'api-bench': { type: 'string' },
    real: { type: 'string' },
  },
})

const say = (text: string) => {
  if (!option.json) console.log(text)
}

const cloud = await startProgram(['--host-vcpus', '512', '--host-ram', '1048576', '--host-disk', '16000'])
const result: Record<string, unknown> = {}
try {
  const admin = await cloud.login('admin')
  await admin.raiseQuotas()
  const serverId = await admin.createServer('bench')
  const path = `/compute/v2.1/servers/${serverId}`
  const headers = { 'x-auth-token': admin.token, 'openstack-api-version': 'compute 2.93' }
  const sample = await fetch(cloud.origin + path, { headers })
  const bare = await startBare(path, sample.headers, await sample.text())
  try {
    const rates = { show: [] as number[], bare: [] as number[] }
    // In turn, so that whatever else the machine does meets both.
    for (let round = 0; round < Number(option.rounds); round += 1) {
      rates.bare.push(
        wrk(bare.origin + path, { connections: 16, seconds: Number(option.seconds), headers }).rps,
      )
      rates.show.push(
        wrk(cloud.origin + path, { connections: 16, seconds: Number(option.seconds), headers }).rps,
      )
    }
    const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]! // at least one round
    const [show, plain] = [median(rates.show), median(rates.bare)]
    result.show_c16_rps = Math.round(show)
    result.bare_fastify_c16_rps = Math.round(plain)
    result.show_to_bare = Math.round((show / plain) * 1000) / 1000
    say(`show at 16 connections        ${Math.round(show)} a second`)
    say(`bare fastify, the same bytes  ${Math.round(plain)} a second`)
    say(`ratio                         ${(show / plain).toFixed(3)}  (at least 0.5 is wanted)`)
  } finally {
    await bare.close()
  }
  if (option['api-bench']) result.outside = runOutside(option['api-bench'])
} finally {
  await cloud.close()
}
if (option.json) console.log(JSON.stringify(result))

/** Runs an outside bench script against the cloud and compares with what it recorded elsewhere. */
function runOutside(script: string): unknown {
  const out = join(tmpdir(), `faultline-bench-${process.pid}.json`)
  const ran = spawnSync(
    process.execPath,
    [
      script,
      '--auth-url',
      `${cloud.origin}/identity/v3`,
      '--password',
      cloud.passwords.admin,
      '--image',
      cloud.imageName,
      '--seconds',
      option.seconds,
      '--out',
      out,
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', option.json ? 'ignore' : 'inherit'] },
  )
  if (ran.status !== 0) throw new Error(`${script} ended with ${ran.status}: ${ran.stderr}`)
  const ours = JSON.parse(readFileSync(out, 'utf8')) as Record<string, never>
  if (option.real) compare(ours, JSON.parse(readFileSync(option.real, 'utf8')) as Record<string, never>)
  return ours
}

interface Figures {
  readonly create_to_active_ms?: number
  readonly burst?: { readonly active_per_s: number }
  readonly burst_100_active_per_s?: number
  readonly resize_no_valid_host?: { readonly to_error_ms: number }
  readonly resize_no_valid_host_to_error_ms?: number
  readonly [rate: string]: unknown
}

function compare(ours: Figures, real: Figures): void {
  const line = (what: string, a: number | undefined, b: number | undefined, slower = false) => {
    if (a !== undefined && b !== undefined)
      say(`${what.padEnd(28)} ${(slower ? b / a : a / b).toFixed(0)} times the real cloud`)
  }
  for (const name of ['show_c1', 'show_c16', 'list100_c1', 'list100_c16', 'actions_c1', 'actions_c16'])
    line(
      name,
      (ours[name] as { rps?: number } | undefined)?.rps,
      (real[name] as { rps?: number } | undefined)?.rps,
    )
  line('burst, servers to ACTIVE', ours.burst?.active_per_s, real.burst_100_active_per_s)
  line('one create to ACTIVE', ours.create_to_active_ms, real.create_to_active_ms as number | undefined, true)
  line(
    'resize without a host',
    ours.resize_no_valid_host?.to_error_ms,
    real.resize_no_valid_host_to_error_ms,
    true,
  )
}
