// The lines of a Python traceback that say which exception it was, causes before what they caused.

/** Longer texts are cut before rules look at them: nothing a rule looks for stands so far behind. */
export const textMax = 4000
const linesMax = 6

// `nova.exception.PortBindingFailed: Binding failed for port …`; frames and source lines are indented.
const exceptionLine = /^(?:[A-Za-z_][\w.]{0,150}[.:])?[A-Za-z_]\w{0,80}(?:_Remote)?(?:: |:?$)/

export function exceptionLines(traceback: readonly string[]): readonly string[] {
  const lines = traceback.filter(
    line => exceptionLine.test(line) && !line.startsWith('Traceback') && !line.startsWith('During handling'),
  )
  // The last ones are what reached the log; a long chain's first ones are what began it.
  return lines.length <= linesMax ? lines : [...lines.slice(0, 2), ...lines.slice(-(linesMax - 2))]
}
