// The little language of extra specs: `>= 4`, `s== text`, `<in> part`, `<all-in> a b`, `<or> a <or> b`, or plain text
// for equality (nova/scheduler/filters/extra_specs_ops.py).

type Compare = (value: string, wanted: string) => boolean

const numbers =
  (compare: (a: number, b: number) => boolean): Compare =>
  (value, wanted) => {
    const [a, b] = [toNumber(value), toNumber(wanted)]
    return !Number.isNaN(a) && !Number.isNaN(b) && compare(a, b)
  }
const toNumber = (text: string) => (text.trim() === '' ? Number.NaN : Number(text))

const operators: Readonly<Record<string, Compare>> = {
  // A single `=` means "at least": so it is upstream.
  '=': numbers((a, b) => a >= b),
  '==': numbers((a, b) => a === b),
  '!=': numbers((a, b) => a !== b),
  '>=': numbers((a, b) => a >= b),
  '<=': numbers((a, b) => a <= b),
  's==': (a, b) => a === b,
  's!=': (a, b) => a !== b,
  's<': (a, b) => a < b,
  's<=': (a, b) => a <= b,
  's>': (a, b) => a > b,
  's>=': (a, b) => a >= b,
  '<in>': (a, b) => a.includes(b),
}

/** True when a host's `value` is what the extra spec `wanted` asks for. */
export function matches(value: string, wanted: string): boolean {
  const [operator = '', ...words] = wanted.split(/\s+/).filter(word => word !== '')
  if (operator === '<or>') return words.some((word, index) => index % 2 === 0 && word === value)
  if (operator === '<all-in>') return words.length > 0 && words.every(word => value.includes(word))
  const compare = operators[operator]
  if (!compare) return value === wanted
  return words[0] !== undefined && compare(value, words[0])
}
