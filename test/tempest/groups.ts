// The parts of tempest that can be asked for.

export const groups = {
  compute: { tests: '^tempest\\.api\\.compute\\.', what: 'servers, flavors, keypairs, hosts, quotas …' },
  identity: {
    tests: '^tempest\\.api\\.identity\\.',
    what: 'projects, users, roles, tokens, the catalogue …',
  },
  image: { tests: '^tempest\\.api\\.image\\.', what: 'images, their data, members and tags' },
  network: { tests: '^tempest\\.api\\.network\\.', what: 'networks, ports, routers, floating IPs …' },
  volume: { tests: '^tempest\\.api\\.volume\\.', what: 'volumes, snapshots, types …' },
  smoke: {
    // Swift's are tempest's own too, and scenarios log in to machines: neither is here.
    tests: '^tempest\\.api\\.(compute|identity|image|network|volume)\\..*[\\[,]smoke[,\\]]',
    what: "tempest's own choice for a quick look, over all five",
  },
} as const

export type Group = keyof typeof groups

export const groupNames = Object.keys(groups) as Group[] // of the table above
/** What `all` stands for. */
export const allGroups: readonly Group[] = groupNames.filter(name => name !== 'smoke')

/** The service a test is of: what a summary has a line for. */
export const serviceOf = (id: string): string => /^tempest\.(?:api\.)?([a-z_]+)\./.exec(id)?.[1] ?? 'other'

/** A test's name without its tags: `tempest.api….test_x[id-…,smoke]` → `tempest.api….test_x`. */
export const plainId = (id: string): string => id.replace(/\[.*$/, '')
