// Tests of what is not there and that no option of tempest's switches off. They are not run, and counted with the reason.

interface Absent {
  /** A regular expression for the ids of the tests. */
  readonly tests: RegExp
  readonly why: string
}

/** docs/tempest.md has the same list. */
export const absent: readonly Absent[] = [
  {
    tests: /\.test_agents\.|\.test_reset_network_inject_network_info\b/,
    why: 'os-agents and resetNetwork are gone from Nova (410)',
  },
]

export interface Selection {
  /** Ids of the tests to run. */
  readonly tests: readonly string[]
  readonly leftOut: readonly { readonly why: string; readonly count: number }[]
}

/** What of `ids` can be run here, and what cannot, and why. */
export function select(ids: readonly string[]): Selection {
  const reasonFor = (id: string): string | undefined => absent.find(({ tests }) => tests.test(id))?.why
  const byReason = Map.groupBy(ids, reasonFor)
  return {
    tests: byReason.get(undefined) ?? [],
    leftOut: absent.flatMap(({ why }) => {
      const count = byReason.get(why)?.length ?? 0
      return count === 0 ? [] : [{ why, count }]
    }),
  }
}
