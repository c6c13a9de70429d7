// What the identity service refuses, in the words of the service we are compatible with.
import type { ErrorRow } from '../errors.ts'

export const identityErrors = {} satisfies Record<string, ErrorRow>
