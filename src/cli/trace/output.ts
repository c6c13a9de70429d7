// A trace in the form that was asked for. Programs get one thing on stdout, people the text.
import { writeFile } from 'node:fs/promises'
import type { Outcome, Trace } from '../../model/trace.ts'
import { renderTerminal } from '../../tracer/render/terminal.ts'
import { CliError } from '../errors.ts'
import type { Call } from '../row.ts'

/** What the command ends with; scripts read it. */
export const exitCodes: Readonly<Record<Outcome, 0 | 2 | 3>> = {
  succeeded: 0,
  failed: 2,
  lost: 2,
  running: 3,
  unknown: 3,
}

/** Each form is loaded when it is asked for: people wait for the text. */
export async function writeTrace(call: Call, trace: Trace): Promise<void> {
  const { io } = call
  const collector = call.text('otlp')
  if (collector !== undefined) {
    const { renderOtlp } = await import('../../tracer/render/otlp.ts')
    const { sendOtlp } = await import('../../tracer/render/otlp/send.ts')
    const to = await failing(() => sendOtlp(collector, renderOtlp(trace), io))
    io.stderr(`sent to ${to.href}\n`)
  }
  const page = call.text('html')
  if (page !== undefined && page !== '-') {
    const html = await htmlOf(trace)
    await failing(() => writeFile(page, html))
    io.stderr(`written to ${page}\n`)
  }
  const host = call.text('why-not')
  if (call.flag('json')) io.stdout(jsonText(trace, 2))
  else if (call.flag('dot')) {
    const { renderDot } = await import('../../tracer/render/dot.ts')
    io.stdout(renderDot(trace))
  } else if (page === '-') io.stdout(await htmlOf(trace))
  else if (host !== undefined) {
    const { whyNot } = await import('../../tracer/render/why-not.ts')
    io.stdout(whyNot(trace, host, io))
  } else io.stdout(textOf(call, trace))
}

async function htmlOf(trace: Trace): Promise<string> {
  const { renderHtml } = await import('../../tracer/render/html.ts')
  return renderHtml(trace)
}

export const textOf = ({ io, flag }: Call, trace: Trace): string =>
  renderTerminal(trace, {
    width: io.columns,
    colour: io.colour,
    isUtf8: io.isUtf8,
    full: flag('full'),
  })

// JSON leaves DEL, C1 and the marks that turn writing around as they are; a terminal would obey them.
const steering = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g
export const jsonText = (value: unknown, indent?: number): string =>
  `${JSON.stringify(value, null, indent).replace(
    steering,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}\n`

/** What others answer, and what the file system says, is no bug of ours. */
async function failing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
