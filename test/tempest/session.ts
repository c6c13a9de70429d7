// A cloud of its own and a workspace on it: what every run, by hand or by `npm test`, begins and ends with.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { passwords } from '../support/cloud.ts'
import { up } from '../support/program.ts'
import { tempestConf } from './conf.ts'
import { prepareCloud } from './prepare.ts'
import { makeWorkspace, type Workspace } from './tempest.ts'

export interface Session {
  readonly folder: string
  readonly origin: string
  readonly workspace: Workspace
  /** Aborts when the cloud ends before it is told to, with what it said. */
  readonly lost: AbortSignal
  /** Ends the cloud; the folder goes with it unless it is kept. */
  close(keep: boolean): Promise<void>
}

/** Room for whatever tests run at the same time. */
const room = ['--hosts', '2', '--host-vcpus', '512', '--host-ram', '1048576', '--host-disk', '100000']

export async function startSession(): Promise<Session> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-tempest-'))
  const data = join(folder, 'cloud')
  mkdirSync(data)
  const program = up(data, ...room)
  const lost = new AbortController()
  void program.ended.then(end => lost.abort(new Error(`the cloud ended: ${JSON.stringify(end)}`)))
  const close = async (keep: boolean) => {
    program.child.kill('SIGTERM')
    await program.ended
    if (!keep) rmSync(folder, { recursive: true, force: true })
  }
  try {
    const origin = await program.ready
    const cloud = await prepareCloud(origin, passwords.admin)
    const place = join(folder, 'workspace')
    const workspace = makeWorkspace(place, tempestConf(origin, place, cloud))
    return { folder, origin, workspace, lost: lost.signal, close }
  } catch (error) {
    await close(false)
    throw error
  }
}
