// What is refused at once: the answer's own words are the evidence, and what other services said before it the cause.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serverId } from '../../../test/support/log-records.ts'
import { asked, told } from '../../../test/support/told.ts'

const action = `/v2.1/servers/${serverId}/action`
const thrown = (text: string) => `nova-api INFO nova.api.openstack.wsgi | HTTP exception thrown: ${text}`

/** What was asked and answered, what was said before the answer, the cause, whose fault, and words of the sentence. */
type Row = readonly [request: string, said: string, code: string, fault: string, says?: RegExp]

const rows: readonly Row[] = [
  [
    'POST /v2.1/servers 400',
    thrown('Flavor m1.huge could not be found.'),
    'Request.FlavorUnknown',
    'request',
    /m1\.huge/,
  ],
  ['POST /v2.1/servers 400', thrown('Invalid key_name provided.'), 'Request.KeyPairUnknown', 'request'],
  [
    'POST /v2.1/servers 400',
    thrown('The requested availability zone is not available'),
    'Request.ZoneUnknown',
    'request',
  ],
  ['POST /v2.1/servers 400', thrown('Can not find requested image'), 'Image.NotFound', 'request'],
  [
    'POST /v2.1/servers 400',
    thrown("Flavor's memory is too small for requested image."),
    'Image.MinRam',
    'request',
  ],
  ['POST /v2.1/servers 400', thrown('Image 713e is not active.'), 'Image.NotActive', 'request'],
  ['POST /v2.1/servers 400', thrown('Network 9f3a could not be found.'), 'Network.NotFound', 'request'],
  [
    'POST /v2.1/servers 409',
    thrown('Multiple possible networks found, use a Network ID to be more specific.'),
    'Network.Ambiguous',
    'request',
  ],
  [
    'POST /v2.1/servers 403',
    thrown('It is not allowed to create an interface on external network 9f3a'),
    'Network.External',
    'request',
  ],
  [
    'POST /v2.1/servers 400',
    thrown('Security group web not found for project 6cb7.'),
    'Network.SecurityGroupNotFound',
    'request',
    /web/,
  ],
  ['POST /v2.1/servers 409', thrown('Port 81d5 is still in use.'), 'Port.InUse', 'request', /81d5/],
  [
    'POST /v2.1/servers 400',
    thrown('Block Device Mapping is Invalid: failed to get volume 5d21.'),
    'Volume.NotFound',
    'request',
  ],
  [
    'POST /v2.1/servers 400',
    thrown(
      "Invalid input for field/attribute flavorRef. Value: None. None is not of type 'string', 'integer'",
    ),
    'Request.Invalid',
    'request',
    /flavorRef/,
  ],
  ['POST /v2.1/servers 400', thrown('Malformed request body'), 'Request.Malformed', 'request'],
  [
    'POST /v2.1/servers 403',
    thrown('Quota exceeded for ram: Requested 16776704, but already used 1024 of 51200 ram'),
    'Quota.Ram',
    'request',
    /16776704, but already used 1024 of 51200/,
  ],
  [
    'POST /v2.1/servers 403',
    thrown(
      'Quota exceeded for cores, instances: Requested 8, 1, but already used 16, 10 of 20, 10 cores, instances',
    ),
    'Quota.Instances',
    'request',
  ],
  [
    'POST /v2.1/servers 403',
    `neutron-server INFO neutron.pecan_wsgi.hooks.translation | POST failed (client error): Quota exceeded for resources: ['port'].\n${thrown('Maximum number of ports exceeded')}`,
    'Quota.Ports',
    'request',
  ],
  ['POST /v2.1/os-keypairs 403', thrown('Quota exceeded, too many key pairs.'), 'Quota.KeyPairs', 'request'],
  [
    'POST /v2.1/os-server-groups 403',
    thrown('Quota exceeded, too many server groups.'),
    'Quota.ServerGroups',
    'request',
  ],
  [
    `POST ${action} 403`,
    thrown("Policy doesn't allow os_compute_api:os-migrate-server:migrate to be performed."),
    'Auth.PolicyDenied',
    'request',
    /os-migrate-server:migrate/,
  ],
  [`POST ${action} 409`, thrown(`Instance ${serverId} is locked`), 'State.Locked', 'request'],
  [
    `POST ${action} 409`,
    thrown(`Cannot 'confirmResize' instance ${serverId} while it is in vm_state active`),
    'State.Wrong',
    'request',
    /'confirmResize' is not allowed while vm_state is active/,
  ],
  [
    `POST ${action} 400`,
    thrown('When resizing, instances must change flavor!'),
    'Request.SameFlavor',
    'request',
  ],
  [
    `POST ${action} 400`,
    thrown('Cannot migrate to the host where the server exists.'),
    'Migration.SameHost',
    'request',
  ],
  [
    `POST ${action} 400`,
    thrown('Compute service of compute1 is unavailable at this time.'),
    'Host.Down',
    'cloud',
  ],
  [`POST ${action} 400`, thrown('Compute service of compute1 is still in use.'), 'Host.StillUp', 'request'],
  [
    `GET /v2.1/servers/${serverId} 404`,
    thrown(`Instance ${serverId} could not be found.`),
    'Request.ServerUnknown',
    'request',
  ],
  [
    'GET /v2.1/servers 406',
    thrown('Version 2.200 is not supported by the API. Minimum is 2.1 and maximum is 2.96.'),
    'Request.Microversion',
    'request',
  ],
  [
    'GET /v2.1/servers 401',
    'nova-api WARNING keystonemiddleware.auth_token | Authorization failed for token',
    'Auth.TokenInvalid',
    'request',
  ],
  [
    'GET /v2.1/servers 503',
    'nova-api CRITICAL keystonemiddleware.auth_token | Unable to validate token: Failed to contact the endpoint at http://controller:5000 for discovery.',
    'Auth.KeystoneDown',
    'cloud',
  ],
  [
    'POST /v2.1/servers 500',
    "nova-api ERROR nova.api.openstack.wsgi | Unexpected exception in API method: oslo_db.exception.DBConnectionError: (pymysql.err.OperationalError) (2003, \"Can't connect to MySQL server on 'db'\")",
    'Database.Unreachable',
    'cloud',
    /failed with 500/,
  ],
  [
    'POST /v2.1/servers 500',
    'nova-api ERROR nova.api.openstack.wsgi | Unexpected exception in API method: keystoneauth1.exceptions.connection.ConnectFailure: Unable to establish connection to http://controller:9696/v2.0/networks: Connection refused',
    'Network.Unreachable',
    'cloud',
  ],
  [
    'POST /v2.1/servers 500',
    'nova-api ERROR oslo.messaging._drivers.impl_rabbit | AMQP server on controller:5672 is unreachable: [Errno 111] ECONNREFUSED. Trying again in 1 seconds.',
    'Rpc.BrokerUnreachable',
    'cloud',
  ],
  [
    'POST /v2.1/servers 500',
    "nova-api ERROR nova.api.openstack.wsgi | Unexpected exception in API method: KeyError: 'host'",
    'Bug.Unexpected',
    'bug',
  ],
]

for (const [request, said, code, fault, says] of rows)
  test(`${request} after ${said.replace(/^.*\| /s, '')}: ${code}`, async () => {
    const { verdict } = await told(`${said}\n${asked(request)}`)
    assert.deepEqual(
      [verdict.outcome, verdict.cause?.code, verdict.cause?.fault, verdict.step, verdict.isOver],
      ['failed', code, fault, 'nova-api', true],
    )
    assert.match(verdict.sentence, /was refused with 4\d\d: |failed with 5\d\d: /)
    if (says) assert.match(verdict.sentence, says)
  })

test('a refusal that nothing explains is told by its status', async () => {
  for (const [status, code] of [
    [404, 'Request.NotFound'],
    [409, 'Request.Conflict'],
    [418, 'Request.Refused'],
    [500, 'Bug.Unexpected'],
    [504, 'Service.Gateway'],
  ]) {
    const { verdict } = await told(asked(`GET /v2.1/servers ${status}`))
    assert.equal(verdict.cause?.code, code)
  }
})

test('a refusal in words no rule knows is told in those words', async () => {
  const { verdict } = await told(
    `${thrown('The moon is in the wrong quarter.')}\n${asked('POST /v2.1/servers 400')}`,
  )
  assert.match(verdict.sentence, /The moon is in the wrong quarter$/)
})

test('an answer to a request that asks for no more is its success', async () => {
  assert.equal((await told(asked('GET /v2.1/servers 200'))).verdict.outcome, 'succeeded')
  assert.equal((await told(asked('POST /v2.1/os-keypairs 201'))).verdict.outcome, 'succeeded')
  assert.equal((await told(asked(`DELETE /v2.1/servers/${serverId} 204`))).verdict.outcome, 'unknown')
  assert.equal(
    (await told(asked(`POST /v2.1/servers/${serverId}/os-volume_attachments 200`))).verdict.outcome,
    'unknown',
  )
})
