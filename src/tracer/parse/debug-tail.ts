// What oslo.log appends to DEBUG records: `funcname /path/to/file.py:123`, and DevStack's `{{(pid=1) funcname path:123}}`.

export interface Tail {
  readonly message: string
  /** DevStack says the process there, and nowhere else. */
  readonly process: number | null
}

const tailLengthMax = 1024
const devstackPattern = /^\{\{\(pid=(\d{1,10})\) \S+ \S+:\d+\}\}$/
const namePattern = /^[\w<>.]+$/
const pathPattern = /^(?:\/\S*|<[^<>]*>|\S+\.py[co]?):\d+$/

/** The message without its tail. */
export function withoutDebugTail(message: string, level: string | null): Tail {
  if (message.endsWith('}}')) {
    const from = message.lastIndexOf('{{(pid=')
    const match =
      from !== -1 && message.length - from < tailLengthMax ? devstackPattern.exec(message.slice(from)) : null
    if (match) return { message: message.slice(0, from).trimEnd(), process: Number(match[1]) }
  }
  if (level === 'DEBUG') {
    const lastWord = message.lastIndexOf(' ')
    // The only path with a blank in it.
    const beforePath = message.startsWith(' <frozen', lastWord - 8) ? lastWord - 8 : lastWord
    const beforeName = beforePath > 0 ? message.lastIndexOf(' ', beforePath - 1) : -1
    if (
      beforeName !== -1 &&
      message.length - beforeName < tailLengthMax &&
      pathPattern.test(message.slice(beforePath + 1)) &&
      namePattern.test(message.slice(beforeName + 1, beforePath))
    )
      return { message: message.slice(0, beforeName), process: null }
  }
  return { message, process: null }
}
