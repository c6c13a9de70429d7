// The parts of the page but the calls and the hosts, in the words of the terminal's view.
import type { FoundCause, Trace, TraceEvent, TraceLog } from '../../../model/trace.ts'
import { linesThatMatter, triedAgain } from '../digest.ts'
import {
  between,
  dayAndTime,
  faultWords,
  offset,
  outcomeWords,
  placeOf,
  plural,
  subject,
  timeOfDay,
} from '../words.ts'
import { html, type Markup, none, when } from './markup.ts'

const row = (name: string, value: string | Markup | null): Markup =>
  value === null || value === '' ? none : html`<dt>${name}</dt><dd>${value}</dd>`
const code = (text: string): Markup => html`<code>${text}</code>`

export function verdictSection(trace: Trace): Markup {
  const { verdict, request, server, action } = trace
  const { cause } = verdict
  const id = request.localId ?? action?.requestId ?? null
  const took = between(request.startedAt, request.endedAt)
  const asked = [request.method, request.path].filter(part => part !== null).join(' ')
  return html`<section class="verdict is-${verdict.outcome}">
<div><span class="word ${verdict.outcome}">${outcomeWords[verdict.outcome]}</span>
<h1>${subject(trace)}</h1></div>
<p class="sentence">${verdict.sentence}</p>
<dl>
${cause ? html`${row('Cause', code(cause.code))}${row('Found', verdict.sentence.includes(cause.found) ? null : cause.found)}${row('Whose fault', faultWords[cause.fault])}` : none}
${row(verdict.outcome === 'running' ? 'Doing' : 'Step', verdict.step)}
${row('What to do', verdict.next)}
${verdict.also.map(alsoRow)}
</dl>
<dl>
${id === null ? none : row('Request', code(id))}
${request.globalId === null || request.globalId === id ? none : row('Global id', code(request.globalId))}
${asked === '' ? none : row('Asked', html`<code>${asked}</code>${request.status === null ? '' : ` → ${request.status}`}`)}
${server ? row('Server', html`${server.name ?? ''} <code>${server.id}</code>`) : none}
${row('User', request.userId)}
${row('Project', request.projectId)}
${row('Time', dayAndTime(request.startedAt) + (took === '' ? '' : `, ${took} until the last that was seen of it`))}
</dl>
${when(verdict.evidence.length > 0, () => html`<details><summary>What the verdict rests on</summary><ul>${verdict.evidence.map(seen => html`<li>${seen}</li>`)}</ul></details>`)}
</section>`
}

const alsoRow = (cause: FoundCause): Markup =>
  row('Also', html`<code>${cause.code}</code> ${cause.found || cause.sentence}`)

export function eventsSection(trace: Trace, start: number | null): Markup {
  const { action } = trace
  if (!action || action.events.length === 0) return none
  const again = triedAgain(trace)
  return html`<section><h2>Events of ${action.name}</h2><table class="stack">
<thead><tr><th>Event</th><th class="short">Result</th><th class="number">Start</th><th class="number">Took</th></tr></thead>
<tbody>${action.events.map(event => eventRow(event, start, again.has(event.name)))}</tbody></table></section>`
}

function eventRow(event: TraceEvent, start: number | null, isNumbered: boolean): Markup {
  const look = event.result === 'Error' ? 'bad' : event.result === 'Success' ? 'good' : 'open'
  const sign = event.result === 'Error' ? '✗' : event.result === 'Success' ? '✓' : '…'
  const where = event.host === null || event.host === '' ? '' : ` on ${event.host}`
  return html`<tr><td class="wide"><span class="mono">${event.name}</span>${isNumbered ? ` (attempt ${event.attempt})` : ''}<span class="dim">${where}</span>
${event.waitsFor === null || event.waitsFor === '' ? none : html`<p class="open">waits for ${event.waitsFor}</p>`}
${event.details === null || event.details === '' ? none : html`<p>${event.details}</p>`}
${traceback(event.traceback)}</td>
<td class="short ${look}">${sign} ${event.result ?? 'pending'}</td><td class="number">${offset(event.startedAt, start)}</td><td class="number" data-name="took">${between(event.startedAt, event.finishedAt)}</td></tr>`
}

const traceback = (lines: readonly string[]): Markup =>
  when(
    lines.length > 0,
    () =>
      html`<details><summary>${plural(lines.length, 'line')} of traceback: ${lines.at(-1) ?? ''}</summary><pre>${lines.join('\n')}</pre></details>`,
  )

export function logsSections(trace: Trace): Markup {
  if (trace.logs.length === 0) return none
  const { lines, isGuess } = linesThatMatter(trace, trace.logs.length)
  const rest = trace.logs.filter(log => !lines.includes(log))
  return html`<section class="long"><h2>${isGuess ? 'Warnings and errors' : 'Log lines that matter'}</h2>
${lines.length === 0 ? html`<p class="dim">None.</p>` : lines.map(logLine)}
${when(rest.length > 0, () => html`<details><summary>${plural(rest.length, 'other line')}</summary>${rest.map(logLine)}</details>`)}
</section>`
}

const levels: Readonly<Record<string, string>> = { WARNING: 'open', ERROR: 'bad', CRITICAL: 'bad' }

const logLine = (
  log: TraceLog,
): Markup => html`<div class="log"><div><span class="mono dim">${timeOfDay(log.at)}</span>
<strong class="${levels[log.level ?? ''] ?? ''}">${log.level ?? ''}</strong> ${placeOf(log)}${log.repeated > 1 ? ` (${log.repeated} times)` : ''}</div>
<p class="mono">${log.message}</p>${traceback(log.traceback)}</div>
`

export const gapsSection = (trace: Trace): Markup =>
  when(
    trace.gaps.length > 0,
    () =>
      html`<section><h2>What is missing</h2><ul>${trace.gaps.map(gap => html`<li>${gap.text}</li>`)}</ul></section>`,
  )
