// Views as tables: a row is one field of an answer, with the microversions it lives in and the flag that shows it.
// A view is compiled once for each version and set of flags, so that showing a thing is a walk over its own fields.
//   const view = compileView([{ key: 'uuid', since: 'aggregateUuid', value: aggregate => aggregate.uuid }, …])
//   view(versionOf(call))(aggregate)
import { type ComputeFeature, type Microversion, minorMax } from '../../../model/microversions.ts'

export interface ViewRow<S, C = void, F extends string = never> {
  readonly key: string
  /** First feature that has the field; always there when absent. */
  readonly since?: ComputeFeature
  /** The feature that takes it away again. */
  readonly until?: ComputeFeature
  /** Shown only when the caller of the view sets this flag. */
  readonly policy?: F
  /** Undefined leaves the key out. */
  readonly value: (subject: S, context: C) => unknown
}

export type Flags<F extends string> = Readonly<Partial<Record<F, boolean>>>
export type Shown<S, C> = (subject: S, context: C) => Record<string, unknown>
export type View<S, C, F extends string> = (version: Microversion, flags?: Flags<F>) => Shown<S, C>

/** Makes a view of rows. Two rows may share a key as long as no version has both. */
export function compileView<S, C = void, F extends string = never>(
  rows: readonly ViewRow<S, C, F>[],
): View<S, C, F> {
  const names = [...new Set(rows.flatMap(row => row.policy ?? []))]
  const compiled = new Map<number, Shown<S, C>>()
  return (version, flags) => {
    let slot = version.minor
    for (const [index, name] of names.entries()) if (flags?.[name]) slot += (minorMax + 1) << index
    let shown = compiled.get(slot)
    if (!shown) {
      shown = compileRows(rows.filter(row => isShown(row, version, flags)))
      compiled.set(slot, shown)
    }
    return shown
  }
}

const isShown = <F extends string>(
  row: ViewRow<never, never, F>,
  version: Microversion,
  flags: Flags<F> | undefined,
): boolean =>
  (row.since === undefined || version.has(row.since)) &&
  (row.until === undefined || !version.has(row.until)) &&
  (row.policy === undefined || flags?.[row.policy] === true)

function compileRows<S, C, F extends string>(rows: readonly ViewRow<S, C, F>[]): Shown<S, C> {
  return (subject, context) => {
    const out: Record<string, unknown> = {}
    for (const { key, value } of rows) {
      const found = value(subject, context)
      if (found !== undefined) out[key] = found
    }
    return out
  }
}
