// Traits the flavor (`trait:NAME` = required or forbidden) and the image (required) ask of the host.
import { cause, type Filter } from './filter.ts'

export const traits: Filter = {
  name: 'Traits',
  stage: 'placement',
  prepare({ request }) {
    const required = [
      ...named(request.flavor.extraSpecs, 'required'),
      ...named(request.image?.properties ?? {}, 'required'),
    ]
    const forbidden = named(request.flavor.extraSpecs, 'forbidden')
    if (required.length === 0 && forbidden.length === 0) return null
    return host => {
      const missing = required.find(trait => !host.traits.includes(trait))
      if (missing !== undefined) return cause('Traits', 'NoHost.Trait', `lacks the trait ${missing}`)
      const unwanted = forbidden.find(trait => host.traits.includes(trait))
      return unwanted === undefined
        ? null
        : cause('Traits', 'NoHost.Trait', `has the forbidden trait ${unwanted}`)
    }
  },
}

const prefix = 'trait:'

const named = (specs: Readonly<Record<string, string>>, wanted: string): string[] =>
  Object.entries(specs)
    .filter(([key, value]) => key.startsWith(prefix) && value === wanted)
    .map(([key]) => key.slice(prefix.length))
