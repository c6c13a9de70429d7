// A trace as text for a terminal: the verdict first, then what it rests on. Ten seconds are meant to be enough.
import type { Trace } from '../../model/trace.ts'
import { mapTexts, visible, visibleAscii } from './neutral.ts'
import { writeCalls } from './terminal/calls.ts'
import { writeEvents } from './terminal/events.ts'
import { writeGaps } from './terminal/gaps.ts'
import { writeLogs } from './terminal/logs.ts'
import { Paper, type PaperOptions } from './terminal/paper.ts'
import { writePlacement } from './terminal/placement.ts'
import { writeVerdict } from './terminal/verdict.ts'
import { startOf } from './words.ts'

export interface TerminalOptions extends PaperOptions {
  /** Everything: whole tracebacks, all log lines, every host and every call. */
  readonly full: boolean
}

/** What the sections share. */
export interface View {
  readonly paper: Paper
  readonly trace: Trace
  readonly full: boolean
  /** Where offsets count from. */
  readonly start: number | null
  /** Ids that are never shortened. */
  readonly keep: ReadonlySet<string>
}

/** The text, ending in a newline. Nothing a log says reaches the terminal as anything but letters. */
export function renderTerminal(trace: Trace, options: TerminalOptions): string {
  const shown = inLines(mapTexts(trace, options.isUtf8 ? visible : visibleAscii))
  const { request, handle } = shown
  const paper = new Paper(options)
  const view: View = {
    paper,
    trace: shown,
    full: options.full,
    start: startOf(shown),
    keep: new Set([request.localId, request.globalId, handle].flatMap(id => id?.toLowerCase() ?? [])),
  }
  writeVerdict(view)
  writeCalls(view)
  writeEvents(view)
  writePlacement(view)
  writeLogs(view)
  writeGaps(view)
  return paper.text()
}

const flat = (text: string): string => text.replaceAll('\n', ' ')

/** What stands in columns stands in one line, whatever is in it; sentences, messages and details keep their lines. */
const inLines = (trace: Trace): Trace => ({
  ...trace,
  calls: mapTexts(trace.calls, flat),
  action: trace.action && {
    ...trace.action,
    events: trace.action.events.map(event => ({
      ...event,
      name: flat(event.name),
      host: event.host && flat(event.host),
    })),
  },
  placement: mapTexts(trace.placement, flat),
  logs: trace.logs.map(log => ({ ...log, level: log.level && flat(log.level) })),
})
