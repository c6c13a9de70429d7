// Asking a host from the API, while the caller waits: console text, a password.
import { fault } from '../model/errors.ts'
import { NoConsumer } from '../platform/bus/bus.ts'
import { contextOf } from './accept.ts'
import type { ComputeCall } from './api/call.ts'
import { HostError } from './failures.ts'
import { type HostAnswer, type HostCallName, type HostCalls, hostTopic } from './messages.ts'

export async function askHost<Name extends HostCallName>(
  call: ComputeCall,
  host: string,
  server: string,
  name: Name,
  args: HostCalls[Name]['args'],
): Promise<HostCalls[Name]['result']> {
  let answer: HostAnswer<Name>
  try {
    answer = (await call.deps.bus.call(hostTopic(host), {
      call: name,
      server,
      args,
      context: contextOf(call),
      fail: null,
    })) as HostAnswer<Name> // agents answer by messages.ts
  } catch (cause) {
    if (cause instanceof NoConsumer) throw fault('HostServiceDown', {}, { cause })
    throw cause
  }
  if ('result' in answer) return answer.result
  if (answer.error.name === 'InstanceNotFound') throw fault('ServerNotReady', { server })
  throw new HostError(answer.error.name, answer.error.message, answer.error)
}
