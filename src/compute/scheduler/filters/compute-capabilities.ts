// Extra specs `capabilities:a:b` against what the host says of itself. A key without a namespace counts only when the
// host has a capability of that name (nova/scheduler/filters/compute_capabilities_filter.py).
import { isObject, type Json } from '../../../base/json.ts'
import { matches } from '../../../model/extra-spec-operators.ts'
import { cause, type Filter } from './filter.ts'

export const computeCapabilities: Filter = {
  name: 'ComputeCapabilitiesFilter',
  stage: 'filter',
  prepare({ request }) {
    const asked = Object.entries(request.flavor.extraSpecs)
      .map(([key, wanted]) => ({ key, path: key.split(':'), wanted }))
      .filter(({ path }) => path.length === 1 || path[0] === 'capabilities')
    if (asked.length === 0) return null
    return host => {
      for (const { key, path, wanted } of asked) {
        const isScoped = path.length > 1
        const value = at(host.capabilities, isScoped ? path.slice(1) : path)
        if (value === undefined && !isScoped) continue
        if (value === undefined || value === null || !matches(text(value), wanted))
          return cause(
            'ComputeCapabilitiesFilter',
            'NoHost.Capability',
            `does not match the extra spec ${key} = ${wanted}`,
          )
      }
      return null
    }
  },
}

function at(capabilities: Readonly<Record<string, Json>>, path: readonly string[]): Json | undefined {
  let found: Json | undefined = capabilities
  for (const name of path) {
    if (!isObject(found) || !Object.hasOwn(found, name)) return undefined
    found = (found as Readonly<Record<string, Json>>)[name] // an object, checked above
  }
  return found
}

const text = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value))
