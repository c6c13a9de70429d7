// Operations that stop dead at a chosen point: every transaction, call to a host and call to another service is a point,
// and from the chosen one on nothing of the operation reaches anything, as if the process had been killed there. Each
// request names its own point (a header), so that one cloud can be stopped at many points at once.
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import type { ConductorWrap } from '../../src/main/cloud.ts'

export const crashHeader = 'x-crash-at'

/** One request's way to its crash. */
export interface Course {
  /** Points it may pass yet. */
  left: number
  /** Points it has passed. */
  passed: number
}

export interface Crashes {
  readonly wrap: ConductorWrap
  /** Courses of requests so far, by what they named. */
  readonly courses: ReadonlyMap<string, Course>
  stop(): void
}

/** The process is dead for this operation. */
class Dead extends Error {
  override readonly name = 'Dead'
}

/** Listens to requests until `stop`; the name of a course is the header's value, `<points>` or `<points> <anything>`. */
export function crashes(): Crashes {
  const courses = new Map<string, Course>()
  const storage = new AsyncLocalStorage<Course | undefined>()
  const onRequest = (message: unknown): void => {
    const { request } = message as { readonly request: IncomingMessage } // Node's documented message
    const name = request.headers[crashHeader]
    const course = typeof name === 'string' ? { left: Number.parseInt(name, 10), passed: 0 } : undefined
    if (typeof name === 'string' && course) courses.set(name, course)
    storage.enterWith(course)
  }
  subscribe('http.server.request.start', onRequest)

  async function pass<R>(run: () => Promise<R>): Promise<R> {
    const course = storage.getStore()
    if (!course) return run()
    if (course.left <= 0) throw new Dead('the process has died')
    course.left -= 1
    course.passed += 1
    return run()
  }

  return {
    courses,
    wrap: {
      store: store => ({
        ...store,
        transaction: work => pass(() => store.transaction(work)),
        accept: work => pass(() => store.accept(work)),
      }),
      bus: bus => ({ ...bus, call: (topic, message) => pass(() => bus.call(topic, message)) }),
      client: client => ({ call: (service, request) => pass(() => client.call(service, request)) }),
    },
    stop: () => unsubscribe('http.server.request.start', onRequest),
  }
}
