// How much of a log is held at a time. Lengths are in characters.

/** Of one line; what is longer is cut, and counted. */
export const lineLengthMax = 1_048_576
/** Of the message of one record. */
export const messageLengthMax = 65_536
/** Of all lines of a traceback together, and how many there may be. */
export const tracebackLengthMax = 262_144
export const tracebackLinesMax = 2_000
/** Records that are open at once; the one that was not written to for longest is ended first. */
export const openRecordsMax = 64
/** Processes whose service is remembered. */
export const processesMax = 1_024
/** Lines in parts that wait for their end. */
export const partialsMax = 16
/** Requests whose method is remembered until their answer is logged. */
export const methodsMax = 1_024
/** Prefixes in front of each other: syslog around a container's log. */
export const prefixesMax = 3
