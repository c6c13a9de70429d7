// Records in JSON, as they are written and as collectors store them.
import { at, checkRows, global, local, plain, project, server, user } from '../../../test/support/log-rows.ts'

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

checkRows([
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
])
