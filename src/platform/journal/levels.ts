// The levels of log lines, by Python's names and numbers.

export const levels = { DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50 } as const
export type Level = keyof typeof levels

/** `keystoneauth=DEBUG,nova.virt=INFO`; null when it is none of that. */
export function readLoggerLevels(text: string): ReadonlyMap<string, Level> | null {
  const own = new Map<string, Level>()
  for (const part of text.split(',').filter(one => one.trim() !== '')) {
    const [name = '', level = ''] = part.split('=', 2).map(one => one.trim())
    if (name === '' || !(level in levels)) return null
    own.set(name, level as Level) // a key of levels
  }
  return own
}
