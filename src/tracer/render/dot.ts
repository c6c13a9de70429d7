// The calls of a trace as a Graphviz digraph: `faultline trace ID --dot | dot -Tsvg`. The failed path is red; solid
// edges were proven, dashed ones inferred.
import type { Trace, TraceCall } from '../../model/trace.ts'
import { mapTexts, visible } from './neutral.ts'
import { between, offset, outcomeWords, startOf, subject } from './words.ts'

const red = '#b3261e'
const amber = '#8a6100'
/** Longer texts make boxes nobody can read. */
const lettersMax = 80

export function renderDot(trace: Trace): string {
  const shown = mapTexts(trace, visible)
  const start = startOf(shown)
  // Ids of calls come from whoever made the record: nodes get names of our own.
  const names = new Map(shown.calls.map((call, at) => [call.id, `c${at + 1}`]))
  const lines = [
    'digraph trace {',
    `  graph [label=${quoted(`${outcomeWords[shown.verdict.outcome]}: ${subject(shown)}`, shown.verdict.sentence)}, labelloc=t, rankdir=LR, fontname="sans-serif"];`,
    '  node [shape=box, style=rounded, fontname="sans-serif", fontsize=11];',
    '  edge [fontname="sans-serif", fontsize=9];',
    ...shown.calls.map(call => `  ${names.get(call.id)} [${node(call, start)}];`),
    ...shown.calls.flatMap(call => {
      const from = call.parent === null ? undefined : names.get(call.parent)
      return from === undefined ? [] : [`  ${from} -> ${names.get(call.id)} [${edge(call)}];`]
    }),
    '}',
  ]
  return `${lines.join('\n')}\n`
}

function node(call: TraceCall, start: number | null): string {
  const where = call.host === null || call.host === '' ? call.service : `${call.service} on ${call.host}`
  const status = call.status === null ? (call.isFailed ? 'error' : '') : String(call.status)
  const times = [status, offset(call.startedAt, start), between(call.startedAt, call.endedAt)]
  const label = quoted(where, call.operation, times.filter(part => part !== '').join(', '))
  if (call.isFailed || call.isOnFailedPath)
    return `label=${label}, color="${red}", fontcolor="${red}", penwidth=2`
  return call.edge === 'orphan'
    ? `label=${label}, color="${amber}", style="rounded,dotted"`
    : `label=${label}`
}

function edge(call: TraceCall): string {
  const style = call.edge === 'proven' ? 'solid' : 'dashed'
  const colour = call.isOnFailedPath ? `, color="${red}", penwidth=2` : ''
  return `style=${style}${colour}${call.proof === null || call.proof === '' ? '' : `, tooltip=${quoted(call.proof)}`}`
}

/** Lines of a label. A backslash would begin an escape of Graphviz's own (`\N`), a quote would end the text. */
const quoted = (...lines: readonly string[]): string =>
  `"${lines
    .filter(line => line !== '')
    .map(line => shortened(line).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n'))
    .join('\\n')}"`

function shortened(line: string): string {
  const letters = [...line]
  return letters.length <= lettersMax ? line : `${letters.slice(0, lettersMax - 1).join('')}…`
}
