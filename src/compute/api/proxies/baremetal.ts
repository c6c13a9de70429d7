// /os-baremetal-nodes, up to 2.35: Nova's proxy to Ironic. Without Ironic's client it can do nothing; what changes nodes
// it never did (nova/api/openstack/compute/baremetal_nodes.py).
import { fault } from '../../../model/errors.ts'
import type { PolicyRule } from '../../../model/policies.ts'
import { actionOf } from '../actions.ts'
import type { ComputeCall, ComputeHandler } from '../call.ts'

const unsupported =
  (rule: PolicyRule): ComputeHandler =>
  (call: ComputeCall) => {
    call.enforce(rule)
    throw fault('FeatureNotSupported')
  }

const useIronic =
  (command: string): ComputeHandler =>
  () => {
    throw fault('BareMetalCommand', { command })
  }

export const listNodes = unsupported('os_compute_api:os-baremetal-nodes:list')
export const showNode = unsupported('os_compute_api:os-baremetal-nodes:show')
export const createNode = useIronic('node-create')
export const removeNode = useIronic('node-delete')
export const actOnNode = actionOf({
  add_interface: { body: {}, handler: useIronic('port-create') },
  remove_interface: { body: {}, handler: useIronic('port-delete') },
})
