// `faultline tour`: a request that fails without a trace in the server, and how to find out why; lived through on a
// cloud of its own, command by command. The story is that of Nova's guide on faults.
import { type Command, Option } from 'commander'
import { CliError } from './errors.ts'
import type { Io } from './io.ts'
import { asItem, asItems, textOf } from './item.ts'
import type { Environment } from './session/credentials.ts'

/** A cloud for as long as the tour takes. */
export interface TemporaryCloud {
  /** Its clouds.yaml, with the clouds `faultline` and `faultline-admin`. */
  readonly cloudsFile: string
  close(): Promise<void>
}
export type StartTemporaryCloud = () => Promise<TemporaryCloud>

/** How the tour runs commands: the program itself, and how it reports errors. */
export interface TourCommands {
  build(io: Io, environment: Environment, words: readonly string[]): Promise<Command>
  report(io: Io, error: unknown): number
}

interface Step {
  readonly say: string
  readonly words: readonly string[]
  /** The exit code the story needs. */
  readonly expect: 0 | 1 | 2
  readonly admin?: true
}

export function addTour(program: Command, io: Io, start: StartTemporaryCloud, commands: TourCommands): void {
  const command = program
    .command('tour')
    .description('see on a temporary cloud how to find out what happened to a request')
    .addOption(new Option('--no-pause', 'do not wait for Enter between steps'))
    .addHelpText('after', '\nExamples:\n  faultline tour\n  faultline tour --no-pause\n')
  command.action(async () => {
    const pause = command.opts().pause === true && io.isTty
    io.stdout('Bringing up a cloud of one host for you …\n')
    const cloud = await start()
    try {
      await walk({ io, commands, pause, cloudsFile: cloud.cloudsFile })
    } finally {
      await cloud.close()
    }
  })
}

interface Walk {
  readonly io: Io
  readonly commands: TourCommands
  readonly pause: boolean
  readonly cloudsFile: string
}

async function walk(tour: Walk): Promise<void> {
  const images = asItems(JSON.parse(await quietly(tour, ['image', 'list', '-f', 'json'])))
  const image = textOf(asItem(images[0]), 'Name')
  if (image === '') throw new CliError('the temporary cloud has no image to boot from')
  await step(tour, {
    say: 'You are an ordinary user of this cloud. These are the sizes a server can have.',
    words: ['flavor', 'list'],
    expect: 0,
  })
  await step(tour, {
    say: 'A small server. The request is answered at once (202: accepted); --wait polls until it is ACTIVE.',
    words: ['server', 'create', '--flavor', 'm1.tiny', '--image', image, '--wait', 'vm1'],
    expect: 0,
  })
  await step(tour, {
    say:
      'Now it shall grow. Resizing moves a server to another host, and this cloud has one host only. The request is\n' +
      'accepted all the same: that there is no host is found out later, by the scheduler. Other clients say Complete\n' +
      'here, because the server is ACTIVE again; this one looks at how the action ended.',
    words: ['server', 'resize', '--flavor', 'm1.small', '--wait', 'vm1'],
    expect: 1,
  })
  await step(tour, {
    say: 'The server tells nothing: it is well, it has its old size, and as it is not in ERROR it has no fault.',
    words: ['server', 'show', 'vm1', '-c', 'status', '-c', 'flavor', '-c', 'fault'],
    expect: 0,
  })
  await step(tour, {
    say: 'But every action leaves a record, under the id of the request that asked for it. Newest first.',
    words: [
      'server',
      'event',
      'list',
      'vm1',
      '--long',
      '-c',
      'Request ID',
      '-c',
      'Action',
      '-c',
      'Start Time',
      '-c',
      'Message',
    ],
    expect: 0,
  })
  const actions = asItems(JSON.parse(await quietly(tour, ['server', 'event', 'list', 'vm1', '-f', 'json'])))
  const resize = actions.find(action => action.Action === 'resize')
  if (!resize) throw new CliError('the temporary cloud has no record of the resize')
  const requestId = textOf(resize, 'Request ID')
  await step(tour, {
    say: 'Each record has its steps, with start, end and result. This is what the owner of the server may see.',
    words: ['server', 'event', 'show', 'vm1', requestId],
    expect: 0,
  })
  await step(tour, {
    say:
      'An administrator sees more of each step: the host it ran on, the details, the traceback. Servers of other\n' +
      'projects are named by their id.',
    words: ['server', 'event', 'show', textOf(resize, 'Server ID'), requestId, '-f', 'json', '-c', 'events'],
    expect: 0,
    admin: true,
  })
  await step(tour, {
    say:
      'One command puts all of it into one picture: the verdict first, then what it rests on, as far as whoever asks\n' +
      'may see. It ends with 2 when the request failed, so that scripts can ask too.',
    words: ['trace', requestId],
    expect: 2,
  })
  tour.io.stdout(
    '\nThat was one request, followed by its id. The same command reads the logs of any OpenStack (--logs DIR).\n' +
      'The temporary cloud is going away now; start your own with: faultline up\n',
  )
}

const commandLine = (step: Step): string =>
  [
    'faultline',
    ...(step.admin ? ['--os-cloud', 'faultline-admin'] : []),
    ...step.words.map(word => (/[^\w.:=@/-]/.test(word) ? `'${word}'` : word)),
  ].join(' ')

async function step(tour: Walk, step: Step): Promise<void> {
  const { io } = tour
  io.stdout(`\n${step.say}\n\n`)
  io.stdout(`$ ${commandLine(step)}\n`)
  if (tour.pause && (await io.readLine('(Enter runs it) ')) === undefined)
    throw new CliError('the tour was left')
  const exitCode = await run(tour, io, step.words, step.admin === true)
  if (exitCode !== step.expect)
    throw new CliError(`the tour expected this command to end with ${step.expect}, it ended with ${exitCode}`)
}

/** Runs a command and gives what it would have printed. */
async function quietly(tour: Walk, words: readonly string[]): Promise<string> {
  let text = ''
  const stdout = (part: string) => {
    text += part
  }
  const io: Io = { ...tour.io, isTty: false, colour: false, stdout }
  const exitCode = await run(tour, io, words, false)
  if (exitCode !== 0) throw new CliError(`'faultline ${words.join(' ')}' failed`)
  return text
}

async function run(tour: Walk, io: Io, words: readonly string[], admin: boolean): Promise<number> {
  const environment: Environment = {
    OS_CLIENT_CONFIG_FILE: tour.cloudsFile,
    OS_CLOUD: admin ? 'faultline-admin' : 'faultline',
  }
  try {
    const program = await tour.commands.build(io, environment, words)
    await program.parseAsync(words, { from: 'user' })
    return 0
  } catch (error) {
    return tour.commands.report(io, error)
  }
}
