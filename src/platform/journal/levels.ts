// The levels of log lines, by Python's names and numbers.

export const levels = { DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50 } as const
export type Level = keyof typeof levels
