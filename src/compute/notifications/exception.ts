// What notifications tell of an error. Administrators read them: messages are whole, stacks too.
import { pythonRepr } from '../../base/python.ts'
import { Fault } from '../../model/errors.ts'
import { errorLines } from '../../platform/journal/oslo-text.ts'
import { type NovaObject, payload } from './encode.ts'

/** ExceptionPayload 1.1. `exception` is the class as Nova names it (NoValidHost). */
export function exceptionPayload(error: unknown): NovaObject {
  const place = placeOf(error)
  return payload('ExceptionPayload', {
    module_name: place.module,
    function_name: place.function,
    exception: className(error),
    exception_message: messageOf(error),
    // Nova joins the chunks of a formatted traceback, each ending in a newline, with commas.
    traceback: errorLines(error)
      .map(line => `${line}\n`)
      .join(','),
  })
}

const className = (error: unknown): string => (error instanceof Error ? error.name : 'Exception')
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** HTTP-like code of an error; 500 for what is not one of Nova's. */
export function codeOf(error: unknown): number {
  if (error instanceof Fault) return error.status
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : 500
}

/** An exception as unversioned payloads print it: Python's repr of its attributes. */
export const printedException = (error: unknown): string =>
  pythonRepr({
    kwargs: { ...(error instanceof Fault ? error.params : {}), code: codeOf(error) },
    message: messageOf(error),
    class: className(error),
  })

/** `exception`, `message`, `code`: what an unversioned `.error` payload has more. */
export const legacyFault = (error: unknown): object => ({
  exception: printedException(error),
  message: messageOf(error) || className(error),
  code: codeOf(error),
})

const framePattern = /^\s+at (?:async )?(?:(.+?) \()?(?:file:\/\/)?(.+?):\d+:\d+\)?$/
// Where faults are made; the frame that matters is the one that asked for it.
const factory = /\/model\/errors\.[jt]s$/

interface Place {
  readonly module: string
  readonly function: string
}

/** Where it was raised, from the first frame that is ours: `faultline.compute.operations.resize`, `chooseTarget`. */
function placeOf(error: unknown): Place {
  for (const line of (error instanceof Error && error.stack?.split('\n')) || []) {
    const [, name, path] = framePattern.exec(line) ?? []
    if (path === undefined || path.startsWith('node:') || factory.test(path)) continue
    return { module: moduleOf(path), function: functionOf(name) }
  }
  return { module: 'unknown', function: 'unknown' }
}

const moduleOf = (path: string): string => {
  const inside = path.split('/src/').at(-1) ?? path
  return `faultline.${inside
    .replace(/^\/+/, '')
    .replace(/\.[jt]s$/, '')
    .replaceAll('/', '.')}`
}

const functionOf = (name: string | undefined): string =>
  name === undefined || name.includes('<anonymous>') ? '<module>' : (name.split(/[ .]/).at(-1) ?? name)
