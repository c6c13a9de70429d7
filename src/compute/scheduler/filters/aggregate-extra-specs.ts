// Extra specs against the metadata of the host's aggregates: bare keys, and `aggregate_instance_extra_specs:key`. A
// metadata value may list several, separated by commas. Off by default.
import { matches } from '../../../model/extra-spec-operators.ts'
import { cause, type Filter } from './filter.ts'

const namespace = 'aggregate_instance_extra_specs'

export const aggregateExtraSpecs: Filter = {
  name: 'AggregateInstanceExtraSpecsFilter',
  stage: 'filter',
  prepare({ request }) {
    const asked = Object.entries(request.flavor.extraSpecs)
      .map(([key, wanted]) => ({ key, path: key.split(':'), wanted }))
      .filter(({ path }) => path.length === 1 || path[0] === namespace)
      .map(({ key, path, wanted }) => ({ key, name: path.at(-1) ?? '', wanted }))
    if (asked.length === 0) return null
    return host => {
      const refused = asked.find(
        ({ name, wanted }) =>
          !host.aggregates.some(({ metadata }) =>
            metadata[name]?.split(',').some(value => matches(value.trim(), wanted)),
          ),
      )
      return refused === undefined
        ? null
        : cause(
            'AggregateInstanceExtraSpecsFilter',
            'NoHost.AggregateExtraSpecs',
            `is in no aggregate with ${refused.key} = ${refused.wanted}`,
          )
    }
  },
}
