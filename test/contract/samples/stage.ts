// A whole cloud, and the states samples need it in: each prepared once, or anew where its use changes it. States are
// made of each other, over HTTP as anybody would.
import assert from 'node:assert/strict'
import { type Account, startTestCloud, type TestCloud, type TestCloudOptions } from '../../support/cloud.ts'
import type { Answer } from '../../support/one-service.ts'
import { liftQuotas } from '../../support/quotas.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
type Json = any

export interface StageAsk {
  readonly as?: Account
  readonly body?: unknown
  readonly minor?: number
}

export interface Stage extends AsyncDisposable {
  readonly cloud: TestCloud
  /** A name nobody had before. */
  fresh(start: string): string
  /** What `make` made the first time it was asked for under this name. */
  once<Made>(name: string, make: () => Promise<Made>): Promise<Made>
  /** A request that must succeed, as administrator when not told; its answer's body. Waits for what it started. */
  ask(method: string, path: string, ask?: StageAsk): Promise<Json>
  act(id: string, body: object, ask?: StageAsk): Promise<Json>
}

/** Where no server is: its service is switched off. */
export const quietHost = 'host-5'

export async function openStage(options: TestCloudOptions = {}): Promise<Stage> {
  const cloud = await startTestCloud({ hosts: 5, ...options })
  await liftQuotas(cloud)
  const made = new Map<string, Promise<unknown>>()
  let names = 0
  const stage: Stage = {
    cloud,
    fresh(start) {
      names += 1
      return `${start}-${names}`
    },
    once<Made>(name: string, make: () => Promise<Made>) {
      const known = made.get(name) ?? make()
      made.set(name, known)
      return known as Promise<Made> // under this name nothing else is made
    },
    async ask(method, path, { as = 'admin', body, minor } = {}) {
      const version = minor === undefined ? 'latest' : `2.${minor}`
      const answer = await cloud.ask(method, path, { as, body, version })
      assert.ok(isDone(answer), `to prepare: ${method} ${path} answered ${answer.status}: ${answer.text}`)
      await cloud.settled()
      return answer.body
    },
    act: (id, body, ask) => stage.ask('POST', `/servers/${id}/action`, { ...ask, body }),
    [Symbol.asyncDispose]: () => cloud.close(),
  }
  const [service] = (await stage.ask('GET', `/os-services?host=${quietHost}&binary=nova-compute`)).services
  // Clouds of fewer hosts have none to spare.
  if (service) await stage.ask('PUT', `/os-services/${service.id}`, { body: { status: 'disabled' } })
  return stage
}

const isDone = ({ status }: Answer) => status >= 200 && status < 300
