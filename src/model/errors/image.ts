// What the image service refuses, in the words of the service we are compatible with.
import type { ErrorRow } from '../errors.ts'

export const imageErrors = {} satisfies Record<string, ErrorRow>
