// The same record behind each kind of prefix.
import { at, checkRows, compute, line, local, plain, rest, server } from '../../../test/support/log-rows.ts'

const devstack = `INFO nova.compute.manager [None ${local} tempest-Actions-1 tempest-Actions-1-project-member] [instance: ${server}] Took 0.80 seconds`
const byDevstack = {
  ...compute,
  localId: local,
  userId: 'tempest-Actions-1-project-member',
  projectId: 'tempest-Actions-1',
  serverId: server,
  message: 'Took 0.80 seconds',
}

checkRows([
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
])
