// Which service and host a name tells.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serviceOfFile, serviceOfLogger, serviceOfTag } from './services.ts'

const files: Readonly<Record<string, readonly [service: string | null, host: string | null]>> = {
  '/var/log/nova/nova-api.log': ['nova-api', null],
  'nova-api.log.1': ['nova-api', null],
  'nova-api.log-20261123.gz': ['nova-api', null],
  'nova-api-metadata.log': ['nova-api-metadata', null],
  'nova-api-wsgi.log': ['nova-api', null],
  'nova_api_wsgi_access.log': ['nova-api', null],
  'nova-compute-compute1.full.log': ['nova-compute', 'compute1'],
  'nova-compute-compute1.example.org.log.2.gz': ['nova-compute', 'compute1.example.org'],
  'nova-compute.log': ['nova-compute', null],
  'nova/nova-compute.log': ['nova-compute', null],
  'screen-n-cpu.txt.gz': ['nova-compute', null],
  'n-api.log': ['nova-api', null],
  'n-cond-cell1.log': ['nova-conductor', null],
  'q-svc.log': ['neutron-server', null],
  'neutron/server.log': ['neutron-server', null],
  'neutron/openvswitch-agent.log': ['neutron-openvswitch-agent', null],
  'cinder/volume.log.1': ['cinder-volume', null],
  'glance/api.log': ['glance-api', null],
  'keystone/keystone.log': ['keystone', null],
  'keystone_wsgi_main_access.log': ['keystone', null],
  'placement/placement-api.log': ['placement-api', null],
  '/var/log/pods/openstack_nova-compute-x_1/nova-compute/0.log': ['nova-compute', null],
  '/var/log/containers/nova-compute-default-7s9kq_openstack_nova-compute-0123.log': ['nova-compute', null],
  '/var/log/syslog': [null, null],
  'messages.gz': [null, null],
  '-': [null, null],
  '': [null, null],
}

for (const [file, [service, host]] of Object.entries(files))
  test(`${file} is of ${service ?? 'no service by its name'}`, () => {
    assert.deepEqual(serviceOfFile(file), { service, host })
  })

test('tags of syslog, units and containers', () => {
  assert.equal(serviceOfTag('devstack@n-cpu.service'), 'nova-compute')
  assert.equal(serviceOfTag('devstack@q-svc.service'), 'neutron-server')
  assert.equal(serviceOfTag('openstack-nova-api.service'), 'nova-api')
  assert.equal(serviceOfTag('nova_scheduler'), 'nova-scheduler')
  assert.equal(serviceOfTag('tripleo_nova_compute.service'), 'nova-compute')
  assert.equal(serviceOfTag('k8s_nova-compute_nova-compute-x_openstack_1_0'), 'nova-compute')
  assert.equal(serviceOfTag('kernel'), null)
})

test('loggers, by their longest known beginning', () => {
  const services: Readonly<Record<string, string | undefined>> = {
    'nova.compute.manager': 'nova-compute',
    'nova.compute.api': 'nova-api',
    'nova.virt.libvirt.driver': 'nova-compute',
    'nova.scheduler.filters.ram_filter': 'nova-scheduler',
    'nova.scheduler.utils': 'nova-conductor',
    'nova.conductor.manager': 'nova-conductor',
    'nova.api.openstack.wsgi': 'nova-api',
    'neutron.plugins.ml2.managers': 'neutron-server',
    'neutron.plugins.ml2.drivers.openvswitch.agent.ovs_neutron_agent': 'neutron-openvswitch-agent',
    'neutron.agent.l3.agent': 'neutron-l3-agent',
    'glance.api.v2.images': 'glance-api',
    'cinder.volume.drivers.lvm': 'cinder-volume',
    'cinder.scheduler.filter_scheduler': 'cinder-scheduler',
    'placement.handlers.allocation': 'placement-api',
    'keystone.server.flask.application': 'keystone',
    'oslo_messaging.rpc.client': undefined,
  }
  for (const [logger, service] of Object.entries(services))
    assert.equal(serviceOfLogger(logger)?.service, service, logger)
})
