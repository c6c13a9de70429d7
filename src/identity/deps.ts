// What the identity service is given by main.
import type { Clock } from '../base/time.ts'
import type { Store } from '../platform/store/store.ts'
import type { TokenReader } from './token-reader.ts'

export interface IdentityDeps {
  readonly store: Store
  readonly clock: Clock
  readonly reader: TokenReader
  /** After every change that can make a valid token mean less, or nothing: remembered tokens are dropped. */
  onRevoke(): void
}
