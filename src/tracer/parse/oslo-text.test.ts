// oslo.log's text as each release and many operators write it.
import {
  checkRows,
  compute,
  global,
  instant,
  local,
  plain,
  project,
  rest,
  server,
  user,
} from '../../../test/support/log-rows.ts'

checkRows([
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
])
