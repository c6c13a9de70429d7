// A line of each format and release as it really looks, and the record it becomes. What a row does not name is null,
// or does not matter to it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogRecord } from '../record.ts'
import { type FileHint, RecordReader, startsRecord } from './reader.ts'

const local = 'req-f475ad32-4c0a-421f-a77c-0dd30e99339b'
const global = 'req-2e5c4b19-a26f-4db3-9fda-c311aaaa113a'
const user = '92c6d931b85b4254a3f356867acdfa6c'
const project = '6cb7d311c5094af8b581cca07da233ff'
const server = '2a6513a3-9864-4f44-b27a-8554e4436f0d'
const who = { userId: user, projectId: project }
const instant = Date.UTC(2026, 10, 23, 9, 30, 40)
const at = instant + 234
const rest = `[None ${local} ${user} ${project} - - default default]`
const compute = { at, level: 'INFO', logger: 'nova.compute.manager', service: 'nova-compute' }
const plain = { ...compute, localId: local, ...who, message: 'Took 0.80 seconds' }

interface Row {
  readonly name: string
  readonly line: string
  readonly hint?: Partial<FileHint>
  readonly is: Partial<LogRecord>
}

const text: readonly Row[] = [
  {
    name: 'the default since 2023: two ids and six fields',
    line: `2026-11-23 09:30:40.234 7 INFO nova.compute.manager [${global} ${local} ${user} ${project} - - default default] [instance: ${server}] Took 0.80 seconds`,
    is: { ...plain, globalId: global, serverId: server, process: 7 },
  },
  {
    name: 'Pike to Zed: one id and five fields',
    line: `2026-11-23 09:30:40.234 7 INFO nova.compute.manager [${local} ${user} ${project} - default default] [instance: ${server}] Took 0.80 seconds`,
    is: { ...plain, globalId: null, serverId: server },
  },
  {
    name: 'Newton and before: one id, fields of the user alone',
    line: `2026-11-23 09:30:40.234 7 INFO nova.compute.manager [${local} ${user} ${project} - - -] Took 0.80 seconds`,
    is: plain,
  },
  {
    name: 'a bracket of one id and nothing else',
    line: `2026-11-23 09:30:40.234 7 INFO nova.compute.manager [${local} ] Took 0.80 seconds`,
    is: { ...compute, localId: local, userId: null, projectId: null, message: 'Took 0.80 seconds' },
  },
  {
    name: 'a periodic task',
    line: `2026-11-23 09:30:40.234 7 INFO nova.compute.manager [None ${local} - - - - - -] Took 0.80 seconds`,
    is: { ...compute, localId: local, userId: null, projectId: null },
  },
  {
    name: 'a periodic task that follows another request',
    line: `2026-11-23 09:30:40.234 7 INFO nova.compute.manager [${local} - - - - -] Took 0.80 seconds`,
    is: { ...compute, localId: local, userId: null },
  },
  {
    name: 'no context',
    line: '2026-11-23 09:30:40.234 7 INFO nova.service [-] Starting compute node (version 29.0.1)',
    is: {
      level: 'INFO',
      logger: 'nova.service',
      localId: null,
      message: 'Starting compute node (version 29.0.1)',
    },
  },
  {
    name: 'a bracket that is of the message',
    line: '2026-11-23 09:30:40.234 7 WARNING nova.conf [-] [libvirt]/virt_type is deprecated',
    is: { level: 'WARNING', message: '[libvirt]/virt_type is deprecated' },
  },
  {
    name: 'a server by name',
    line: `2026-11-23 09:30:40.234 7 INFO nova.compute.manager ${rest} [instance: instance-0000002a] Took 0.80 seconds`,
    is: { ...plain, serverId: 'instance-0000002a' },
  },
  {
    name: 'DEBUG without the place in the source',
    line: `2026-11-23 09:30:40.234 7 DEBUG nova.scheduler.manager ${rest} Starting to schedule for instances: ['${server}'] select_destinations /usr/lib/python3/dist-packages/nova/scheduler/manager.py:170`,
    is: {
      level: 'DEBUG',
      service: 'nova-scheduler',
      message: `Starting to schedule for instances: ['${server}']`,
    },
  },
  {
    name: 'DEBUG of a lambda in frozen code',
    line: '2026-11-23 09:30:40.234 7 DEBUG nova.utils [-] It is so <lambda> <frozen importlib._bootstrap>:12',
    is: { message: 'It is so' },
  },
  {
    name: 'isotime with its zone',
    line: `2026-11-23T10:30:40.234567+01:00 7 INFO nova.compute.manager ${rest} Took 0.80 seconds`,
    is: { ...plain, process: 7 },
  },
  {
    name: 'a zone after a blank',
    line: `2026-11-23 10:30:40.234 +0100 7 INFO nova.compute.manager ${rest} Took 0.80 seconds`,
    is: { ...plain, process: 7 },
  },
  {
    name: 'no milliseconds, no process',
    line: `2026-11-23 09:30:40 INFO nova.compute.manager ${rest} Took 0.80 seconds`,
    is: { ...plain, at: instant, process: null },
  },
  {
    name: 'a comma before the milliseconds, the level in brackets, a colon after the logger',
    line: `2026-11-23 09:30:40,234 [INFO] nova.compute.manager: ${rest} Took 0.80 seconds`,
    is: plain,
  },
  {
    name: 'the hostname in front',
    line: `compute1 2026-11-23 09:30:40.234 7 INFO nova.compute.manager ${rest} Took 0.80 seconds`,
    is: { ...plain, host: 'compute1', process: 7 },
  },
  {
    name: 'the hostname after the time',
    line: `2026-11-23 09:30:40.234 compute1.example.org 7 INFO nova.compute.manager ${rest} Took 0.80 seconds`,
    is: { ...plain, host: 'compute1.example.org', process: 7 },
  },
  {
    name: 'no ids at all',
    line: '2026-11-23 09:30:40.234 7 WARNING nova.compute.manager Something is odd',
    is: { level: 'WARNING', logger: 'nova.compute.manager', message: 'Something is odd' },
  },
  {
    name: 'local time, with the zone of the hint',
    line: `2026-11-23 10:30:40.234 7 INFO nova.compute.manager ${rest} Took 0.80 seconds`,
    hint: { utcOffsetMinutes: 60 },
    is: plain,
  },
  {
    name: 'colours of a terminal',
    line: `2026-11-23 09:30:40.234 7 \u001b[00;32mINFO nova.compute.manager [\u001b[01;36mNone ${local} \u001b[00;36m${user} ${project} - - default default\u001b[00;32m] \u001b[01;35m\u001b[00;32mTook 0.80 seconds\u001b[00m`,
    is: plain,
  },
  {
    name: 'a logger of a library',
    line: '2026-11-23 09:30:40.234 7 ERROR oslo.messaging._drivers.impl_rabbit [-] [4d11] AMQP server on 10.0.0.1:5672 is unreachable: timed out. Trying again in 1 seconds.: socket.timeout: timed out',
    hint: { file: 'nova-conductor.log' },
    is: {
      level: 'ERROR',
      logger: 'oslo.messaging._drivers.impl_rabbit',
      service: 'nova-conductor',
      message:
        '[4d11] AMQP server on 10.0.0.1:5672 is unreachable: timed out. Trying again in 1 seconds.: socket.timeout: timed out',
    },
  },
]

const devstack = `INFO nova.compute.manager [None ${local} tempest-Actions-1 tempest-Actions-1-project-member] [instance: ${server}] Took 0.80 seconds`
const byDevstack = {
  ...compute,
  localId: local,
  userId: 'tempest-Actions-1-project-member',
  projectId: 'tempest-Actions-1',
  serverId: server,
  message: 'Took 0.80 seconds',
}
const line = `2026-11-23 09:30:40.234 7 INFO nova.compute.manager ${rest} Took 0.80 seconds`

const prefixed: readonly Row[] = [
  {
    name: 'DevStack in the journal',
    line: `Nov 23 09:30:40.234567 np0001 nova-compute[7]: ${devstack}`,
    is: { ...byDevstack, host: 'np0001', process: 7 },
  },
  {
    name: 'DevStack in the journal, by its unit',
    line: `Nov 23 09:30:40.234567 np0001 devstack@n-cpu.service[7]: ${devstack}`,
    is: { ...byDevstack, host: 'np0001' },
  },
  {
    name: 'DevStack, DEBUG with its tail',
    line: `Nov 23 09:30:40.234567 np0001 nova-compute[7]: DEBUG nova.compute.manager [None ${local} demo admin] Waiting {{(pid=99) wait_for /opt/stack/nova/nova/compute/manager.py:12}}`,
    is: { level: 'DEBUG', userId: 'admin', projectId: 'demo', process: 7, message: 'Waiting' },
  },
  {
    name: 'syslog, RFC 3164',
    line: `Nov 23 09:30:41 compute1 nova-compute[123]: ${line}`,
    is: { ...plain, host: 'compute1', process: 7 },
  },
  {
    name: 'syslog, RFC 3164 with its priority and without a process',
    line: `<134>Nov 23 09:30:41 compute1 nova-compute: ${line}`,
    is: { ...plain, host: 'compute1' },
  },
  {
    name: 'syslog, RFC 5424',
    line: `<134>1 2026-11-23T09:30:40.300Z compute1 nova-compute 123 - [a@1 b="c ]\\" d"][e@2] ${line}`,
    is: { ...plain, host: 'compute1' },
  },
  {
    name: 'syslog with ISO times, whose zone serves the time inside',
    line: `2026-11-23T10:30:40.3+01:00 compute1 nova-compute[123]: ${line.replace('09:30', '10:30')}`,
    is: { ...plain, host: 'compute1' },
  },
  {
    name: 'journald short-iso',
    line: `2026-11-23T10:30:40+0100 compute1 nova-compute[123]: ${line.replace('09:30', '10:30')}`,
    is: { ...plain, host: 'compute1' },
  },
  {
    name: 'journald short-full',
    line: `Mon 2026-11-23 09:30:40 UTC compute1 nova-compute[123]: ${line}`,
    is: { ...plain, host: 'compute1' },
  },
  {
    name: 'Kubernetes',
    line: `2026-11-23T09:30:40.300000000Z stderr F ${line}`,
    hint: { file: '/var/log/pods/openstack_nova-compute-x_1/nova-compute/0.log' },
    is: { ...plain, process: 7 },
  },
  {
    name: 'docker logs -t',
    line: `2026-11-23T09:30:40.300000000Z ${line}`,
    is: { ...plain, host: null, process: 7 },
  },
  { name: 'docker compose logs', line: `nova_compute-1  | ${line}`, is: plain },
  { name: 'grep -H', line: `nova/nova-compute.log:${line}`, is: plain },
  {
    name: 'grep -Hn of rotated files',
    line: `nova-compute.log.2:17:${line}`,
    is: plain,
  },
  {
    name: "Apache's error log around mod_wsgi",
    line: `[Mon Nov 23 09:30:40.300000 2026] [wsgi:error] [pid 12:tid 140] [remote 10.0.0.1:80] 2026-11-23 09:30:40.234 7 WARNING keystone.common.wsgi ${rest} Could not find user`,
    is: { at, service: 'keystone', level: 'WARNING', process: 7, localId: local },
  },
  {
    name: "docker's json-file",
    line: JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2026-11-23T09:30:40.300Z' }),
    is: { ...plain, process: 7 },
  },
  {
    name: 'a journal exported as JSON',
    line: JSON.stringify({
      __REALTIME_TIMESTAMP: String(at * 1000),
      _HOSTNAME: 'np0001',
      SYSLOG_IDENTIFIER: 'nova-compute',
      _PID: '7',
      PRIORITY: '6',
      MESSAGE: devstack,
    }),
    is: { ...byDevstack, host: 'np0001', process: 7 },
  },
  {
    name: 'a journal exported as JSON, whose text is bytes',
    line: JSON.stringify({
      __REALTIME_TIMESTAMP: String(at * 1000),
      _HOSTNAME: 'np0001',
      _SYSTEMD_UNIT: 'devstack@n-cpu.service',
      MESSAGE: [...Buffer.from(`\u001b[00;32m${devstack}\u001b[00m`)],
    }),
    is: { ...byDevstack, host: 'np0001' },
  },
  {
    name: 'Filebeat around a line of text',
    line: JSON.stringify({
      _index: 'logs',
      _source: {
        '@timestamp': '2026-11-23T09:31:00.000Z',
        host: { name: 'compute1' },
        log: { offset: 12, file: { path: '/var/log/nova/nova-compute.log' } },
        message: line,
      },
    }),
    is: { ...plain, host: 'compute1', process: 7 },
  },
]

const context = {
  request_id: local,
  global_request_id: global,
  user: 'alice',
  user_id: user,
  project: 'demo',
  project_id: project,
  auth_token: '***',
}
const osloJson = {
  message: 'Took 0.80 seconds',
  asctime: '2026-11-23 10:30:40',
  name: 'nova.compute.manager',
  msg: 'Took %s seconds',
  args: ['0.80'],
  levelname: 'INFO',
  levelno: 20,
  created: at / 1000,
  msecs: 234.5,
  process: 7,
  traceback: null,
  hostname: 'compute1',
  error_summary: '',
  context,
  extra: { instance: JSON.stringify({ uuid: server, name: 'vm1' }) },
}
const ofJson = { ...plain, globalId: global, serverId: server, host: 'compute1', process: 7 }
const fluentd = {
  message: 'Took 0.80 seconds',
  time: '2026-11-23T09:30:40.234Z',
  name: 'nova.compute.manager',
  level: 'INFO',
  process_name: 'MainProcess',
  cmdline: '/usr/bin/python3 /usr/bin/nova-compute --config-file /etc/nova/nova.conf',
  hostname: 'compute1',
  traceback: null,
  context,
  extra: { instance: server },
}

const json: readonly Row[] = [
  { name: "oslo.log's JSON", line: JSON.stringify(osloJson), is: ofJson },
  {
    name: "oslo.log's JSON, a server in Python's words",
    line: JSON.stringify({ ...osloJson, extra: { instance: `Instance(host='a',uuid=${server},vcpus=1)` } }),
    is: ofJson,
  },
  { name: "oslo.log's JSON in an index", line: JSON.stringify({ _source: osloJson }), is: ofJson },
  {
    name: "oslo.log's JSON as text in a container's log",
    line: JSON.stringify({ log: `${JSON.stringify(osloJson)}\n`, stream: 'stdout', time: 'x' }),
    is: ofJson,
  },
  {
    name: "oslo.log's JSON behind syslog",
    line: `Nov 23 09:30:41 compute1 nova-compute[123]: ${JSON.stringify(osloJson)}`,
    is: ofJson,
  },
  { name: 'fluentd', line: JSON.stringify(fluentd), is: { ...ofJson, process: null } },
  {
    name: 'fluentd, nested by Fluent Bit',
    line: JSON.stringify({ date: 1, log: fluentd }),
    is: { ...ofJson, process: null },
  },
  {
    name: 'fluentd, nested by Logstash, context as text',
    line: JSON.stringify({
      '@timestamp': '2026-11-23T09:31:00Z',
      message: JSON.stringify({ ...fluentd, context: JSON.stringify(context) }),
    }),
    is: { ...ofJson, process: null },
  },
  {
    name: "kolla's fluentd",
    line: JSON.stringify({
      '@timestamp': '2026-11-23T09:30:40.234Z',
      Hostname: 'compute1',
      programname: 'nova-compute',
      log_level: 'INFO',
      Logger: 'openstack.nova',
      python_module: 'nova.compute.manager',
      Pid: '7',
      Payload: `[instance: ${server}] Took 0.80 seconds`,
      request_id: local,
      global_request_id: global,
      user_id: user,
      tenant_id: project,
    }),
    is: ofJson,
  },
  {
    name: 'JSON with an exception',
    line: JSON.stringify({
      ...osloJson,
      levelname: 'ERROR',
      message: 'It failed',
      error_summary: 'ValueError: no',
      traceback: 'Traceback (most recent call last):\n  File "a.py", line 1, in f\nValueError: no',
    }),
    is: {
      level: 'ERROR',
      message: 'It failed: ValueError: no',
      traceback: ['Traceback (most recent call last):', '  File "a.py", line 1, in f', 'ValueError: no'],
    },
  },
]

const requestLine = (logger: string, message: string) =>
  `2026-11-23 09:30:40.234 7 INFO ${logger} ${rest} ${message}`
const access = { microversion: null, durationMs: null, remoteAddress: null }

const requests: readonly Row[] = [
  {
    name: 'nova and placement',
    line: requestLine(
      'nova.api.openstack.requestlog',
      '10.0.0.1 "GET /v2.1/servers?limit=1" status: 200 len: 15 microversion: 2.79 time: 0.005880',
    ),
    is: {
      service: 'nova-api',
      localId: local,
      access: {
        method: 'GET',
        path: '/v2.1/servers?limit=1',
        status: 200,
        microversion: '2.79',
        durationMs: 5.88,
        remoteAddress: '10.0.0.1',
      },
    },
  },
  {
    name: 'placement without a time',
    line: requestLine(
      'placement.requestlog',
      '10.0.0.1 "GET /placement/allocation_candidates?limit=1000" status: 200 len: 53 microversion: 1.36',
    ),
    is: {
      service: 'placement-api',
      access: {
        ...access,
        method: 'GET',
        path: '/placement/allocation_candidates?limit=1000',
        status: 200,
        microversion: '1.36',
        remoteAddress: '10.0.0.1',
      },
    },
  },
  {
    name: "neutron and others of oslo.service's",
    line: requestLine(
      'neutron.wsgi',
      '10.0.0.1,10.0.0.2 "POST /v2.0/ports HTTP/1.1" status: 201  len: 1077 time: 0.5123456',
    ),
    is: {
      service: 'neutron-server',
      access: {
        ...access,
        method: 'POST',
        path: '/v2.0/ports',
        status: 201,
        durationMs: 512.346,
        remoteAddress: '10.0.0.1,10.0.0.2',
      },
    },
  },
  {
    name: "eventlet's",
    line: requestLine(
      'eventlet.wsgi.server',
      '10.0.0.1 - - [23/Nov/2026 09:30:40] "GET /v2/images HTTP/1.1" 200 4311 0.012345',
    ),
    hint: { file: 'glance/api.log' },
    is: {
      service: 'glance-api',
      access: {
        ...access,
        method: 'GET',
        path: '/v2/images',
        status: 200,
        durationMs: 12.345,
        remoteAddress: '10.0.0.1',
      },
    },
  },
  {
    name: 'keystone',
    line: requestLine('keystone.wsgi', '"POST /v3/auth/tokens HTTP/1.1" 201'),
    is: { service: 'keystone', access: { ...access, method: 'POST', path: '/v3/auth/tokens', status: 201 } },
  },
  {
    name: 'cinder',
    line: requestLine(
      'cinder.api.openstack.wsgi',
      'http://10.0.0.1/volume/v3/p/volumes returned with HTTP 202',
    ),
    is: {
      service: 'cinder-api',
      access: { ...access, method: '-', path: '/volume/v3/p/volumes', status: 202 },
    },
  },
  {
    name: "a client's call is no request of the service",
    line: requestLine('urllib3.connectionpool', 'http://10.0.0.1:9696 "GET /v2.0/ports HTTP/1.1" 200 15'),
    is: { access: null },
  },
  {
    name: 'uWSGI',
    line: '[pid: 24030|app: 0|req: 420/843] 127.0.0.1 () {32 vars in 793 bytes} [Mon Nov 23 09:30:40 2026] GET /v2.1/servers?a=b c => generated 316 bytes in 16 msecs (HTTP/1.1 200) 9 headers in 357 bytes (1 switches on core 0)',
    hint: { file: 'nova-api.log' },
    is: {
      at: instant,
      service: 'nova-api',
      process: 24030,
      access: {
        ...access,
        method: 'GET',
        path: '/v2.1/servers?a=b c',
        status: 200,
        durationMs: 16,
        remoteAddress: '127.0.0.1',
      },
    },
  },
  {
    name: 'Apache, common',
    line: '10.0.0.1 - - [23/Nov/2026:10:30:40 +0100] "GET /v3 HTTP/1.1" 200 252',
    hint: { file: 'keystone_access.log' },
    is: {
      at: instant,
      service: 'keystone',
      localId: null,
      access: { ...access, method: 'GET', path: '/v3', status: 200, remoteAddress: '10.0.0.1' },
    },
  },
  {
    name: "Apache, kolla's, with ids of the caller and of the answer",
    line: `- - - [23/Nov/2026:09:30:40 +0000] "GET /v2.1/servers/x/os-instance-actions/req-aaaaaaaa-2222-4333-8444-555555555555 HTTP/1.1" 404 252 16123 "-" "openstacksdk" ${global} ${local}`,
    hint: { file: 'nova_api_wsgi_access.log' },
    is: {
      service: 'nova-api',
      globalId: global,
      localId: local,
      access: {
        ...access,
        method: 'GET',
        path: '/v2.1/servers/x/os-instance-actions/req-aaaaaaaa-2222-4333-8444-555555555555',
        status: 404,
        durationMs: 16.123,
      },
    },
  },
  {
    name: 'HAProxy',
    line: 'Nov 23 09:30:41 lb haproxy[12]: 10.0.0.1:53422 [23/Nov/2026:09:30:40.234] nova_api~ nova_api/ctl1 0/0/1/15/16 200 1234 - - ---- 10/2/0/0/0 0/0 "GET /v2.1/servers HTTP/1.1"',
    is: {
      at,
      service: 'haproxy',
      host: 'lb',
      access: {
        ...access,
        method: 'GET',
        path: '/v2.1/servers',
        status: 200,
        durationMs: 16,
        remoteAddress: '10.0.0.1',
      },
    },
  },
]

for (const { name, line, hint, is } of [...text, ...prefixed, ...json, ...requests])
  test(name, () => {
    const reader = new RecordReader({ file: 'all', ...hint }, { now: () => Date.UTC(2027, 0, 2) })
    const records = [...reader.push(line, 5, line.length + 1), ...reader.end()]
    const [record] = records
    assert.ok(record)
    assert.equal(records.length, 1)
    // Only what the row names.
    const seen = Object.fromEntries(Object.keys(is).map(key => [key, record[key as keyof LogRecord]]))
    assert.deepEqual(seen, is)
    assert.deepEqual(record.place, { file: hint?.file ?? 'all', offset: 5, length: line.length + 1 })
    assert.equal(startsRecord(line), true)
  })
