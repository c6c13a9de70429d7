// A row of the catalogue of causes.

export interface CauseRow {
  /** The whole sentence an owner reads: no host names, no other project's facts. */
  readonly sentence: string
  /** Whose fault it is. */
  readonly fault: 'request' | 'capacity' | 'cloud' | 'bug'
  /** What to do next. */
  readonly remedy: string
}

/** A reason one host cannot take a server. `one` and `many` follow a host's name or a count: `3 are disabled`. */
export interface HostCauseRow extends CauseRow {
  readonly one: string
  readonly many: string
  /** What in the request asked for it (`flavor.ram`); null when nothing in the request did. */
  readonly input: string | null
}
