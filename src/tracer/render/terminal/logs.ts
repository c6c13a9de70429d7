// The few log lines that matter, or all of them.
import type { TraceLog } from '../../../model/trace.ts'
import { lastFrames, linesThatMatter } from '../digest.ts'
import type { View } from '../terminal.ts'
import { placeOf, plural, timeOfDay } from '../words.ts'
import { cutMiddle, padEnd } from './fit.ts'
import { type Style, styled } from './paper.ts'

const linesShown = 8
const lettersShown = 600

export function writeLogs(view: View): void {
  const { paper, trace } = view
  if (trace.logs.length === 0) return
  const chosen = linesThatMatter(trace, linesShown)
  const lines = view.full ? trace.logs : chosen.lines
  const title = view.full ? 'Logs' : chosen.isGuess ? 'Warnings and errors' : 'Log lines that matter'
  const left = trace.logs.length - lines.length
  if (lines.length === 0) {
    paper.heading('Logs')
    paper.paragraph(
      ['  '],
      `${plural(left, 'line')}, none of them a warning or an error; --full shows them.`,
      'dim',
    )
    return
  }
  paper.heading(title, left > 0 ? `${left} more with --full` : '')
  for (const log of lines) writeLine(view, log)
}

const levels: Readonly<Record<string, Style>> = { WARNING: 'open', ERROR: 'bad', CRITICAL: 'worst' }

function writeLine(view: View, log: TraceLog): void {
  const { paper } = view
  const repeated = log.repeated > 1 ? `  (${log.repeated} times)` : ''
  paper.paragraph(
    [
      styled(`  ${timeOfDay(log.at) || 'no time'.padEnd(12)} `, 'dim'),
      styled(`${padEnd(cutMiddle(log.level ?? '-', 8, '..'), 8)} `, levels[log.level ?? '']),
    ],
    `${placeOf(log)}${repeated}`,
    'strong',
  )
  const message =
    view.full || log.message.length <= lettersShown
      ? log.message
      : `${[...log.message].slice(0, lettersShown).join('')} ${paper.sign('more')}`
  paper.paragraph(['      '], message)
  for (const line of lastFrames(log.traceback, view.full))
    paper.paragraph(['      ', styled(paper.sign('quote'), 'dim')], line, 'dim')
  if (view.full && log.file !== null)
    paper.paragraph(['      '], log.offset === null ? log.file : `${log.file}, byte ${log.offset}`, 'dim')
}
