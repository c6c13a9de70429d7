// The network service alone, with two hosts and a record of what Nova was told.
import { systemClock } from '../../src/base/time.ts'
import type { PortEvent } from '../../src/network/events.ts'
import { createNetworkService } from '../../src/network/service.ts'
import { networkMigrations } from '../../src/network/tables.ts'
import { Log } from '../../src/platform/journal/log.ts'
import type { Store } from '../../src/platform/store/store.ts'
import {
  type Answer,
  type Ask,
  callers,
  callerTokens,
  type RunningService,
  runService,
} from './one-service.ts'
import { testStore } from './store.ts'

export interface RunningNetwork extends RunningService {
  readonly store: Store
  readonly hosts: string[]
  readonly events: PortEvent[]
  /** Its log from ERROR up, line by line. */
  readonly logged: string[]
  /** `ask` below `/network/v2.0`. */
  api(method: string, path: string, ask?: Ask): Promise<Answer>
  /** Creates a resource and answers it; anything but 201 fails the test. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  make(path: string, values: object, ask?: Ask): Promise<any>
}

const members: Readonly<Record<string, string>> = {
  networks: 'network',
  subnets: 'subnet',
  subnetpools: 'subnetpool',
  ports: 'port',
  routers: 'router',
  floatingips: 'floatingip',
  'security-groups': 'security_group',
  'security-group-rules': 'security_group_rule',
}

export async function startNetwork(store?: Store): Promise<RunningNetwork> {
  const opened = store ?? (await testStore(networkMigrations))
  const hosts = ['host-1', 'host-2']
  const events: PortEvent[] = []
  const logged: string[] = []
  const running = await runService(
    createNetworkService({
      store: opened,
      clock: systemClock,
      log: new Log({ format: 'text', level: 'ERROR', write: line => logged.push(line) }, 'neutron'),
      tokens: callerTokens,
      hosts: () => hosts,
      onPortEvent: event => events.push(event),
    }),
  )
  const api: RunningNetwork['api'] = (method, path, ask) => running.ask(method, `/network/v2.0${path}`, ask)
  return {
    ...running,
    store: opened,
    hosts,
    events,
    logged,
    api,
    async make(path, values, ask) {
      const member = members[path] ?? path
      const answer = await api('POST', `/${path}`, { ...ask, body: { [member]: values } })
      if (answer.status !== 201) throw new Error(`POST /${path} answered ${answer.status}: ${answer.text}`)
      return answer.body[member]
    },
    async close() {
      await running.close()
      await opened.close()
    },
  }
}

/** The projects of the callers in one-service.ts. */
export const projectIds = {
  demo: callers.demo.project?.id ?? '',
  other: callers.other.project?.id ?? '',
  admin: callers.admin.project?.id ?? '',
}
