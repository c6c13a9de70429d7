// The events of the action: what was done for the request, what is being done, and what that waits for.
import { displayWidth } from '../../../base/width.ts'
import type { TraceEvent } from '../../../model/trace.ts'
import { lastFrames, triedAgain } from '../digest.ts'
import type { View } from '../terminal.ts'
import { between, offset } from '../words.ts'
import { fit, padEnd, padStart } from './fit.ts'
import { type Sign, type Style, styled } from './paper.ts'

interface Row {
  readonly event: TraceEvent
  readonly name: string
  /** `on host-1`; empty when nobody says. */
  readonly host: string
  readonly result: string
  readonly start: string
  readonly took: string
}

export function writeEvents(view: View): void {
  const { paper, trace } = view
  const { action } = trace
  if (!action || action.events.length === 0) return
  const again = triedAgain(trace)
  const rows = action.events.map(
    (event): Row => ({
      event,
      name: again.has(event.name) ? `${event.name} (attempt ${event.attempt})` : event.name,
      host: event.host === null || event.host === '' ? '' : ` on ${event.host}`,
      result: event.result ?? 'pending',
      start: offset(event.startedAt, view.start),
      took: between(event.startedAt, event.finishedAt),
    }),
  )
  const widest = (of: (row: Row) => string) => Math.max(...rows.map(row => displayWidth(of(row))))
  const columns = {
    result: widest(row => row.result),
    start: widest(row => row.start),
    took: widest(row => row.took),
  }
  const room = paper.width - 2 - columns.result - columns.start - columns.took - 6
  // A host that does not fit beside the name goes below it.
  const both = (row: Row) => row.name + row.host
  const nameWidth = Math.min(
    room,
    widest(row => (displayWidth(both(row)) > room ? row.name : both(row))),
  )
  paper.heading(`Events of ${action.name}`, 'start, duration')
  for (const row of rows) {
    const { sign, style } = lookOf(row.event)
    const isBeside = paper.isEndless || displayWidth(row.name + row.host) <= nameWidth
    const name = isBeside
      ? row.name + row.host
      : fit(row.name, { max: nameWidth, keep: view.keep, more: paper.sign('more') })
    paper.line(
      styled(`${paper.sign(sign)} `, style),
      styled(padEnd(name, nameWidth), style),
      '  ',
      styled(padEnd(row.result, columns.result), style),
      '  ',
      padStart(row.start, columns.start),
      '  ',
      padStart(row.took, columns.took),
    )
    if (!isBeside && row.host !== '') paper.paragraph(['   '], row.host)
    writeDetails(view, row.event)
  }
}

function lookOf(event: TraceEvent): { readonly sign: Sign; readonly style: Style | undefined } {
  if (event.result === 'Error') return { sign: 'failed', style: 'bad' }
  if (event.result === 'Success') return { sign: 'succeeded', style: undefined }
  return { sign: 'pending', style: 'open' }
}

function writeDetails(view: View, event: TraceEvent): void {
  const { paper, trace } = view
  if (event.waitsFor !== null && event.waitsFor !== '')
    paper.paragraph(['    ', styled('waits for ', 'open')], event.waitsFor)
  const isSaid = !view.full && event.details !== null && trace.verdict.sentence.includes(event.details)
  if (event.details !== null && event.details !== '' && !isSaid) paper.paragraph(['    '], event.details)
  for (const line of lastFrames(event.traceback, view.full))
    paper.paragraph(['    ', styled(paper.sign('quote'), 'dim')], line, 'dim')
}
