// Resource classes beside the usual three, which only `resources:CLASS` extra specs ask for.
import { lacking } from './amount.ts'
import type { Filter } from './filter.ts'

const usual: readonly string[] = ['VCPU', 'MEMORY_MB', 'DISK_GB']

export const otherResources: Filter = {
  name: 'OtherResources',
  stage: 'placement',
  prepare({ needs }) {
    const asked = [...needs]
      .filter(([name]) => !usual.includes(name))
      .map(([name, need]) => ({ name, need, words: wordsFor(name) }))
    if (asked.length === 0) return null
    return host => {
      for (const { name, need, words } of asked) {
        const refusal = lacking(host.otherResources?.[name], need, words)
        if (refusal) return refusal
      }
      return null
    }
  },
}

const wordsFor = (name: string) =>
  ({
    filter: 'OtherResources',
    label: name,
    unit: name,
    tooSmall: 'NoHost.HostTooSmall.Other',
    tooFull: 'NoHost.Capacity.Other',
  }) as const
