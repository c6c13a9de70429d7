// The call tree of the page: a row for each call, with a bar for when it was made and how long it took.
import type { Trace } from '../../../model/trace.ts'
import { type CallNode, callTree } from '../tree.ts'
import { between, ms, offset, placeOf } from '../words.ts'
import { html, type Markup, none, when } from './markup.ts'

const deepest = 8

export function callsSection(trace: Trace, start: number | null): Markup {
  if (trace.calls.length === 0) return none
  const ends = trace.calls.flatMap(call => ms(call.endedAt) ?? ms(call.startedAt) ?? [])
  const scale: Scale = { start, end: ends.reduce((most, at) => Math.max(most, at), start ?? 0) }
  const rows = callTree(trace.calls, { fold: true }).flatMap(node => rowsOf(node, 0, scale))
  return html`<section class="long"><h2>Calls</h2><table class="calls stack">
<thead><tr><th>Who, what</th><th class="short">Status</th><th class="number">Start</th><th class="number">Took</th><th class="bar"></th></tr></thead>
<tbody>${rows}</tbody></table>
${when(
  trace.calls.some(call => call.edge === 'inferred' || call.edge === 'orphan'),
  () =>
    html`<p class="dim">Dashed: placed by time and ids, no line proves who called. Dotted: it belongs to the request, and nothing says who called.</p>`,
)}</section>`
}

interface Scale {
  readonly start: number | null
  readonly end: number
}

function rowsOf(node: CallNode, depth: number, scale: Scale): readonly Markup[] {
  const { call, times, children } = node
  const isBad = call.isFailed || call.isOnFailedPath
  const status = call.status === null ? (call.isFailed ? 'error' : '') : String(call.status)
  const title = [call.localId, call.proof].filter(part => part !== null && part !== '').join(', ')
  const own = html`<tr class="${isBad ? 'path' : ''}"><td class="wide"><span class="call ${call.edge} d${Math.min(depth, deepest)}" title="${title}">${isBad ? html`<span class="bad">✗</span> ` : call.edge === 'orphan' ? html`<span class="open">?</span> ` : none}<strong>${placeOf(call)}</strong> <span class="mono">${call.operation}</span>${times > 1 ? ` ×${times}` : ''}${call.edge === 'inferred' ? html` <span class="dim">(inferred)</span>` : none}</span></td>
<td class="short${isBad ? ' bad' : ''}">${status}</td><td class="number">${offset(call.startedAt, scale.start)}</td><td class="number" data-name="took">${between(call.startedAt, node.endedAt)}</td><td class="bar">${bar(node, scale)}</td></tr>
`
  return [own, ...children.flatMap(child => rowsOf(child, depth + 1, scale))]
}

function bar({ call, endedAt }: CallNode, { start, end }: Scale): Markup {
  const from = ms(call.startedAt)
  if (from === null || start === null || end <= start) return none
  const share = (at: number) => Math.min(100, Math.max(0, ((at - start) / (end - start)) * 100))
  const x = share(from)
  const width = Math.max(1, share(ms(endedAt) ?? from) - x)
  return html`<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect x="${Math.min(x, 99).toFixed(2)}" y="2" width="${width.toFixed(2)}" height="6"/></svg>`
}
