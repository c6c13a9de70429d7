// Requests, in the words of each service and proxy.
import { at, checkRows, global, instant, local, rest } from '../../../test/support/log-rows.ts'

const requestLine = (logger: string, message: string) =>
  `2026-11-23 09:30:40.234 7 INFO ${logger} ${rest} ${message}`
const access = { microversion: null, durationMs: null, remoteAddress: null }

checkRows([
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
])
