// oslo.log's default text format: `date pid LEVEL name [global local user project - - domains] [instance: …] message`.
import type { LogRecord } from './log.ts'

const pid = process.pid
let lastSecond = 0
let lastSecondText = ''

/** `2026-08-21 10:15:30.123` in local time; the part up to the second is computed once a second. */
export function stamp(at: number): string {
  const second = Math.floor(at / 1000)
  if (second !== lastSecond) {
    const date = new Date(at)
    const two = (n: number) => String(n).padStart(2, '0')
    lastSecondText = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
    lastSecond = second
  }
  return `${lastSecondText}.${String(at - second * 1000).padStart(3, '0')}`
}

/** One record as one or more lines, each ending in a newline. A traceback's lines each carry the prefix. */
export function formatText(record: LogRecord): string {
  const { context, server, error } = record
  const summarised =
    record.summary ?? (record.level === 'DEBUG' || record.level === 'INFO' ? undefined : error)
  const when = stamp(record.at)
  const who = context
    ? `[${context.globalRequestId ?? 'None'} ${context.requestId} ${context.auth?.identity ?? '- - - - - -'}]`
    : '[-]'
  const about = server === undefined ? '' : `[instance: ${server}] `
  const summary = summarised === undefined ? '' : `: ${oneLine(errorSummary(summarised))}`
  // logging_debug_format_suffix: DEBUG lines say where they come from.
  const suffix = record.place === undefined ? '' : ` ${record.place}`
  let text = `${when} ${pid} ${record.level} ${record.logger} ${who} ${about}${oneLine(record.message)}${summary}${suffix}\n`
  if (error !== undefined)
    for (const line of [...errorLines(error), ''])
      text += `${when} ${pid} ERROR ${record.logger} ${about}${line}\n`
  return text
}

// A newline inside a message would forge a record.
const oneLine = (text: string) =>
  text.includes('\n') || text.includes('\r') ? text.replaceAll('\r', '\\r').replaceAll('\n', '\\n') : text

export const errorSummary = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error)

/** The stack of an error and of each cause under it, a line an item. */
export function errorLines(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)]
  const lines = (error.stack ?? errorSummary(error)).split('\n')
  return error.cause === undefined ? lines : [...lines, 'Caused by:', ...errorLines(error.cause)]
}
