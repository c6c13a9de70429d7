// How much of the files is held, and looked at, at a time. Lengths are in bytes.

/** Read at once. */
export const chunkBytes = 1_048_576
/** Of one line; what is longer is cut, and counted. */
export const lineBytesMax = 1_048_576
/** Files of one source, and the entries of folders that are looked at for them. */
export const filesMax = 20_000
export const entriesMax = 100_000
export const depthMax = 32
/** Looked at to tell text from what is not. */
export const sniffBytes = 4_096
/** Read at both ends of a file to say what it covers. */
export const sampleBytes = 4_096
/** The same, of files that are not large. */
export const smallSampleBytes = 32_768
export const smallFileBytes = 262_144
/** Files whose ends are read for that when they are opened. */
export const sampledFilesMax = 2_000
/** Records one question brings, and the characters of all of them together. */
export const foundRecordsMax = 50_000
export const foundCharactersMax = 33_554_432
/** Lines after the last one that told anything of a record, before the record counts as complete. */
export const quietLinesMax = 100
/** Lines looked at in front of a line in the middle of a record, for the record's head. */
export const backLinesMax = 300
/** The same, where no line begins a record: a long traceback. */
export const backLinesHardMax = 2_100
/** Read backwards at a time, and in all, for the newest records. */
export const tailBytes = 262_144
export const tailTotalBytesMax = 268_435_456
