// Asking a host from the API, while the caller waits: console text, a password.
import { fault } from '../model/errors.ts'
import { NoConsumer } from '../platform/bus/bus.ts'
import { contextOf } from './accept.ts'
import type { ComputeCall } from './api/call.ts'
import { type Failure, failureKey, HostError, readFailures } from './failures.ts'
import { type HostAnswer, type HostCallName, type HostCalls, hostTopic } from './messages.ts'
import { flavorOf, metadataOf, type ServerRow } from './store/servers.ts'

export async function askHost<Name extends HostCallName>(
  call: ComputeCall,
  host: string,
  server: ServerRow,
  name: Name,
  args: HostCalls[Name]['args'],
): Promise<HostCalls[Name]['result']> {
  let answer: HostAnswer<Name>
  try {
    answer = (await call.deps.bus.call(hostTopic(host), {
      call: name,
      server: server.id,
      args,
      context: contextOf(call),
      fail: failureAt(server, name),
    })) as HostAnswer<Name> // agents answer by messages.ts
  } catch (cause) {
    if (cause instanceof NoConsumer) throw fault('HostServiceDown', {}, { cause })
    throw cause
  }
  if ('result' in answer) return answer.result
  if (answer.error.name === 'InstanceNotFound') throw fault('ServerNotReady', { server: server.id })
  throw new HostError(answer.error.name, answer.error.message, answer.error)
}

/** What `faultline:fail` asks for; a synchronous call is a first try each time. */
const failureAt = (server: ServerRow, point: string): Failure | null =>
  readFailures(metadataOf(server)[failureKey], flavorOf(server).extraSpecs[failureKey]).find(
    failure => failure.point === point,
  ) ?? null
