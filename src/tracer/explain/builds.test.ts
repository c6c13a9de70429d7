// Builds that fail: the cause is what began it, not the last that was said.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idOf, memorySource } from '../../../test/support/log-records.ts'
import { created, readLog, told } from '../../../test/support/told.ts'
import { traceHandle } from '../trace.ts'

interface Story {
  readonly title: string
  readonly log: string
  readonly code: string
  readonly fault: 'request' | 'capacity' | 'cloud' | 'bug'
  readonly step: string
  /** What the sentence must say. */
  readonly says?: RegExp
  readonly also?: readonly string[]
}

const build = 'compute__do_build_and_run_instance'
const schedule = 'conductor_schedule_and_build_instances'
const exhausted = `
  nova-conductor WARNING nova.scheduler.utils | Failed to compute_task_build_instances: Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures for instance 2a65.
  nova-conductor WARNING nova.scheduler.utils | Setting instance to ERROR state.: nova.exception.MaxRetriesExceeded: Exceeded maximum number of retries.`
const noHost = `
  nova-conductor ERROR nova.conductor.manager | Failed to schedule instances: nova.exception_Remote.NoValidHost_Remote: No valid host was found. There are not enough hosts available.
  nova-conductor WARNING nova.scheduler.utils | Setting instance to ERROR state.: nova.exception_Remote.NoValidHost_Remote: No valid host was found.`
const spawnFails = (exception: string) => `
  nova-compute INFO nova.compute.claims | Claim successful on node compute1
  nova-compute ERROR nova.compute.manager | Instance failed to spawn: ${exception}
  > Traceback (most recent call last):
  >   File "/usr/lib/python3/dist-packages/nova/compute/manager.py", line 2640, in _build_and_run_instance
  >     self.driver.spawn(context, instance, image_meta,
  > ${exception}`

const stories: readonly Story[] = [
  {
    title: 'a port that cannot be bound on any host is the cause, and the retries came with it',
    log: `${created}
      neutron-server ERROR neutron.plugins.ml2.managers | Failed to bind port 81d5a5b7-14a9-410b-9161-6ebaf7124a20 on host compute1 for vnic_type normal using segments []
      ${spawnFails('nova.exception.PortBindingFailed: Binding failed for port 81d5a5b7-14a9-410b-9161-6ebaf7124a20, please check neutron logs for more information.')}
      nova-compute ERROR nova.compute.manager | Build of instance 2a65 was re-scheduled: Binding failed for port 81d5a5b7
      ${exhausted}`,
    code: 'Port.BindingFailed',
    fault: 'cloud',
    step: build,
    says: /could not bind port 81d5a5b7-\S+ on compute1/,
    also: ['Schedule.RetriesExhausted', 'Build.Rescheduled'],
  },
  {
    title: 'a dead network agent is the cause of a port that is not bound',
    log: `${created}
      neutron-server WARNING neutron.plugins.ml2.drivers.mech_agent | Refusing to bind port 81d5a5b7 to dead agent: {'host': 'compute1'}
      neutron-server ERROR neutron.plugins.ml2.managers | Failed to bind port 81d5a5b7 on host compute1 for vnic_type normal using segments []
      ${spawnFails('nova.exception.PortBindingFailed: Binding failed for port 81d5a5b7, please check neutron logs for more information.')}
      ${exhausted}`,
    code: 'Port.AgentDown',
    fault: 'cloud',
    step: build,
    also: ['Port.BindingFailed'],
  },
  {
    title: 'a port that is never reported as plugged',
    log: `${created}
      nova-compute WARNING nova.virt.libvirt.driver | Timeout waiting for [('network-vif-plugged', '81d5a5b7')] for instance with vm_state building and task_state spawning: eventlet.timeout.Timeout: 300 seconds
      ${spawnFails('nova.exception.VirtualInterfaceCreateException: Virtual Interface creation failed')}
      nova-compute ERROR nova.compute.manager | Build of instance 2a65 aborted: Failed to allocate the network(s), not rescheduling.`,
    code: 'Port.VifTimeout',
    fault: 'cloud',
    step: build,
    also: ['Port.VifFailed'],
  },
  {
    title: 'a subnet without a free address',
    log: `${created}
      neutron-server INFO neutron.pecan_wsgi.hooks.translation | POST failed (client error): No more IP addresses available on network 9f3a.
      nova-compute ERROR nova.compute.manager | Instance failed network setup after 1 attempt(s): nova.exception.NoMoreFixedIps: No fixed IP addresses available for network: 9f3a
      nova-compute ERROR nova.compute.manager | Build of instance 2a65 aborted: Failed to allocate the network(s) with error No fixed IP addresses available for network: 9f3a, not rescheduling.`,
    code: 'Network.NoMoreAddresses',
    fault: 'capacity',
    step: build,
  },
  {
    title: 'an image whose data is not what it says',
    log: `${created}${spawnFails('nova.exception.ImageUnacceptable: Image 713e is unacceptable: Image content does not match disk_format')}
      nova-compute ERROR nova.compute.manager | Build of instance 2a65 aborted: Image 713e is unacceptable: Image content does not match disk_format`,
    code: 'Image.Format',
    fault: 'request',
    step: build,
    also: ['Driver.Spawn'],
  },
  {
    title: 'an image larger than the disk of the flavor',
    log: `${created}${spawnFails('nova.exception.FlavorDiskSmallerThanImage: Flavor disk is too small for requested image. Flavor disk is 1073741824 bytes, image is 2361393152 bytes.')}
      nova-compute ERROR nova.compute.manager | Build of instance 2a65 aborted: Flavor disk is too small for requested image. Flavor disk is 1073741824 bytes, image is 2361393152 bytes.`,
    code: 'Image.TooLarge',
    fault: 'request',
    step: build,
    says: /1073741824 bytes, image 2361393152/,
  },
  {
    title: 'an image that arrives damaged',
    log: `${created}${spawnFails('glanceclient.exc.IOError: [Errno 32] Corrupt image download. Hash was 17ab expected 9d3c')}${exhausted}`,
    code: 'Image.Checksum',
    fault: 'cloud',
    step: build,
  },
  {
    title: 'a volume that is not ready in time',
    log: `${created}
      nova-compute ERROR nova.compute.manager | Instance failed block device setup: nova.exception.VolumeNotCreated: Volume 5d21 did not finish being created even after we waited 187 seconds or 61 attempts. And its status is downloading.
      nova-compute ERROR nova.compute.manager | Build of instance 2a65 aborted: Volume 5d21 did not finish being created even after we waited 187 seconds or 61 attempts. And its status is downloading.`,
    code: 'Volume.Timeout',
    fault: 'cloud',
    step: build,
    says: /187 seconds and 61 looks; its status was downloading/,
  },
  {
    title: 'a volume that no storage can take',
    log: `${created}
      cinder-scheduler ERROR cinder.scheduler.flows.create_volume | Failed to run task cinder.scheduler.flows.create_volume.ScheduleCreateVolumeTask;volume:create: No valid backend was found. No weighed backends available
      nova-compute ERROR nova.compute.manager | Instance failed block device setup: nova.exception.VolumeNotCreated: Volume 5d21 did not finish being created even after we waited 0 seconds or 1 attempts. And its status is error.`,
    code: 'Volume.NoBackend',
    fault: 'capacity',
    step: build,
    also: ['Volume.Timeout'],
  },
  {
    title: 'a host without memory for QEMU',
    log: `${created}${spawnFails("libvirt.libvirtError: internal error: process exited while connecting to monitor: cannot set up guest memory 'pc.ram': Cannot allocate memory")}${exhausted}`,
    code: 'Driver.NoMemory',
    fault: 'capacity',
    step: build,
  },
  {
    title: 'a host whose disk is full',
    log: `${created}${spawnFails("OSError: [Errno 28] No space left on device: '/var/lib/nova/instances/2a65/disk'")}${exhausted}`,
    code: 'Driver.DiskFull',
    fault: 'capacity',
    step: build,
  },
  {
    title: 'a machine QEMU does not start',
    log: `${created}${spawnFails('libvirt.libvirtError: internal error: qemu unexpectedly closed the monitor: -drive file=x: unsupported')}${exhausted}`,
    code: 'Driver.QemuFailed',
    fault: 'cloud',
    step: build,
  },
  {
    title: 'an error of libvirt no rule knows is still one of the hypervisor',
    log: `${created}${spawnFails('libvirt.libvirtError: something nobody has seen')}`,
    code: 'Driver.Failed',
    fault: 'cloud',
    step: build,
    says: /something nobody has seen/,
  },
  {
    title: 'room that was gone when the server arrived',
    log: `${created}
      nova-compute DEBUG nova.compute.manager | Insufficient compute resources: Free memory 512.00 MB < requested 8192 MB. _do_build_and_run_instance /nova/compute/manager.py:2100
      nova-compute DEBUG nova.compute.manager | Build of instance 2a65 was re-scheduled: Insufficient compute resources: Free memory 512.00 MB < requested 8192 MB.
      ${exhausted}`,
    code: 'Build.ClaimFailed',
    fault: 'capacity',
    step: build,
    says: /Free memory 512\.00 MB < requested 8192 MB/,
  },
  {
    title: 'two members of a group that met on one host',
    log: `${created}
      nova-compute DEBUG nova.compute.manager | Build of instance 2a65 was re-scheduled: Anti-affinity instance group policy was violated.
      ${exhausted}`,
    code: 'Build.GroupPolicyViolated',
    fault: 'capacity',
    step: build,
  },
  {
    title: 'a conductor that waits for a scheduler in vain',
    log: `${created}
      nova-conductor ERROR nova.conductor.manager | Failed to schedule instances: oslo_messaging.exceptions.MessagingTimeout: Timed out waiting for a reply to message ID 2f7e1b
      nova-conductor WARNING nova.scheduler.utils | Setting instance to ERROR state.: oslo_messaging.exceptions.MessagingTimeout: Timed out waiting for a reply to message ID 2f7e1b`,
    code: 'Rpc.Timeout',
    fault: 'cloud',
    step: schedule,
  },
  {
    title: 'a database that cannot be reached is the cause of a timeout elsewhere',
    log: `${created}
      nova-scheduler ERROR oslo_db.sqlalchemy.engines | Database connection was found disconnected; reconnecting: oslo_db.exception.DBConnectionError: (pymysql.err.OperationalError) (2013, 'Lost connection to MySQL server during query')
      nova-conductor ERROR nova.conductor.manager | Failed to schedule instances: oslo_messaging.exceptions.MessagingTimeout: Timed out waiting for a reply to message ID 2f7e1b`,
    code: 'Database.Unreachable',
    fault: 'cloud',
    step: schedule,
    also: ['Rpc.Timeout'],
  },
  {
    title: 'a chained traceback is told by the exception that came first',
    log: `${created}
      nova-compute ERROR nova.compute.manager | Instance failed to spawn: nova.exception.InternalError: boom
      > Traceback (most recent call last):
      > oslo_db.exception.DBDeadlock: (pymysql.err.OperationalError) (1213, 'Deadlock found when trying to get lock; try restarting transaction')
      > During handling of the above exception, another exception occurred:
      > Traceback (most recent call last):
      > nova.exception.InternalError: boom`,
    code: 'Database.Deadlock',
    fault: 'cloud',
    step: build,
  },
  {
    title: 'a programming error is a bug, and says which',
    log: `${created}
      nova-conductor ERROR oslo_messaging.rpc.server | Exception during message handling: AttributeError: 'NoneType' object has no attribute 'host'
      > Traceback (most recent call last):
      >   File "/usr/lib/python3/dist-packages/nova/conductor/manager.py", line 1587, in schedule_and_build_instances
      >     host = selection.host
      > AttributeError: 'NoneType' object has no attribute 'host'`,
    code: 'Bug.Unexpected',
    fault: 'bug',
    step: schedule,
    says: /'NoneType' object has no attribute 'host'/,
  },
  {
    title: 'a hint that names a host nobody has',
    log: `${created}
      nova-scheduler INFO nova.scheduler.host_manager | No hosts matched due to not matching 'force_hosts' value of 'compute9'
      ${noHost}`,
    code: 'NoHost.NotRequested',
    fault: 'request',
    step: schedule,
    says: /compute9 was asked for/,
  },
  {
    title: 'several servers of which some fit',
    log: `${created}
      nova-scheduler DEBUG nova.scheduler.manager | There are 1 hosts available but 3 instances requested to build. _ensure_sufficient_hosts /nova/scheduler/manager.py:450
      ${noHost}`,
    code: 'Schedule.NotEnoughHosts',
    fault: 'capacity',
    step: schedule,
    says: /room for 1 of 3 servers/,
  },
  {
    title: 'no host, and nobody says why',
    log: `${created}${noHost}`,
    code: 'Schedule.NoHost',
    fault: 'capacity',
    step: schedule,
  },
]

for (const { title, log, code, fault, step, says, also = [] } of stories)
  test(title, async () => {
    const { verdict } = await told(log)
    assert.deepEqual(
      [verdict.outcome, verdict.cause?.code, verdict.cause?.fault, verdict.step, verdict.isOver],
      ['failed', code, fault, step, true],
    )
    if (says) assert.match(verdict.sentence, says)
    for (const other of also)
      assert.ok(
        verdict.also.some(cause => cause.code === other),
        other,
      )
    assert.notDeepEqual(verdict.evidence, [])
  })

test('a build that failed on one host and succeeded on another has succeeded, and says what failed before', async () => {
  const { verdict } = await told(`${created}${spawnFails('OSError: [Errno 28] No space left on device')}
    nova-compute INFO nova.compute.manager | Took 1.00 seconds to build instance.`)
  assert.equal(verdict.outcome, 'succeeded')
  assert.equal(verdict.cause, null)
  assert.ok(verdict.also.some(({ code }) => code === 'Driver.DiskFull'))
})

test('that nothing failed is no success', async () => {
  const { verdict } = await told(`${created}
    nova-compute INFO nova.compute.claims | Claim successful on node compute1`)
  assert.deepEqual([verdict.outcome, verdict.isOver], ['unknown', false])
})

const covered = (service: string, hours: number, hasDebug = false) => ({
  service,
  host: 'compute1',
  from: Date.UTC(2026, 10, 23, 9),
  to: Date.UTC(2026, 10, 23, 9 + hours),
  hasDebug,
})

test('a request that was accepted, while hosts went on writing and said nothing of it, is lost', async () => {
  const { verdict } = await told(created, [covered('nova-compute', 2)])
  assert.deepEqual([verdict.outcome, verdict.cause?.code, verdict.isOver], ['lost', 'Operation.Lost', false])
})

test('silence of services whose logs were not read, or end too soon, means nothing', async () => {
  for (const coverage of [[], [covered('nova-compute', 0.51)], [covered('nova-conductor', 2)]])
    assert.equal((await told(created, coverage)).verdict.outcome, 'unknown')
  assert.equal((await told(created, [covered('nova-conductor', 2, true)])).verdict.outcome, 'lost')
})

test('what other requests failed with at the same time is not the cause, whatever image they share', async () => {
  const image = '713ed507-bfed-81c5-af96-e6a82dd4c21c'
  const own = readLog(`${created}
    nova-compute INFO nova.compute.manager | Creating image ${image}
    nova-compute ERROR nova.compute.manager | Instance failed to spawn: libvirt.libvirtError: something nobody has seen`)
  const others = readLog(
    `nova-compute ERROR nova.compute.manager | Instance failed to spawn: nova.exception.ImageUnacceptable: Image ${image} is unacceptable: odd`,
  ).map(record => ({
    ...record,
    localId: idOf(2),
    serverId: '5b3e3ce6-411a-41b5-938c-c81c4382ac55',
    place: { ...record.place, offset: 9 },
  }))
  const trace = await traceHandle(idOf(1), [memorySource([...own, ...others])])
  assert.equal(trace?.verdict.cause?.code, 'Driver.Failed')
  assert.ok(trace.verdict.also.every(({ code }) => code !== 'Image.Unacceptable'))
})

test('an agent that says in nobody’s request why the port failed is heard', async () => {
  const port = '81d5a5b7-14a9-410b-9161-6ebaf7124a20'
  const own = readLog(`${created}
    nova-compute ERROR nova.compute.manager | Instance failed to spawn: nova.exception.PortBindingFailed: Binding failed for port ${port}, please check neutron logs for more information.`)
  const agent = readLog(
    `neutron-server WARNING neutron.plugins.ml2.drivers.mech_agent | Refusing to bind port ${port} to dead agent: compute1`,
  ).map(record => ({ ...record, localId: null, userId: null, place: { ...record.place, offset: 9 } }))
  const trace = await traceHandle(idOf(1), [memorySource([...agent, ...own])])
  assert.equal(trace?.verdict.cause?.code, 'Port.AgentDown')
})

test('what one service refuses to another and is tried again is not the cause', async () => {
  const own = readLog(`${created}
    nova-compute ERROR nova.compute.manager | Instance failed to spawn: SomethingError: odd`)
  const placement = readLog(
    'placement-api INFO placement | HTTP exception thrown: consumer generation conflict - expected 1 but got None',
  ).map(record => ({ ...record, localId: idOf(2), globalId: idOf(1) }))
  const trace = await traceHandle(idOf(1), [memorySource([...own, ...placement])])
  assert.equal(trace?.verdict.cause?.code, 'Driver.Spawn')
})
