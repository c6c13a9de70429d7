// Why something failed, in words its owner may read: one row a cause code. The code is stable and documented; the
// verdict, the console and event details all take their words from here.

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

export const hostCauses = {
  'NoHost.NotRequested': {
    sentence: 'The request names another host.',
    one: 'is not the host that was asked for',
    many: 'are not the host that was asked for',
    input: 'host',
    fault: 'request',
    remedy: 'Ask for no host, or for one that can take the server.',
  },
  'NoHost.Disabled': {
    sentence: 'An administrator has taken the host out of service.',
    one: 'is disabled',
    many: 'are disabled',
    input: null,
    fault: 'cloud',
    remedy: 'An administrator enables the compute service again, or adds hosts.',
  },
  'NoHost.Zone': {
    sentence: 'The host is in another availability zone.',
    one: 'is in another availability zone',
    many: 'are in another availability zone',
    input: 'availability_zone',
    fault: 'request',
    remedy: 'Ask for another availability zone, or for none.',
  },
  'NoHost.Tenant': {
    sentence: 'The host is kept for other projects.',
    one: 'is kept for other projects',
    many: 'are kept for other projects',
    input: null,
    fault: 'cloud',
    remedy: "An administrator adds hosts to the project's aggregate.",
  },
  'NoHost.Trait': {
    sentence: 'The host lacks a trait that is required, or has one that is forbidden.',
    one: 'lacks a required trait or has a forbidden one',
    many: 'lack a required trait or have a forbidden one',
    input: 'flavor.extra_specs',
    fault: 'request',
    remedy: 'Choose a flavor or image without that trait.',
  },
  'NoHost.HostTooSmall.Vcpu': {
    sentence: 'The flavor has more vCPUs than the whole host.',
    one: 'is too small for the vCPUs',
    many: 'are too small for the vCPUs',
    input: 'flavor.vcpus',
    fault: 'request',
    remedy: 'Choose a flavor with fewer vCPUs, or ask for larger hosts.',
  },
  'NoHost.HostTooSmall.Ram': {
    sentence: 'The flavor has more memory than the whole host.',
    one: 'is too small for the memory',
    many: 'are too small for the memory',
    input: 'flavor.ram',
    fault: 'request',
    remedy: 'Choose a flavor with less memory, or ask for larger hosts.',
  },
  'NoHost.HostTooSmall.Disk': {
    sentence: 'The flavor has more disk than the whole host.',
    one: 'is too small for the disk',
    many: 'are too small for the disk',
    input: 'flavor.disk',
    fault: 'request',
    remedy: 'Choose a flavor with less disk, or boot from a volume.',
  },
  'NoHost.HostTooSmall.Other': {
    sentence: 'The flavor asks for more of a resource than one server can have on the host.',
    one: 'is too small for a resource of the flavor',
    many: 'are too small for a resource of the flavor',
    input: 'flavor.extra_specs',
    fault: 'request',
    remedy: 'Choose a flavor that asks for less of that resource.',
  },
  'NoHost.Capacity.Vcpu': {
    sentence: 'The host has too few free vCPUs.',
    one: 'has too few vCPUs',
    many: 'have too few vCPUs',
    input: 'flavor.vcpus',
    fault: 'capacity',
    remedy: 'Choose a smaller flavor, delete or shelve servers, or try again when there is room.',
  },
  'NoHost.Capacity.Ram': {
    sentence: 'The host has too little free memory.',
    one: 'has too little memory',
    many: 'have too little memory',
    input: 'flavor.ram',
    fault: 'capacity',
    remedy: 'Choose a smaller flavor, delete or shelve servers, or try again when there is room.',
  },
  'NoHost.Capacity.Disk': {
    sentence: 'The host has too little free disk.',
    one: 'has too little disk',
    many: 'have too little disk',
    input: 'flavor.disk',
    fault: 'capacity',
    remedy: 'Choose a flavor with less disk, boot from a volume, or try again when there is room.',
  },
  'NoHost.Capacity.Other': {
    sentence: 'The host has too little of a resource the flavor asks for.',
    one: 'has too little of a resource of the flavor',
    many: 'have too little of a resource of the flavor',
    input: 'flavor.extra_specs',
    fault: 'capacity',
    remedy: 'Choose a flavor that asks for less of that resource, or try again when there is room.',
  },
  'NoHost.SameHost': {
    sentence: "The host is the server's current one, and resize to the same host is off.",
    one: "is the server's current host and resize to the same host is off",
    many: "are the server's current host and resize to the same host is off",
    input: null,
    fault: 'cloud',
    remedy: 'An administrator adds a host, or turns on allow-resize-to-same-host.',
  },
  'NoHost.CurrentHost': {
    sentence: "The host is the server's current one, and this action moves it to another.",
    one: "is the server's current host",
    many: "are the server's current host",
    input: null,
    fault: 'cloud',
    remedy: 'An administrator adds or enables another host.',
  },
  'NoHost.AlreadyTried': {
    sentence: 'The host was tried before for this request and failed.',
    one: 'was tried before and failed',
    many: 'were tried before and failed',
    input: null,
    fault: 'cloud',
    remedy: 'Look at the earlier attempts of this request for what failed there.',
  },
  'NoHost.Down': {
    sentence: 'The host has not reported for too long.',
    one: 'is down',
    many: 'are down',
    input: null,
    fault: 'cloud',
    remedy: 'An administrator brings the host or its compute service up again.',
  },
  'NoHost.Capability': {
    sentence: 'The host lacks a capability the flavor asks for.',
    one: 'lacks a capability the flavor asks for',
    many: 'lack a capability the flavor asks for',
    input: 'flavor.extra_specs',
    fault: 'request',
    remedy: 'Choose a flavor without that extra spec.',
  },
  'NoHost.ImageProperties': {
    sentence: 'The host cannot run the kind of machine the image asks for.',
    one: 'cannot run what the image asks for',
    many: 'cannot run what the image asks for',
    input: 'image',
    fault: 'request',
    remedy: 'Choose an image for this architecture and hypervisor, or correct its properties.',
  },
  'NoHost.AntiAffinity': {
    sentence: 'The host already has as many members of the server group as its policy lets it.',
    one: 'already has a member of the anti-affinity group',
    many: 'already have a member of the anti-affinity group',
    input: 'os:scheduler_hints.group',
    fault: 'request',
    remedy: 'Use fewer members than hosts, a soft policy, or a higher max_server_per_host.',
  },
  'NoHost.Affinity': {
    sentence: 'The members of the server group are on another host.',
    one: 'does not have the members of the affinity group',
    many: 'do not have the members of the affinity group',
    input: 'os:scheduler_hints.group',
    fault: 'request',
    remedy: 'Make room where the group is, or use a soft policy.',
  },
  'NoHost.SameHostHint': {
    sentence: 'The host has none of the servers the hint same_host names.',
    one: 'has none of the servers named by same_host',
    many: 'have none of the servers named by same_host',
    input: 'os:scheduler_hints.same_host',
    fault: 'request',
    remedy: 'Leave the hint out, or make room where those servers are.',
  },
  'NoHost.DifferentHostHint': {
    sentence: 'The host has a server the hint different_host names.',
    one: 'has a server named by different_host',
    many: 'have a server named by different_host',
    input: 'os:scheduler_hints.different_host',
    fault: 'request',
    remedy: 'Leave the hint out, or name fewer servers.',
  },
  'NoHost.TooManyServers': {
    sentence: 'The host has as many servers as it may.',
    one: 'has as many servers as it may',
    many: 'have as many servers as they may',
    input: null,
    fault: 'capacity',
    remedy: 'Delete servers, or try again when there is room.',
  },
  'NoHost.Busy': {
    sentence: 'The host is busy building and moving other servers.',
    one: 'is busy with other builds and moves',
    many: 'are busy with other builds and moves',
    input: null,
    fault: 'capacity',
    remedy: 'Try again in a while.',
  },
  'NoHost.AggregateExtraSpecs': {
    sentence: "The host's aggregates do not have what the flavor asks for.",
    one: 'is in no aggregate the flavor asks for',
    many: 'are in no aggregate the flavor asks for',
    input: 'flavor.extra_specs',
    fault: 'request',
    remedy: 'Choose a flavor without those extra specs.',
  },
  'NoHost.Isolated': {
    sentence: 'Some hosts and images are kept for each other, and this pair is not.',
    one: 'is not for this image',
    many: 'are not for this image',
    input: 'image',
    fault: 'request',
    remedy: 'Choose another image.',
  },
} as const satisfies Readonly<Record<`NoHost.${string}`, HostCauseRow>>

export type HostCauseCode = keyof typeof hostCauses

export const causes = { ...hostCauses } satisfies Readonly<Record<string, CauseRow>>

export type CauseCode = keyof typeof causes
