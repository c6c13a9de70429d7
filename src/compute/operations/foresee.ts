// What the scheduler would say now: the same question on a fresh snapshot, with nothing claimed and nothing kept.
import type { Placement } from '../../model/trace.ts'
import type { OnBehalf } from '../neighbours/neighbours.ts'
import { select } from '../scheduler/select.ts'
import type { Request } from '../scheduler/snapshot.ts'
import { placementOf, recordsOf } from '../scheduling-record.ts'
import { gatherHosts } from './gather-hosts.ts'
import { schedulerSettings } from './schedule.ts'
import type { WorkDeps } from './work-deps.ts'

/** The table of one attempt, about the first server of the request. */
export async function foresee(
  deps: Pick<WorkDeps, 'store' | 'clock' | 'neighbours' | 'settings'>,
  on: OnBehalf,
  request: Request,
  showHosts: boolean,
): Promise<Placement> {
  const hosts = await gatherHosts(deps, on, request)
  // Chance plays no part in a forecast: of several equally good hosts the first is named.
  const selection = select(hosts, request, schedulerSettings(deps.settings), () => 0)
  const [record] = recordsOf(selection, request.servers)
  const at = new Date(deps.clock.now()).toISOString()
  return placementOf(record!, { attempt: 1, at, showHosts }) // a record for each server, and there is one
}
