// Databases, placement and services as such: oslo.db, sqlalchemy, nova.scheduler.client.report, keystoneauth, proxies.
import { cause, generic, type Rule, root } from './rule.ts'

export const platformRules: readonly Rule[] = [
  root(
    'Database.Busy',
    /QueuePool limit of size (?<size>\d{1,9}) overflow (?<overflow>\d{1,9}) reached|Too many connections|remaining connection slots are reserved/,
    'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 50 reached, connection timed out, timeout 30',
    'no connection to the database came free',
  ),
  root(
    'Database.Unreachable',
    /(?:DBConnectionError|Can't connect to (?:MySQL|MariaDB|local) server|Lost connection to (?:MySQL|MariaDB|database)|MySQL server has gone away|could not connect to server|server closed the connection unexpectedly|connection to server at [^\n]{1,120} failed|SQL connection failed|CantStartEngineError)[^\n]{0,160}/,
    "oslo_db.exception.DBConnectionError: (pymysql.err.OperationalError) (2003, \"Can't connect to MySQL server on 'db'\")",
    'the database cannot be reached',
  ),
  root(
    'Database.Deadlock',
    /(?:DBDeadlock|Deadlock found when trying to get lock|deadlock detected|Lock wait timeout exceeded|WSREP detected deadlock)/,
    "oslo_db.exception.DBDeadlock: (pymysql.err.OperationalError) (1213, 'Deadlock found when trying to get lock; try restarting transaction')",
    'the database ended the transaction because of a deadlock',
  ),
  root(
    'Database.Schema',
    /(?:DBMigrationError|Unknown column '|no such (?:table|column)|Table '[^'\n]{1,120}' doesn't exist|relation "[^"\n]{1,120}" does not exist|column \S{1,120} does not exist|DBNonExistentTable)[^\n]{0,160}/,
    "oslo_db.exception.DBNonExistentTable: (pymysql.err.ProgrammingError) (1146, \"Table 'nova.services' doesn't exist\")",
    'the database is of another version',
  ),
  cause(
    'Database.Error',
    /(?:oslo_db\.exception\.\w{1,60}|sqlalchemy\.exc\.\w{1,60}|DB exception wrapped|DBError|DBDuplicateEntry|DBDataError)[^\n]{0,200}/,
    "oslo_db.exception.DBError: (pymysql.err.InternalError) (1366, 'Incorrect string value')",
    'the database refused a statement',
  ),
  cause(
    'Placement.Conflict',
    /(?:placement\.concurrent_update|resource provider generation conflict|Another thread concurrently updated the (?:data|resource provider)|consumer generation conflict|ResourceProviderUpdateConflict|AllocationUpdateFailed[^\n]{0,40}|ConcurrentUpdateDetected|Failed to update allocations for consumer \S{1,60}\. Error: [^\n]{0,200}conflict)[^\n]{0,160}/i,
    'Failed to update allocations for consumer 2a65. Error: another process changed the consumer 2a65 after the report client read the consumer state: consumer generation conflict',
    'the allocations changed at the same time',
  ),
  cause(
    'Placement.NoRoom',
    /Unable to allocate inventory(?:: Unable to create allocation for '(?<resource>\w{1,60})' on resource provider|[^\n]{0,120})|Over capacity for (?<other>\w{1,60}) on resource provider|InvalidAllocationCapacityExceeded/,
    "Unable to allocate inventory: Unable to create allocation for 'MEMORY_MB' on resource provider '98729ada'. The requested amount would exceed the capacity.",
    'placement had no room left of {resource}{other}',
  ),
  cause(
    'Placement.ProviderUnknown',
    /(?:Failed to retrieve resource provider tree|No resource provider with uuid (?<provider>\S{1,60}) found|ResourceProviderRetrievalFailed|Resource provider '?\S{1,60}'? (?:has been deleted|not found)|Failed to create resource provider|ResourceProviderCreationFailed|Compute node \S{1,255} not found)[^\n]{0,120}/,
    'No resource provider with uuid 98729ada found',
    'placement does not know the host',
  ),
  cause(
    'Placement.Unreachable',
    /(?:Placement service is unavailable|No Keystone service user|Placement API service is not responding|PlacementAPIConnectFailure|Unable to establish connection to \S{0,200}(?::8778|placement)\S{0,120}|Failed to retrieve allocation candidates from placement API for filters: [^\n]{1,160}Got 5\d\d|The placement service for RegionOne)[^\n]{0,120}/i,
    'Placement API service is not responding.',
    'placement does not answer',
  ),
  cause(
    'Placement.Failed',
    /(?:Failed to retrieve allocation candidates from placement API|Unable to submit allocation for instance|Failed to (?:create|update|delete|claim|move) (?:resource )?(?:allocations?|inventory)|AllocationDeleteFailed|AllocationMoveFailed|ResourceProviderAllocationRetrievalFailed|Failed to retrieve allocations for)[^\n]{0,200}/,
    'Unable to submit allocation for instance 2a65 (409 {"errors": []})',
    'placement refused',
  ),
  cause(
    'Service.Gateway',
    /(?:502 Bad Gateway|504 Gateway Time-?out|502 Proxy Error|The proxy server received an invalid response|Gateway Timeout|503 Backend)/i,
    '504 Gateway Time-out: The server did not respond in time.',
    'the proxy got no answer from the service behind it',
  ),
  cause(
    'Service.Unreachable',
    /(?:Unable to establish connection to (?<url>\S{1,200})|ConnectFailure|Failed to establish a new connection|Max retries exceeded with url|ConnectTimeout|Connection refused|\[Errno 111\])[^\n]{0,160}/,
    'keystoneauth1.exceptions.connection.ConnectFailure: Unable to establish connection to http://controller:8780/: Connection refused',
    'a service does not answer {url}',
  ),
  cause(
    'Service.Unavailable',
    /(?:The service is currently unable to handle the request|Service Unavailable|ServiceUnavailable|Service \S{1,60} is (?:temporarily )?unavailable|is temporarily unable to handle the request)[^\n]{0,160}/i,
    'The service is currently unable to handle the request: the database failed',
  ),
  cause(
    'Bug.Remote',
    /(?:Remote error: (?<class>[A-Za-z_]\w{0,80})|RemoteError)[^\n]{0,160}/,
    "Remote error: KeyError 'host'",
    'another service failed with {class}',
  ),
  generic(
    'Bug.Unexpected',
    /Unexpected API Error|Unexpected exception in API method/,
    'Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova API log if possible.',
    'the service failed in a way nobody expected',
  ),
  cause(
    'Bug.Unexpected',
    /^(?<class>(?:builtins\.|exceptions\.)?(?:TypeError|KeyError|AttributeError|ValueError|IndexError|AssertionError|NameError|RuntimeError|UnboundLocalError|ImportError|UnicodeDecodeError|RecursionError|ZeroDivisionError|ModuleNotFoundError))(?:: (?<why>[^\n]{0,200}))?$/,
    "AttributeError: 'NoneType' object has no attribute 'host'",
    'the service failed with {class}: {why}',
  ),
  generic(
    'Bug.Unexpected',
    /^(?<class>[A-Z]\w{1,60}(?:Error|Exception|Failed|Failure|Timeout))(?:: (?<why>[^\n]{0,200}))?$/,
    'SomethingError',
    'the service failed with {class}: {why}',
  ),
]
