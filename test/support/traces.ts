// Traces of made-up requests, for tests of what shows them. Each names only what its story is about.
import {
  type FoundCause,
  type Gap,
  type Placement,
  type PlacementHost,
  type PlacementRefusal,
  type Trace,
  type TraceCall,
  type TraceEvent,
  type TraceLog,
  traceFormat,
} from '../../src/model/trace.ts'

export const requestId = 'req-f475ad32-4c0a-421f-a77c-0dd30e99339b'
export const globalId = 'req-0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9'
export const serverId = '2a6513a3-9864-4f44-b27a-8554e4436f0d'
const userId = '1f8f0a3c9bd94c0b8b0b1b6f3d2a7e55'
const projectId = '6cb7d311c5094af8b581cca07da233ff'
const began = Date.UTC(2026, 10, 23, 9, 30, 40, 234)

/** So many ms after the request came in. */
export const at = (milliseconds: number): string => new Date(began + milliseconds).toISOString()

let calls = 0
export const call = (service: string, operation: string, more: Partial<TraceCall> = {}): TraceCall => ({
  id: `c${++calls}`,
  parent: null,
  edge: 'root',
  proof: null,
  kind: operation.includes('/') ? 'http' : 'rpc',
  service,
  host: null,
  localId: requestId,
  globalId: null,
  operation,
  status: null,
  startedAt: at(0),
  endedAt: at(100),
  isFailed: false,
  isOnFailedPath: false,
  ...more,
})

export const event = (name: string, more: Partial<TraceEvent> = {}): TraceEvent => ({
  name,
  startedAt: at(120),
  finishedAt: at(500),
  result: 'Success',
  attempt: 1,
  host: null,
  details: null,
  traceback: [],
  waitsFor: null,
  ...more,
})

export const log = (service: string, message: string, more: Partial<TraceLog> = {}): TraceLog => ({
  at: at(300),
  level: 'INFO',
  service,
  host: null,
  logger: `nova.${service}`,
  localId: requestId,
  serverId,
  message,
  traceback: [],
  repeated: 1,
  matters: false,
  file: `${service}.log`,
  offset: 0,
  ...more,
})

export const gap = (kind: Gap['kind'], text: string, more: Partial<Gap> = {}): Gap => ({
  kind,
  service: null,
  count: null,
  text,
  ...more,
})

export const tooLittleMemory = (have: number): PlacementRefusal => ({
  code: 'NoHost.Capacity.Ram',
  filter: 'placement',
  text: `memory: needs 2048 MB, has ${have} MB, short ${2048 - have} MB`,
  need: 2048,
  have,
  short: 2048 - have,
  unit: 'MB',
  input: 'flavor.ram',
})
const sameHost: PlacementRefusal = {
  code: 'NoHost.SameHost',
  filter: 'same host',
  text: "it is the server's current host, and resize to the same host is off",
  need: null,
  have: null,
  short: null,
  unit: null,
  input: null,
}
export const refused = (host: string | null, ...all: readonly PlacementRefusal[]): PlacementHost => ({
  host,
  isChosen: false,
  first: all[0] ?? null,
  all,
})
export const taken = (host: string): PlacementHost => ({ host, isChosen: true, first: null, all: [] })
export const placement = (
  hosts: readonly PlacementHost[],
  sum: string,
  more: Partial<Placement> = {},
): Placement => ({
  attempt: 1,
  at: at(200),
  hostsTotal: hosts.length,
  hosts,
  counts: [],
  sum,
  ...more,
})

const noRoom: FoundCause = {
  code: 'NoHost.Capacity.Ram',
  sentence: 'The host has too little free memory.',
  found: '2 hosts have too little memory (need 2048 MB, have at most 512 MB), 1 is the current host.',
  fault: 'capacity',
  remedy: 'Choose a smaller flavor, delete or shelve servers, or try again when there is room.',
}

/** A trace in which what is not said is ordinary: an administrator's, of a request that went well. */
export function trace(more: Partial<Trace> = {}): Trace {
  return {
    format: traceFormat,
    handle: requestId,
    view: 'administrator',
    source: 'logs /var/log/nova',
    request: {
      localId: requestId,
      globalId: null,
      service: 'nova-api',
      method: 'POST',
      path: `/v2.1/servers/${serverId}/action`,
      status: 202,
      microversion: '2.96',
      userId,
      projectId,
      startedAt: at(0),
      endedAt: at(1180),
    },
    server: { id: serverId, name: 'vm1' },
    verdict: {
      outcome: 'succeeded',
      sentence: 'The request succeeded.',
      step: null,
      cause: null,
      also: [],
      isOver: true,
      next: 'Nothing.',
      evidence: [],
    },
    calls: [],
    action: null,
    placement: [],
    logs: [],
    gaps: [],
    ...more,
  }
}

const actionOf = (
  name: string,
  events: readonly TraceEvent[],
  message: string | null = null,
): Trace['action'] => ({
  name,
  requestId,
  serverId,
  userId,
  projectId,
  startedAt: at(0),
  finishedAt: events.some(one => one.result === null) ? null : at(1180),
  message,
  events,
})

export function failedResize(): Trace {
  calls = 0
  const root = call('nova-api', `POST /v2.1/servers/${serverId}/action`, {
    status: 202,
    endedAt: at(96),
    isOnFailedPath: true,
    host: 'controller',
  })
  const conductor = call('nova-conductor', 'cold_migrate', {
    parent: root.id,
    edge: 'proven',
    startedAt: at(110),
    endedAt: at(1180),
    isFailed: true,
    isOnFailedPath: true,
    host: 'controller',
  })
  const scheduler = call('nova-scheduler', 'select_destinations', {
    parent: conductor.id,
    edge: 'proven',
    startedAt: at(180),
    endedAt: at(640),
    isFailed: true,
    isOnFailedPath: true,
    host: 'controller',
  })
  const candidates = call(
    'placement',
    'GET /allocation_candidates?limit=1000&resources=DISK_GB%3A20%2CMEMORY_MB%3A2048%2CVCPU%3A1&root_required=%21COMPUTE_STATUS_DISABLED',
    {
      parent: scheduler.id,
      edge: 'inferred',
      status: 200,
      localId: 'req-77777777-4c0a-421f-a77c-0dd30e99339b',
      startedAt: at(200),
      endedAt: at(231),
    },
  )
  const ports = call('neutron-server', `GET /v2.0/ports?device_id=${serverId}`, {
    edge: 'orphan',
    status: 200,
    localId: 'req-88888888-4c0a-421f-a77c-0dd30e99339b',
    startedAt: at(20),
    endedAt: at(52),
  })
  const details = 'No valid host was found. There are not enough hosts available.'
  return trace({
    request: { ...trace().request, globalId },
    verdict: {
      outcome: 'failed',
      sentence:
        'The resize of vm1 found no valid host: 2 of 3 hosts have too little memory (need 2048 MB, have at most 512 MB) and 1 is its current host.',
      step: 'cold_migrate',
      cause: noRoom,
      also: [{ ...noRoom, code: 'NoHost.SameHost', found: "compute1 is the server's current host." }],
      isOver: true,
      next: noRoom.remedy,
      evidence: ['event cold_migrate: Error', 'nova-scheduler 09:30:40.874: 0 of 3 hosts'],
    },
    calls: [root, conductor, scheduler, candidates, ports],
    action: actionOf(
      'resize',
      [
        event('cold_migrate', {
          finishedAt: at(1180),
          result: 'Error',
          details,
          host: 'controller',
          traceback: [
            'Traceback (most recent call last):',
            ...Array.from(
              { length: 12 },
              (_, line) => `  File "/opt/nova/manager.py", line ${line}, in step_${line}`,
            ),
            `nova.exception.NoValidHost: ${details}`,
          ],
        }),
      ],
      'Error',
    ),
    placement: [
      placement(
        [
          refused('compute1', sameHost, tooLittleMemory(0)),
          refused('compute2', tooLittleMemory(512)),
          refused('compute3', tooLittleMemory(0)),
        ],
        '0 of 3 hosts can take it: 2 have too little memory (need 2048 MB, have 0 to 512 MB), 1 is the current host',
      ),
    ],
    logs: [
      log('nova-api', 'Action: resize', { at: at(12) }),
      log(
        'nova-scheduler',
        'Got no allocation candidates from the Placement API. This could be due to insufficient resources or a temporary occurrence as compute nodes start up.',
        { at: at(640), host: 'controller', matters: true },
      ),
      log('nova-conductor', `Failed to compute_task_migrate_server: ${details}`, {
        at: at(1100),
        level: 'WARNING',
        host: 'controller',
        matters: true,
        traceback: [
          'Traceback (most recent call last):',
          '  File "/opt/nova/conductor/manager.py", line 330, in migrate',
          `nova.exception_Remote.NoValidHost_Remote: ${details}`,
        ],
      }),
    ],
    gaps: [
      gap(
        'debug-off',
        'nova-scheduler logs no DEBUG lines: with debug = True it would say which filter refused each host.',
      ),
      gap('silent-service', 'Nothing of nova-compute was read for this request; give its logs with --logs.', {
        service: 'nova-compute',
      }),
    ],
  })
}

export function succeededCreate(): Trace {
  calls = 0
  const root = call('nova-api', 'POST /v2.1/servers', { status: 202, endedAt: at(210) })
  const build = call('nova-compute', 'build_and_run_instance', {
    parent: root.id,
    edge: 'proven',
    host: 'compute1',
    startedAt: at(400),
    endedAt: at(4100),
  })
  const polls = Array.from({ length: 5 }, (_, turn) =>
    call('neutron-server', `GET /v2.0/ports?id=${serverId.replace('2a', `3${turn}`)}`, {
      parent: build.id,
      edge: 'proven',
      status: 200,
      startedAt: at(500 + turn * 100),
      endedAt: at(540 + turn * 100),
    }),
  )
  return trace({
    request: { ...trace().request, path: '/v2.1/servers', endedAt: at(4100) },
    verdict: { ...trace().verdict, sentence: 'vm1 was created on compute1 and is ACTIVE.' },
    calls: [root, build, ...polls],
    action: actionOf('create', [
      event('conductor_schedule_and_build_instances', { startedAt: at(230), finishedAt: at(390) }),
      event('compute__do_build_and_run_instance', {
        startedAt: at(400),
        finishedAt: at(4100),
        host: 'compute1',
      }),
    ]),
    placement: [
      placement(
        [taken('compute1'), { host: 'compute2', isChosen: false, first: null, all: [] }],
        '2 of 2 hosts can take it; compute1 was chosen',
      ),
    ],
  })
}

export function twoAttempts(): Trace {
  return trace({
    verdict: {
      ...trace().verdict,
      sentence: 'vm1 was created on compute2; the first attempt, on compute1, failed.',
      also: [
        { ...noRoom, code: 'Claim.Memory', found: 'compute1 had too little memory when the server came.' },
      ],
    },
    action: actionOf('create', [
      event('compute__do_build_and_run_instance', {
        startedAt: at(400),
        finishedAt: at(900),
        result: 'Error',
        host: 'compute1',
        details: 'Insufficient compute resources: Free memory 512.00 MB < requested 2048 MB.',
      }),
      event('compute__do_build_and_run_instance', {
        startedAt: at(1300),
        finishedAt: at(4100),
        attempt: 2,
        host: 'compute2',
      }),
    ]),
    placement: [
      placement([taken('compute1'), refused('compute2', tooLittleMemory(1024))], '1 of 2 hosts can take it'),
      placement(
        [
          refused('compute1', {
            ...sameHost,
            code: 'NoHost.AlreadyTried',
            filter: 'retry',
            text: 'it was tried before and failed',
          }),
          taken('compute2'),
        ],
        '1 of 2 hosts can take it',
        { attempt: 2 },
      ),
    ],
  })
}

export function running(): Trace {
  calls = 0
  const root = call('nova-api', 'POST /v2.1/servers', { status: 202, endedAt: at(210) })
  return trace({
    source: 'cloud http://127.0.0.1:8774',
    verdict: {
      ...trace().verdict,
      outcome: 'running',
      isOver: false,
      step: 'compute__do_build_and_run_instance',
      sentence: 'vm1 is being built on host-1: it waits for its port.',
      next: 'Wait, or follow it with --follow.',
    },
    calls: [
      root,
      call('nova-compute', 'build_and_run_instance', {
        parent: root.id,
        edge: 'proven',
        host: 'host-1',
        startedAt: at(400),
        endedAt: null,
      }),
    ],
    action: actionOf('create', [
      event('compute__do_build_and_run_instance', {
        startedAt: at(400),
        finishedAt: null,
        result: null,
        host: 'host-1',
        waitsFor: 'network-vif-plugged of port 9d1c1a3e-9864-4f44-b27a-8554e4436f0d, since 12 s',
      }),
    ]),
  })
}

export const lost = (): Trace =>
  trace({
    verdict: {
      ...trace().verdict,
      outcome: 'lost',
      isOver: true,
      sentence: 'The reboot of vm1 was sent to compute1, which never began it.',
      step: 'reboot_instance',
      cause: {
        code: 'Host.Lost',
        sentence: 'The host of the server does not answer.',
        found: 'compute1 has said nothing since 09:12:01.',
        fault: 'cloud',
        remedy: 'An administrator brings nova-compute on compute1 up again.',
      },
      next: 'An administrator brings nova-compute on compute1 up again.',
    },
    action: actionOf('reboot', []),
  })

/** Of logs alone: nothing is known of the action, hosts are numbers. */
export const foreignLogs = (): Trace =>
  trace({
    server: null,
    verdict: {
      ...trace().verdict,
      outcome: 'unknown',
      sentence: 'What was read does not tell how this request ended.',
      next: 'Give the logs of nova-conductor and nova-compute too.',
    },
    calls: [call('nova-api', `GET /v2.1/servers/${serverId}`, { status: 200 })],
    placement: [
      placement([], 'RamFilter left 0 of 7 hosts', {
        hostsTotal: 7,
        counts: [
          { filter: 'ComputeFilter', start: 7, end: 6 },
          { filter: 'RamFilter', start: 6, end: 0 },
        ],
      }),
    ],
    logs: [log('nova-api', 'nothing of note')],
    gaps: [
      gap(
        'clock-skew',
        'The clock of compute2 is about 3.2 s ahead of that of controller; its times were set back.',
        { service: 'nova-compute' },
      ),
      gap('unparsed', '14 lines of nova-compute.log could not be read.', { count: 14 }),
    ],
  })

export function manyHosts(): Trace {
  const hosts = Array.from({ length: 40 }, (_, number) => {
    const name = `compute-${String(number + 1).padStart(2, '0')}.rack-${number % 4}.example.org`
    if (number < 27) return refused(name, tooLittleMemory(number * 16))
    return number < 39
      ? refused(name, {
          ...sameHost,
          code: 'NoHost.Zone',
          filter: 'availability zone',
          text: 'it is in zone east',
        })
      : taken(name)
  })
  return {
    ...failedResize(),
    placement: [
      placement(
        hosts,
        '1 of 40 hosts can take it: 27 have too little memory, 12 are in another availability zone',
      ),
    ],
  }
}

/** What somebody may have put into names and messages to be believed or obeyed by whoever reads them. */
export const hostileTexts = [
  '\u001b[2J\u001b[1;1Hall is well\u0007',
  '\u009b31mred \u0090dcs\u009c',
  '</script><img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '&lt;b&gt; &amp; <!-- <style>*{display:none}</style>',
  'safe\u202egnp.exe\u202c \u2066x\u2069',
  'line one\r\nline two\rline three\u2028four\u0085five',
  'tab\there \u0000 nul \ud800 half \udc00',
  '日本語のサーバー 👩‍👩‍👧 cafe\u0301',
  'x"]; evil [label="y\\',
  'a'.repeat(300),
  '\u{e0001}\u{e0041}\ufeff\u200bhidden',
] as const

/** The failed resize, with this in every place where free text may stand. */
export function hostile(text: string = hostileTexts.join(' | ')): Trace {
  const base = failedResize()
  const cause = { ...noRoom, code: text, found: text, sentence: text, remedy: text }
  return {
    ...base,
    handle: text,
    source: text,
    server: { id: text, name: text },
    request: {
      ...base.request,
      method: text,
      path: text,
      service: text,
      microversion: text,
      userId: text,
      projectId: text,
    },
    verdict: {
      ...base.verdict,
      sentence: text,
      step: text,
      cause,
      also: [cause],
      next: text,
      evidence: [text],
    },
    calls: base.calls.map(one => ({
      ...one,
      service: text,
      host: text,
      operation: text,
      proof: text,
      localId: text,
      globalId: text,
    })),
    action: actionOf(
      text,
      [event(text, { host: text, details: text, traceback: [text], waitsFor: text, result: null })],
      text,
    ),
    placement: [
      placement(
        [
          refused(
            text,
            { ...sameHost, code: text, filter: text, text, unit: text, need: 1, have: 0, short: 1 },
            { ...sameHost, text },
          ),
        ],
        text,
        { counts: [{ filter: text, start: 1, end: 0 }] },
      ),
    ],
    logs: [
      log(text, text, {
        level: text,
        host: text,
        logger: text,
        traceback: [text],
        matters: true,
        file: text,
      }),
    ],
    gaps: [gap('unparsed', text, { service: text })],
  }
}

export const stories = {
  failedResize,
  succeededCreate,
  twoAttempts,
  running,
  lost,
  foreignLogs,
  manyHosts,
  hostile,
} as const
