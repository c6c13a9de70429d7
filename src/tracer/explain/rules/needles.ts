// Words that a text must hold for an expression to match it: asking for them costs a fraction of trying the expression,
// and nearly no text has any.

/** Shorter ones are everywhere. */
const needleMin = 3

/**
 * Literals, in lower case, of which a text in lower case must hold at least one for the expression to match it. Null:
 * there are none to ask for.
 */
export function needlesOf({ source }: RegExp): readonly string[] | null {
  if (/\\[uxck]/.test(source)) return null
  const needles = alternatives({ source, at: 0 })
  return shortest(needles) >= needleMin ? needles.map(needle => needle.toLowerCase()) : null
}

interface Reading {
  readonly source: string
  at: number
}

const shortest = (needles: readonly string[]): number => Math.min(...needles.map(({ length }) => length))
const better = (one: readonly string[], other: readonly string[]) =>
  shortest(one) >= shortest(other) ? one : other

/** The needles of each alternative, up to the end or the bracket that closes them. */
function alternatives(reading: Reading): readonly string[] {
  const needles = [...sequence(reading)]
  while (reading.source[reading.at] === '|') {
    reading.at++
    needles.push(...sequence(reading))
  }
  return needles
}

/** Of what stands one after the other, the part that says most; what may be missing says nothing. */
function sequence(reading: Reading): readonly string[] {
  const { source } = reading
  let best: readonly string[] = ['']
  let run = ''
  const endRun = () => {
    best = better(best, [run])
    run = ''
  }
  while (reading.at < source.length && source[reading.at] !== '|' && source[reading.at] !== ')') {
    const char = source[reading.at++] ?? ''
    if (char === '(') {
      endRun()
      if (source[reading.at] === '?')
        reading.at = source.indexOf(source[reading.at + 1] === ':' ? ':' : '>', reading.at) + 1
      const inner = alternatives(reading)
      reading.at++
      if (!takesNone(reading)) best = better(best, inner)
    } else if (char === '[') {
      endRun()
      while (source[reading.at] !== ']') reading.at += source[reading.at] === '\\' ? 2 : 1
      reading.at++
    } else if (char === '\\' && /\w/.test(source[reading.at] ?? '')) {
      endRun()
      reading.at++
    } else if (char === '?' || char === '*' || char === '{') {
      // Here it follows a single character, which need not be there.
      reading.at--
      takesNone(reading)
      run = run.slice(0, -1)
      endRun()
    } else if (char === '.' || char === '^' || char === '$' || char === '+') endRun()
    else run += char === '\\' ? (source[reading.at++] ?? '') : char
  }
  endRun()
  return best
}

/** Passes over a repetition, and tells whether it lets what stands before be missing. */
function takesNone(reading: Reading): boolean {
  const { source } = reading
  const char = source[reading.at]
  if (char !== '?' && char !== '*' && char !== '{') return false
  reading.at = char === '{' ? source.indexOf('}', reading.at) + 1 : reading.at + 1
  if (source[reading.at] === '?') reading.at++
  return true
}
