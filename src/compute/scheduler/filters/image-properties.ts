// What the image says it needs to run on: architecture, hypervisor and its version, virtual machine mode
// (nova/scheduler/filters/image_props_filter.py). Old property names are read as the new ones.
import type { HostState } from '../snapshot.ts'
import { cause, type Filter } from './filter.ts'

const names = {
  architecture: ['hw_architecture', 'architecture'],
  hypervisorType: ['img_hv_type', 'hypervisor_type'],
  vmMode: ['hw_vm_mode', 'vm_mode'],
  version: ['img_hv_requested_version', 'hypervisor_version_requires'],
} as const

export const imageProperties: Filter = {
  name: 'ImagePropertiesFilter',
  stage: 'filter',
  onRebuild: true,
  prepare({ request }) {
    const properties = request.image?.properties ?? {}
    const read = (keys: readonly string[]) => keys.map(key => properties[key]).find(value => value)
    const architecture = read(names.architecture)?.toLowerCase()
    const hypervisorType = read(names.hypervisorType)?.toLowerCase()
    const vmMode = read(names.vmMode)?.toLowerCase()
    const version = read(names.version)
    if (!architecture && !hypervisorType && !vmMode && !version) return null
    const kind = [architecture, hypervisorType, vmMode].filter(part => part).join(' ')
    const wrongKind = cause('ImagePropertiesFilter', 'NoHost.ImageProperties', `cannot run ${kind} machines`)
    const wrongVersion = cause(
      'ImagePropertiesFilter',
      'NoHost.ImageProperties',
      `does not have hypervisor version ${version}`,
    )
    return host => {
      const runs = host.machines.some(
        machine =>
          (!architecture || machine.architecture.toLowerCase() === architecture) &&
          (!hypervisorType || machine.hypervisorType.toLowerCase() === hypervisorType) &&
          (!vmMode || machine.vmMode.toLowerCase() === vmMode),
      )
      if (kind !== '' && !runs) return wrongKind
      return version && !hasVersion(host, version) ? wrongVersion : null
    }
  },
}

// `>=6.0,<8.0`: all must hold (distutils' VersionPredicate). What cannot be read holds for no host.
const hasVersion = (host: HostState, wanted: string): boolean =>
  wanted.split(',').every(part => {
    const match = /^\s*(<=|>=|==|!=|<|>)\s*(\d+(?:\.\d+){0,2})\s*$/.exec(part)
    if (!match) return false
    const [, operator, text = ''] = match
    const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number)
    const difference = host.hypervisorVersion - (major * 1_000_000 + minor * 1_000 + patch)
    switch (operator) {
      case '<':
        return difference < 0
      case '<=':
        return difference <= 0
      case '>':
        return difference > 0
      case '>=':
        return difference >= 0
      case '==':
        return difference === 0
      default:
        return difference !== 0
    }
  })
