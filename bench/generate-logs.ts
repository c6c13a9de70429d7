// Logs of a busy OpenStack: services on several hosts, requests that call each other, DEBUG lines, failures with their
// tracebacks. The same seed gives the same bytes.
//   node bench/generate-logs.ts --folder DIR --megabytes 1024 --seed 1
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

export interface LogsOptions {
  readonly folder: string
  readonly bytes: number
  readonly seed: number
  /** compute hosts */
  readonly hosts?: number
}

export interface GeneratedLogs {
  readonly bytes: number
  /** A resize that finds no host, in the middle of the time. */
  readonly failed: { readonly requestId: string; readonly serverId: string; readonly at: number }
  readonly from: number
  readonly to: number
}

type Kind = 'create' | 'resize' | 'delete' | 'show'
const users = 20
const flushBytes = 1_048_576

export function generateLogs({ folder, bytes, seed, hosts = 4 }: LogsOptions): GeneratedLogs {
  mkdirSync(folder, { recursive: true })
  const dice = diceOf(seed)
  const files = new Files(folder)
  const start = Date.UTC(2026, 10, 23, 0, 0, 0)
  let now = start
  let failed: GeneratedLogs['failed'] | null = null
  const people = Array.from({ length: users }, () => `${dice.hex(32)} ${dice.hex(32)}`)
  const servers: { id: string; host: number }[] = []
  while (files.bytes < bytes) {
    now += dice.below(40)
    const person = dice.pick(people)
    const isTheOne: boolean = !failed && files.bytes > bytes / 2
    const kind: Kind = isTheOne || servers.length < 50 ? 'create' : dice.pick(kinds)
    const server: { id: string; host: number } =
      kind === 'create' ? { id: dice.uuid(), host: dice.below(hosts) } : servers[dice.below(servers.length)]!
    const story = new Story(files, dice, now, `req-${dice.uuid()}`, person, server)
    if (kind === 'show') story.show()
    else story.act(isTheOne ? 'resize' : kind, isTheOne || dice.below(50) === 0)
    if (isTheOne) failed = { requestId: story.requestId, serverId: server.id, at: now }
    else if (kind === 'create') {
      servers.push(server)
      if (servers.length > 2_000) servers.shift()
    }
  }
  files.close()
  if (!failed) throw new Error('too few bytes for a request')
  return { bytes: files.bytes, failed, from: start, to: now }
}

const kinds: readonly Kind[] = [
  'create',
  'resize',
  'delete',
  'show',
  'show',
  'show',
  'show',
  'show',
  'show',
  'show',
]

/** One request, as every service that takes part tells it. */
class Story {
  readonly requestId: string
  private readonly files: Files
  private readonly dice: Dice
  private at: number
  private readonly person: string
  private readonly server: { readonly id: string; readonly host: number }

  constructor(
    files: Files,
    dice: Dice,
    at: number,
    requestId: string,
    person: string,
    server: { readonly id: string; readonly host: number },
  ) {
    this.files = files
    this.dice = dice
    this.at = at
    this.requestId = requestId
    this.person = person
    this.server = server
  }

  show(): void {
    const path = `/v2.1/servers/${this.server.id}`
    this.debug(
      'nova-api',
      'nova.compute.api',
      'Fetching instance by UUID',
      'get /opt/nova/compute/api.py:2860',
    )
    this.answered('nova-api', 'nova.api.openstack.requestlog', 'GET', path, 200)
  }

  act(kind: Exclude<Kind, 'show'>, isFailing: boolean): void {
    const { dice, server } = this
    const compute = `nova-compute-compute${server.host}`
    const path = kind === 'create' ? '/v2.1/servers' : `/v2.1/servers/${server.id}`
    this.debug(
      'nova-api',
      'nova.api.openstack.wsgi',
      `Action: '${kind}', calling method`,
      '_process_stack /opt/nova/api/openstack/wsgi.py:511',
    )
    this.calls('nova-api', 'neutron-server', 'network', 'GET', `/v2.0/ports?device_id=${server.id}`, 9696)
    if (kind === 'create')
      this.calls('nova-api', 'glance-api', 'image', 'GET', `/v2/images/${dice.uuid()}`, 9292)
    const method = kind === 'delete' ? 'DELETE' : 'POST'
    this.answered(
      'nova-api',
      'nova.api.openstack.requestlog',
      method,
      kind === 'resize' ? `${path}/action` : path,
      kind === 'delete' ? 204 : 202,
    )
    if (kind !== 'delete') {
      this.calls(
        'nova-scheduler',
        'placement-api',
        'placement',
        'GET',
        '/allocation_candidates?limit=1000&resources=MEMORY_MB%3A512%2CVCPU%3A1',
        8778,
      )
      for (const filter of isFailing ? filters.slice(0, 2) : filters)
        this.debug(
          'nova-scheduler',
          'nova.filters',
          `Filter ${filter} returned ${isFailing && filter !== 'ComputeFilter' ? 0 : 3} host(s)`,
          'get_filtered_objects /opt/nova/filters.py:102',
        )
      if (isFailing) {
        this.line(
          'nova-scheduler',
          'INFO',
          'nova.filters',
          `Filtering removed all hosts for the request with instance ID '${server.id}'. Filter results: ['ComputeFilter: (start: 3, end: 3)', 'ImagePropertiesFilter: (start: 3, end: 0)']`,
        )
        this.failed()
        return
      }
    }
    const instance = `[instance: ${server.id}] `
    this.line(
      compute,
      'INFO',
      'nova.compute.claims',
      `${instance}Claim successful on node compute${server.host}`,
    )
    this.debug(
      compute,
      'nova.compute.manager',
      `${instance}Build of instance started`,
      '_do_build_and_run_instance /opt/nova/compute/manager.py:2432',
    )
    this.calls(compute, 'neutron-server', 'network', 'PUT', `/v2.0/ports/${dice.uuid()}`, 9696)
    this.line(
      compute,
      'INFO',
      'nova.virt.libvirt.driver',
      `${instance}Instance ${kind === 'delete' ? 'destroyed' : 'spawned'} successfully.`,
    )
    this.line(
      compute,
      'INFO',
      'nova.compute.manager',
      `${instance}Took ${1 + dice.below(9)}.${dice.below(90) + 10} seconds to ${kind} the instance on the hypervisor.`,
    )
  }

  private failed(): void {
    this.line(
      'nova-conductor',
      'WARNING',
      'nova.scheduler.utils',
      `[instance: ${this.server.id}] Setting instance to ERROR state.: nova.exception_Remote.NoValidHost_Remote: No valid host was found.`,
    )
    this.line(
      'nova-conductor',
      'ERROR',
      'nova.conductor.manager',
      'Failed to schedule instances: nova.exception.NoValidHost: No valid host was found. There are not enough hosts available.',
    )
    const traceback = [
      'Traceback (most recent call last):',
      ...frames,
      'nova.exception.NoValidHost: No valid host was found.',
      '',
    ]
    for (const text of traceback)
      this.files.write('nova-conductor', `${stamp(this.at)} 2417 ERROR nova.conductor.manager ${text}`)
  }

  private calls(from: string, to: string, service: string, method: string, path: string, port: number): void {
    const callee = `req-${this.dice.uuid()}`
    this.answered(to, `${to.split('-')[0]}.wsgi`, method, path, 200, callee)
    this.debug(
      from,
      'keystoneauth.session',
      `${method} call to ${service} for http://controller:${port}${path} used request id ${callee}`,
      'request /opt/keystoneauth1/session.py:1004',
    )
  }

  private answered(
    service: string,
    logger: string,
    method: string,
    path: string,
    status: number,
    callee?: string,
  ): void {
    const text = `10.0.0.${1 + this.dice.below(200)} "${method} ${path}" status: ${status} len: ${300 + this.dice.below(900)} microversion: 2.90 time: 0.${100_000 + this.dice.below(800_000)}`
    this.line(service, 'INFO', logger, text, callee)
  }

  private debug(service: string, logger: string, text: string, where: string): void {
    this.line(service, 'DEBUG', logger, `${text} ${where}`)
  }

  private line(service: string, level: string, logger: string, text: string, callee?: string): void {
    this.at += this.dice.below(30)
    const ids = callee ? `${this.requestId} ${callee}` : `None ${this.requestId}`
    const process = 2400 + this.dice.below(8)
    this.files.write(
      service,
      `${stamp(this.at)} ${process} ${level} ${logger} [${ids} ${this.person} - - default default] ${text}`,
    )
  }
}

const frames = [
  'conductor/manager.py", line 1628, in schedule_and_build_instances',
  'scheduler/client/query.py", line 41, in select_destinations',
  'scheduler/rpcapi.py", line 160, in select_destinations',
].flatMap(place => [
  `  File "/opt/nova/${place}`,
  '    host_lists = self._schedule_instances(context, request_specs[0],',
])

const filters = ['ComputeFilter', 'ImagePropertiesFilter', 'ServerGroupAntiAffinityFilter'] as const

const stamp = (at: number): string => new Date(at).toISOString().replace('T', ' ').slice(0, 23)

/** One file a service and host, written a MiB at a time. */
class Files {
  bytes = 0
  private readonly folder: string
  private readonly open = new Map<string, { fd: number; lines: string[]; waiting: number }>()

  constructor(folder: string) {
    this.folder = folder
  }

  write(name: string, line: string): void {
    let file = this.open.get(name)
    if (!file) {
      file = { fd: openSync(join(this.folder, `${name}.log`), 'w'), lines: [], waiting: 0 }
      this.open.set(name, file)
    }
    file.lines.push(line)
    file.waiting += line.length + 1
    this.bytes += line.length + 1
    if (file.waiting >= flushBytes) flush(file)
  }

  close(): void {
    for (const file of this.open.values()) {
      flush(file)
      closeSync(file.fd)
    }
  }
}

function flush(file: { fd: number; lines: string[]; waiting: number }): void {
  if (file.lines.length > 0) writeSync(file.fd, `${file.lines.join('\n')}\n`)
  file.lines = []
  file.waiting = 0
}

interface Dice {
  below(limit: number): number
  hex(length: number): string
  uuid(): string
  pick<T>(of: readonly T[]): T
}

/** mulberry32: small, and the same everywhere. */
function diceOf(seed: number): Dice {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number): number => next() % limit
  const hex = (length: number): string => {
    let text = ''
    while (text.length < length) text += next().toString(16).padStart(8, '0')
    return text.slice(0, length)
  }
  const uuid = (): string => {
    const digits = hex(32)
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`
  }
  return { below, hex, uuid, pick: of => of[below(of.length)]! } // of something
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string', default: 'logs' },
      megabytes: { type: 'string', default: '64' },
      seed: { type: 'string', default: '1' },
    },
  })
  const { folder, megabytes, seed } = values
  console.log(
    JSON.stringify(generateLogs({ folder, bytes: Number(megabytes) * 1_048_576, seed: Number(seed) })),
  )
}
