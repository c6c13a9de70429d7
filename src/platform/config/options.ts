// Every option of `faultline up`: name, type, default, help. The command line, the config file, `FAULTLINE_*`
// variables, `--help` and docs/options.md are all made from this table.

export type OptionType = 'text' | 'count' | 'flag' | 'choice'

export interface OptionRow {
  readonly type: OptionType
  readonly default: string | number | boolean
  readonly help: string
  /** What stands for the value in help: `DIR`, `HOST:PORT`. */
  readonly value?: string
  readonly choices?: readonly string[]
  readonly min?: number
  readonly max?: number
}

/** The longest a timer can wait (2^31 - 1 ms), in whole seconds: 24 days. */
const secondsMax = 2_147_483

export const upOptions = {
  data: {
    type: 'text',
    value: 'DIR',
    default: './.faultline',
    help: 'database, images, disks, logs, credentials',
  },
  listen: {
    type: 'text',
    value: 'HOST:PORT',
    default: '127.0.0.1:8774',
    help: 'the one address everything is served on',
  },
  hosts: {
    type: 'count',
    value: 'N',
    default: 1,
    min: 1,
    max: 10_000,
    help: 'simulated compute hosts (host-1 …)',
  },
  'host-vcpus': {
    type: 'count',
    value: 'N',
    default: 16,
    min: 1,
    max: 4096,
    help: 'vCPUs of each simulated host',
  },
  'host-ram': {
    type: 'count',
    value: 'MB',
    default: 32_768,
    min: 64,
    max: 1_073_741_824,
    help: 'memory of each simulated host in MB',
  },
  'host-disk': {
    type: 'count',
    value: 'GB',
    default: 500,
    min: 1,
    max: 1_073_741_824,
    help: 'disk of each simulated host in GB',
  },
  driver: {
    type: 'choice',
    choices: ['simulated', 'auto'],
    default: 'auto',
    help: 'machines: simulated (auto: simulated, until QEMU is there)',
  },
  'step-ms': {
    type: 'count',
    value: 'MS',
    default: 0,
    min: 0,
    max: 3_600_000,
    help: 'time a simulated machine takes for each step (spawn, reboot, copy …)',
  },
  'migration-rate': {
    type: 'count',
    value: 'MB/S',
    default: 0,
    min: 0,
    max: 1_000_000,
    help: 'memory of a simulated machine that a live migration sends in a second; 0: all at once',
  },
  db: {
    type: 'text',
    value: 'URL',
    default: '',
    help: 'sqlite:FILE or postgres://… (default: sqlite:DIR/faultline.db)',
  },
  bus: { type: 'text', value: 'URL', default: 'memory:', help: 'how processes talk: memory: (one process)' },
  'log-format': {
    type: 'choice',
    choices: ['text', 'json'],
    default: 'text',
    help: "files under DIR/logs in oslo.log's text or JSON format",
  },
  'log-level': {
    type: 'choice',
    choices: ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'],
    default: 'WARNING',
    help: 'lowest level repeated on standard error',
  },
  debug: { type: 'flag', default: false, help: 'write DEBUG lines of every logger to the log files' },
  'log-levels': {
    type: 'text',
    value: 'LOGGER=LEVEL,…',
    default: 'keystoneauth=DEBUG',
    help: 'levels of single loggers in the log files; the default keeps who called whom, which call graphs are made of',
  },
  otlp: {
    type: 'text',
    value: 'URL',
    default: '',
    help: 'send a trace of every operation to this OpenTelemetry collector (OTLP/HTTP)',
  },
  'notification-format': {
    type: 'choice',
    choices: ['versioned', 'unversioned', 'both', 'none'],
    default: 'both',
    help: 'notifications written to DIR/notifications.jsonl',
  },
  'reclaim-instance-interval': {
    type: 'count',
    value: 'SECONDS',
    default: 0,
    min: 0,
    max: secondsMax,
    help: 'how long a deleted server can be restored; 0: deleted at once',
  },
  'shelved-offload-time': {
    type: 'count',
    value: 'SECONDS',
    default: 0,
    min: -1,
    max: secondsMax,
    help: 'how long a shelved server keeps its host; 0: not at all, -1: until an administrator says so',
  },
  'resize-confirm-window': {
    type: 'count',
    value: 'SECONDS',
    default: 0,
    min: 0,
    max: secondsMax,
    help: 'after how long a resize is confirmed by itself; 0: never',
  },
  'sync-power-state-interval': {
    type: 'count',
    value: 'SECONDS',
    default: 600,
    min: -1,
    max: secondsMax,
    help: 'how often machines are compared with their servers; 0 or -1: never',
  },
  'allow-resize-to-same-host': { type: 'flag', default: false, help: "as Nova's option of that name" },
} as const satisfies Record<string, OptionRow>

export type UpOptionName = keyof typeof upOptions

/** Every option with its value, after defaults, file, variables and command line. */
export type UpSettings = {
  readonly [Name in UpOptionName]: (typeof upOptions)[Name]['type'] extends 'count'
    ? number
    : (typeof upOptions)[Name]['type'] extends 'flag'
      ? boolean
      : string
}
