// Nova's and Keystone's messages print values as Python does. These functions are that printing, and nothing else.

/** Python's repr() of a JSON value: `'text'`, `None`, `True`, `{'a': 1}`. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, item]) => `${quote(key)}: ${pythonRepr(item)}`)
      .join(', ')}}`
  return String(value)
}

/** Python's str(): strings bare, everything else as its repr. */
export const pythonStr = (value: unknown): string => (typeof value === 'string' ? value : pythonRepr(value))

// Python prefers single quotes and changes to double ones only when that saves an escape.
function quote(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is being escaped
    .replace(/[\u0000-\u001f\u007f]/g, char => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return escaped.includes("'") && !escaped.includes('"')
    ? `"${escaped}"`
    : `'${escaped.replaceAll("'", "\\'")}'`
}
