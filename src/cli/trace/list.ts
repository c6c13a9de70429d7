// `--list`: recent requests, newest first, with what became of them.
import { displayWidth } from '../../base/width.ts'
import type { Summary } from '../../model/trace.ts'
import { mapTexts, visible, visibleAscii } from '../../tracer/render/neutral.ts'
import { cutMiddle, padEnd } from '../../tracer/render/terminal/fit.ts'
import { Paper, type Style, styled } from '../../tracer/render/terminal/paper.ts'
import { dayAndTime } from '../../tracer/render/words.ts'
import type { Io } from '../io.ts'

const styles: Readonly<Record<Summary['outcome'], Style | undefined>> = {
  succeeded: 'good',
  failed: 'bad',
  lost: 'bad',
  running: 'open',
  unknown: undefined,
}

/** A request takes two lines on a narrow terminal: its id is never cut. */
export function listText(io: Io, summaries: readonly Summary[]): string {
  const paper = new Paper({ width: io.columns, colour: io.colour, isUtf8: io.isUtf8 })
  if (summaries.length === 0) return 'No requests are known.\n'
  for (const one of mapTexts(summaries, io.isUtf8 ? visible : visibleAscii)) {
    const style = styles[one.outcome]
    const head = [
      padEnd(dayAndTime(one.at).replace(/\.\d{3} UTC$/, ''), 19),
      '  ',
      styled(padEnd(one.outcome, 9), style),
      '  ',
      one.requestId,
    ]
    const about = `${one.what}${one.cause === null ? '' : `  ${one.cause}`}`.replaceAll('\n', ' ')
    const used = 19 + 2 + 9 + 2 + displayWidth(one.requestId) + 2
    const more = paper.sign('more')
    if (paper.isEndless) paper.line(...head, '  ', about)
    else if (paper.width - used >= 24) paper.line(...head, '  ', cutMiddle(about, paper.width - used, more))
    else {
      // 19 + 2 + 9 + 2 + 40 is wider than 60 columns: the id stands below.
      paper.line(head[0] ?? '', '  ', head[2] ?? '', '  ', cutMiddle(about, paper.width - 32, more))
      paper.line('  ', styled(one.requestId, 'dim'))
    }
  }
  return paper.text()
}
