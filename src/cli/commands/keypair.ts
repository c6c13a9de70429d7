// `keypair list|show|create|delete`. Keys are made here; only the public half goes out.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { CliError } from '../errors.ts'
import { findId } from '../find.ts'
import { asItem, type Item, itemOf, without } from '../item.ts'
import type { Cell } from '../output/cells.ts'
import { act, type Call, column, forEach, list, option, query, show } from '../row.ts'
import { createSshKey } from '../ssh-key.ts'

const userOption = option('--user <user>', 'of this user (name or ID; administrators)')
const keyTypeMinor = 2
const userMinor = 10

export const keypairRows = [
  list({
    words: 'keypair list',
    help: 'list SSH keys',
    options: [userOption, option('--limit <count>', 'at most so many', { number: true })],
    examples: ['keypair list'],
    columns: [
      column('Name', 'name'),
      column('Fingerprint', 'fingerprint'),
      column('Type', 'type', view => view.computeMinor >= keyTypeMinor),
    ],
    run: async call => {
      const limit = call.number('limit')
      const found = await call.cloud.compute.list(
        `/os-keypairs${query({ user_id: await userId(call), limit })}`,
        'keypairs',
        limit,
      )
      return found.map(one => asItem(one.keypair))
    },
  }),
  show({
    words: 'keypair show',
    arguments: '<name>',
    help: 'show an SSH key',
    options: [userOption, option('--public-key', 'print only the public key')],
    examples: ['keypair show me', 'keypair show --public-key me'],
    run: async call => {
      const name = encodeURIComponent(call.argument('name'))
      const path = `/os-keypairs/${name}${query({ user_id: await userId(call) })}`
      const keypair = itemOf(await call.cloud.compute.get(path), 'keypair')
      if (!call.flag('public-key')) return fields(keypair)
      call.io.stdout(`${String(keypair.public_key).trimEnd()}\n`)
      return undefined
    },
  }),
  show({
    words: 'keypair create',
    arguments: '<name>',
    help: 'make an SSH key (its private half is printed) or upload a public one',
    options: [
      option('--public-key <file>', 'upload this public key instead of making one'),
      option('--private-key <file>', 'write the private key to this file instead of printing it', {
        conflicts: ['public-key'],
      }),
      option('--type <type>', 'ssh or x509 (with --public-key)', { choices: ['ssh', 'x509'] }),
      userOption,
    ],
    examples: [
      'keypair create --private-key ~/.ssh/lab me',
      'keypair create --public-key ~/.ssh/id_ed25519.pub me',
    ],
    run: createKeypair,
  }),
  act({
    words: 'keypair delete',
    arguments: '<name...>',
    help: 'delete SSH keys; servers that have them keep them',
    options: [userOption],
    examples: ['keypair delete me'],
    run: async call => {
      const suffix = query({ user_id: await userId(call) })
      await forEach(call, call.arguments('name'), async name => {
        await call.cloud.compute.delete(`/os-keypairs/${encodeURIComponent(name)}${suffix}`)
      })
    },
  }),
]

const fields = (keypair: Item): Readonly<Record<string, Cell>> =>
  without(
    { ...keypair, id: keypair.name },
    'public_key',
    'private_key',
    'deleted_at',
    'updated_at',
    'deleted',
  )

async function userId(call: Call): Promise<string | undefined> {
  const user = call.text('user')
  if (user === undefined) return undefined
  if ((await call.cloud.computeVersion()).minor < userMinor)
    throw new CliError(`--user needs compute API version 2.${userMinor} or newer`)
  return findId(call.cloud, 'user', user)
}

async function createKeypair(call: Call) {
  const name = call.argument('name')
  const publicFile = call.text('public-key')
  const privateFile = call.text('private-key')
  const made = publicFile === undefined ? createSshKey(name) : undefined
  const { minor } = await call.cloud.computeVersion()
  const user_id = await userId(call)
  const type = minor >= keyTypeMinor ? { type: call.text('type') ?? 'ssh' } : {}
  const keypair = {
    name,
    public_key: made?.publicKey ?? readText(publicFile!), // one of the two is there
    ...type,
    ...(user_id === undefined ? {} : { user_id }),
  }
  // Written before it is uploaded: a key whose private half could not be kept is of no use.
  if (made && privateFile !== undefined) writeNew(privateFile, made.privateKey)
  const reply = await call.cloud.compute.post('/os-keypairs', { keypair }).catch(error => {
    if (made && privateFile !== undefined) rmSync(privateFile) // nor is one whose public half nobody has
    throw error
  })
  if (made && privateFile === undefined) {
    call.io.stdout(made.privateKey)
    return undefined
  }
  return fields(itemOf(reply.body, 'keypair'))
}

function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // fs's
    throw new CliError(code === 'EEXIST' ? `${path} is there already` : `cannot write ${path}: ${code}`, {
      cause: error,
    })
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new CliError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`, { cause: error }) // fs's
  }
}
