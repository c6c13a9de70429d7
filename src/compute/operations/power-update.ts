// Somebody outside says that a machine was powered on or off: its server follows, when the host finds it so
// (nova/compute/manager.py, power_update).
import { assert } from '../../base/assert.ts'
import { powerStates } from '../../model/server-states.ts'
import { ExplainedError } from '../errors.ts'
import { revertTask } from './failing.ts'
import { operation, step } from './operation.ts'
import { tell } from './tell.ts'

export interface PowerUpdateArgs {
  readonly target: 'POWER_ON' | 'POWER_OFF'
}

const targets = {
  POWER_ON: { power: powerStates.RUNNING, vm: 'active', notification: 'power_on' },
  POWER_OFF: { power: powerStates.SHUTDOWN, vm: 'stopped', notification: 'power_off' },
} as const

export const powerUpdate = operation<PowerUpdateArgs, object>({
  kind: 'powerUpdate',
  withoutTask: true,
  steps: [
    step('follow', {
      event: 'compute_power_update',
      at: 'host',
      async run(work) {
        const { host, vm_state } = work.server
        assert(host, 'an admitted server has a host')
        const { power, vm, notification } = targets[work.args.target]
        const seen = await work.onHost(host, 'power', null)
        if (seen !== power) {
          const reason = `The machine is not as ${work.args.target} says.`
          throw new ExplainedError('InstancePowerUpdateFailed', reason, { admin: reason, owner: reason })
        }
        tell(work, notification, 'start', host)
        // Paused, rescued and their like are states of their own.
        const follows = vm_state === 'active' || vm_state === 'stopped'
        await work.complete({ power_state: seen, ...(follows ? { vm_state: vm } : {}) })
        tell(work, notification, 'end', host)
      },
    }),
  ],
  failed: revertTask,
})
