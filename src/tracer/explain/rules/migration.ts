// Moves: nova.conductor.tasks, nova.virt.libvirt, nova.exception.
import { cause, generic, type Rule, root, wrapper } from './rule.ts'

export const migrationRules: readonly Rule[] = [
  root(
    'Migration.Cpu',
    /(?:Unacceptable CPU info|CPU doesn't have compatibility|CPU is incompatible|Host (?:cpu|CPU) (?:is )?(?:not|in)compatible)[^\n]{0,200}/,
    "Migration pre-check error: Unacceptable CPU info: CPU doesn't have compatibility.",
    'the CPU of the other host lacks what the machine uses',
  ),
  root(
    'Migration.NotSharedStorage',
    /(?:is not on shared storage|InvalidSharedStorage: [^\n]{1,60} is not on|Live migration can not be used without shared storage|without shared storage except)(?<why>[^\n]{0,160})/,
    'compute2 is not on shared storage: Shared storage live-migration requires either shared storage or boot-from-volume with no local disks.',
    'the hosts share no storage',
  ),
  root(
    'Migration.SharedStorage',
    /(?:is not on local storage|Block migration can not be used with shared storage|InvalidLocalStorage)[^\n]{0,160}/,
    'compute2 is not on local storage: Block migration can not be used with shared storage.',
    'the hosts share storage',
  ),
  root(
    'Migration.DiskTooSmall',
    /(?:Lack of disk space|Disk of instance is too large|Unable to migrate \S{1,60}: (?:Disk|disk) of instance)(?<why>[^\n]{0,200})/,
    'Unable to migrate 2a65: Disk of instance is too large(available on destination host:1 < need:20)',
    'the other host has too little disk{why}',
  ),
  root(
    'Migration.MemoryTooSmall',
    /(?:Lack of memory|Insufficient memory)\s?\(host:\s?(?<have>-?\d{1,12}) <= ?instance:\s?(?<need>\d{1,12})\)/,
    'Unable to migrate 2a65 to compute2: Lack of memory(host:512 <= instance:2048)',
    'the other host has too little memory: has {have} MB, needs {need} MB',
  ),
  root(
    'Migration.SameHost',
    /(?:Unable to migrate instance \(\S{1,60}\) to current host \((?<host>[^)\n]{1,255})\)|Cannot migrate to the host where the server exists|UnableToMigrateToSelf|CannotMigrateToSameHost|The target host can't be the same one)/,
    'Unable to migrate instance (2a65) to current host (compute1).',
    'the server is on that host already',
  ),
  root(
    'Migration.Hypervisor',
    /(?:The supplied hypervisor type|The instance requires a newer hypervisor version|DestinationHypervisorTooOld|InvalidHypervisorType|hypervisor type of is invalid)[^\n]{0,160}/,
    'The instance requires a newer hypervisor version than has been provided.',
    'the hypervisor of the other host is of another kind, or older',
  ),
  root(
    'Migration.Devices',
    /(?:cannot migrate (?:a )?domain with|domain has assigned non-USB host devices|non-migratable device|unsafe migration|Migration without shared storage is unsafe|Migrate(?: the)? domain with (?:PCI|SR-?IOV)|has (?:a )?(?:vgpu|vpmem|swtpm|vTPM))[^\n]{0,160}/i,
    'Requested operation is not valid: cannot migrate a domain with <hostdev> mode=subsystem',
    'the machine has devices that cannot be moved',
  ),
  root(
    'Migration.Connect',
    /(?:unable to connect to server at '?(?<where>[^'\s]{1,255})|operation failed: Failed to connect to remote libvirt URI|Cannot resolve|unable to resolve|TLS handshake failed|No route to host|Unable to read (?:from|TLS)|migration (?:port|socket)[^\n]{0,60}(?:in use|refused))[^\n]{0,160}/i,
    "operation failed: Failed to connect to remote libvirt URI qemu+tcp://compute2/system: unable to connect to server at 'compute2:16509': Connection refused",
    'the hosts cannot connect to each other',
  ),
  root(
    'Migration.Ssh',
    /(?:Host key verification failed|Permission denied \(publickey|ssh: connect to host (?<host>\S{1,255})|not able to execute ssh command|rsync(?:: | error)|Resize error: not able to execute|scp: |lost connection$)[^\n]{0,160}/m,
    'Resize error: not able to execute ssh command: Unexpected error while running command. Stderr: Host key verification failed.',
    'the host could not copy files to the other',
  ),
  root(
    'Migration.Timeout',
    /(?:Live migration (?:stuck for|not completed after) (?<seconds>\d{1,9}) sec|migration (?:completion )?timed? ?out|Migration operation (?:has )?timed out)[^\n]{0,120}/i,
    'Live migration not completed after 800 sec',
    'the move did not end in time',
  ),
  cause(
    'Migration.Aborted',
    /(?:Migration operation was cancelled|operation aborted: migration (?:job|out): canceled|migration (?:job|out job): (?:canceled|cancelled) by client|Live migration \S{1,60} aborted)[^\n]{0,80}/i,
    'Migration operation was cancelled',
    'the move was aborted',
  ),
  cause(
    'Migration.NotFound',
    /(?:Live migration \d{1,12} for server \S{1,60} is not in progress|Migration \S{1,60} (?:not found for instance|could not be found|for server \S{1,60} is not a live-migration)|MigrationNotFound\w{0,40}|Invalid migration state)[^\n]{0,80}/,
    'Migration 7 not found for instance 2a65',
    'there is no such migration in progress',
  ),
  cause(
    'Migration.CopyFailed',
    /(?:Live Migration failure: (?<why>[^\n]{1,240})|Migration operation has aborted|operation failed: (?:domain is not running|migration (?:job|out))[^\n]{0,120}|job: unexpectedly failed)/,
    'Live Migration failure: operation failed: domain is not running',
    'the move failed while the machine was copied: {why}',
  ),
  cause(
    'Migration.PostFailed',
    /(?:Post live migration at destination \S{1,255} failed|Unexpected error (?:in|during) post[ _]live[ _]migration|post_live_migration[^\n]{0,60}failed)[^\n]{0,160}/i,
    'Post live migration at destination compute2 failed',
    'the machine was moved, and what follows failed',
  ),
  generic(
    'Migration.PreCheck',
    /Migration pre-check error: (?<why>[^\n]{1,240})|MigrationPreCheckError|MigrationPreCheckClientException/,
    'Migration pre-check error: Cannot live migrate with something new.',
    'a check before the move said no: {why}',
  ),
  generic(
    'Migration.ResizeFailed',
    /(?:Resize error: (?<why>[^\n]{1,240})|Migration error: (?<other>[^\n]{1,240})|ResizeError|MigrationError)/,
    'Resize error: something new',
    'the move failed: {why}{other}',
  ),
  wrapper(
    'Migration.RolledBack',
    /(?:Live migration failed\.|Pre live migration failed at (?<host>\S{1,255})|Instance rolled back|Rolling back live migration|Rollback of resize|Error trying to rollback)/i,
    'Pre live migration failed at compute2: boom',
    'the move was taken back',
  ),
]
