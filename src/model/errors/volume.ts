// What the volume service refuses, in the words of the service we are compatible with.
import type { ErrorRow } from './row.ts'

export const volumeErrors = {} satisfies Record<string, ErrorRow>
