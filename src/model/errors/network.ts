// What the network service refuses, in the words of the service we are compatible with.
import type { ErrorRow } from '../errors.ts'

export const networkErrors = {} satisfies Record<string, ErrorRow>
