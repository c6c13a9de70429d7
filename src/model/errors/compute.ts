// What the compute service refuses, in the words of the service we are compatible with.
import type { ErrorRow } from '../errors.ts'

export const computeErrors = {} satisfies Record<string, ErrorRow>
