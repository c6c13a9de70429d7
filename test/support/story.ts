// What an action did to a server, in the order it happened: its states, its record, its notifications.
//   const { tell } = await storyteller(cloud)
//   assert.deepEqual(await tell(server, { pause: null }), { status: 202, states: [...], ... })
import type { Account, TestCloud } from './cloud.ts'
import { recordHistory } from './history.ts'
import type { Answer } from './one-service.ts'

export interface Story {
  readonly status: number
  /** `vm_state/task_state` after the action was accepted, oldest first. */
  readonly states: readonly string[]
  /** The action's name, and `Error` when its message says so. */
  readonly action: string
  /**
   * `event result host`, in the order they were started. Hosts by their part: `home` is the server's own before the
   * action (or after it, when it had none), `away` any other, `controller` where API and conductor run.
   */
  readonly events: readonly string[]
  /** `event_type publisher` of versioned instance and compute_task notifications, without `instance.update`. */
  readonly notifications: readonly string[]
}

export interface Storyteller {
  /** Does it, waits for its end and tells what happened. */
  tell(server: { readonly id: string }, body: unknown, as?: Account, version?: string): Promise<Story>
  tellOf(server: { readonly id: string }, act: () => Promise<Answer>): Promise<Story>
  /** The whole story of a server from its creation, by an ordinary body with `body` laid over it. */
  create(body?: object): Promise<{ readonly server: { readonly id: string }; readonly story: Story }>
}

// biome-ignore lint/suspicious/noExplicitAny: notifications of every shape
type Message = Record<string, any>

export async function storyteller(cloud: TestCloud): Promise<Storyteller> {
  const history = await recordHistory(cloud.cloud.store)

  async function tellOf(server: { readonly id: string }, act: () => Promise<Answer>): Promise<Story> {
    const before = (await history.of(server.id)).length
    const heard = cloud.notifications.length
    const home = await hostOf(server)
    const { status } = await act()
    await cloud.settled()
    return story(server, status, before, heard, home ?? (await hostOf(server)))
  }

  const hostOf = async ({ id }: { readonly id: string }): Promise<string | null> =>
    (await cloud.show(id))?.['OS-EXT-SRV-ATTR:host'] ?? null

  async function story(
    { id }: { readonly id: string },
    status: number,
    statesBefore: number,
    heardBefore: number,
    home: string | null,
  ): Promise<Story> {
    // The machine the test runs on has a name of its own; hosts of the cloud are host-1, host-2 …
    const roleOf = (host: string): string =>
      /^host-\d+$/.test(host) ? (host === home ? 'home' : 'away') : 'controller'
    const [action] = await cloud.actions(id)
    return {
      status,
      states: (await history.of(id)).slice(statesBefore),
      action: `${action.action}${action.message === null ? '' : ` ${action.message}`}`,
      events: action.events
        .toReversed()
        .map((event: Message) => `${event.event} ${event.result} ${roleOf(event.host)}`),
      notifications: (cloud.notifications.slice(heardBefore) as Message[])
        .filter(isTold)
        .map(message => `${message.event_type} ${roleOf(message.publisher_id.split(':')[1])}`),
    }
  }

  async function create(body: object = {}) {
    const heard = cloud.notifications.length
    const { id } = await cloud.server(body, { wait: false })
    await cloud.settled()
    return { server: { id }, story: await story({ id }, 202, 0, heard, await hostOf({ id })) }
  }

  return {
    tellOf,
    create,
    tell: (server, body, as = 'demo', version = 'latest') =>
      tellOf(server, () => cloud.act(server, body, as, version)),
  }
}

const isTold = ({ event_type, publisher_id }: Message): boolean =>
  publisher_id.includes(':') &&
  /^(instance|compute_task|compute)\./.test(event_type) &&
  event_type !== 'instance.update'
