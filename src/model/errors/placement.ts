// What the placement service refuses, in the words of the service we are compatible with.
import type { ErrorRow } from '../errors.ts'

export const placementErrors = {} satisfies Record<string, ErrorRow>
