// Quotas, in the words of Nova, Neutron, Cinder and Glance.
import { cause, generic, type Rule } from './rule.ts'

const novaQuota = (resource: string) =>
  new RegExp(
    `Quota exceeded for (?:[a-z_]{1,30}, ){0,4}${resource}\\b[^:\\n]{0,60}: Requested (?<numbers>[^\\n]{1,160})`,
  )
/** `Quota exceeded for resources: ['port'].`, in the form of any release. */
const neutronQuota = (resource: string) =>
  new RegExp(`Quota exceeded for resources: \\[?[^\\n]{0,80}'${resource}'`)

export const quotaRules: readonly Rule[] = [
  cause(
    'Quota.Instances',
    novaQuota('instances'),
    'Quota exceeded for instances: Requested 1, but already used 10 of 10 instances',
    'the quota of servers is used up: requested {numbers}',
  ),
  cause(
    'Quota.Cores',
    novaQuota('cores'),
    'Quota exceeded for cores, ram: Requested 8, 16384, but already used 16, 32768 of 20, 51200 cores, ram',
    'the quota of vCPUs is used up: requested {numbers}',
  ),
  cause(
    'Quota.Ram',
    novaQuota('ram'),
    'Quota exceeded for ram: Requested 16776704, but already used 1024 of 51200 ram',
    'the quota of memory is used up: requested {numbers}',
  ),
  cause(
    'Quota.Instances',
    /(?:^|,)instances(?:,\S{0,40})? quota exceeded for \S{1,80}, tried to /,
    'instances quota exceeded for 6cb7d3, tried to launch 1 instances. Can only launch 0 more instances of this type.',
    'the quota of servers is used up',
    ['nova'],
  ),
  cause(
    'Quota.Cores',
    /(?:^|,)cores(?:,\S{0,40})? quota exceeded for \S{1,80}, tried to /,
    'cores quota exceeded for 6cb7d3, tried to resize instance.',
    'the quota of vCPUs is used up',
    ['nova'],
  ),
  cause(
    'Quota.Ram',
    /(?:^|,)ram(?:,\S{0,40})? quota exceeded for \S{1,80}, tried to /,
    'ram quota exceeded for 6cb7d3, tried to resize instance.',
    'the quota of memory is used up',
    ['nova'],
  ),
  cause(
    'Quota.KeyPairs',
    /Quota exceeded, too many key pairs|KeypairLimitExceeded|Quota exceeded for key_pairs?\b/,
    'Quota exceeded, too many key pairs.',
    'the user has too many key pairs',
  ),
  cause(
    'Quota.Metadata',
    /Maximum number of metadata items exceeds (?<limit>\d{1,9})/,
    'Maximum number of metadata items exceeds 128',
    'there are more than {limit} metadata items',
  ),
  cause(
    'Quota.Files',
    /Personality (?:file limit|file path|file content|content limit|path)[^\n]{0,80}/,
    'Personality file content exceeds maximum 10240',
  ),
  cause(
    'Quota.ServerGroups',
    /Quota exceeded, too many server groups|Quota exceeded for server_groups\b/,
    'Quota exceeded, too many server groups.',
    'the project has too many server groups',
  ),
  cause(
    'Quota.GroupMembers',
    /Quota exceeded, too many servers in group|Quota exceeded for server_group_members\b/,
    'Quota exceeded, too many servers in group',
    'the group has too many members',
  ),
  cause(
    'Quota.Ports',
    /Maximum number of ports exceeded|PortLimitExceeded/,
    'Maximum number of ports exceeded',
    'the quota of ports is used up',
  ),
  cause(
    'Quota.Ports',
    neutronQuota('port'),
    "Quota exceeded for resources: ['port'].",
    'the quota of ports is used up',
  ),
  cause(
    'Quota.FloatingIps',
    neutronQuota('floatingip'),
    "POST failed (client error): Quota exceeded for resources: ['floatingip'].",
    'the quota of floating IPs is used up',
  ),
  cause(
    'Quota.FloatingIps',
    /IP allocation over quota|Maximum number of floating IPs exceeded|FloatingIpLimitExceeded/,
    'IP allocation over quota in pool public.',
    'the quota of floating IPs is used up',
  ),
  cause(
    'Quota.SecurityGroups',
    neutronQuota('security_group(?:_rule)?'),
    "Quota exceeded for resources: ['security_group_rule'].",
    'the quota of security groups or their rules is used up',
  ),
  cause(
    'Quota.Network',
    neutronQuota('(?:network|subnet|router|subnetpool|rbac_policy)'),
    "Quota exceeded for resources: ['network'].",
    'a quota of the network service is used up',
  ),
  cause(
    'Quota.Volumes',
    /VolumeLimitExceeded|Maximum number of volumes allowed \((?<limit>\d{1,9})\) exceeded|Volume quota exceeded|Volume resource quota exceeded/,
    "VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded for quota 'volumes'.",
    'the quota of volumes is used up',
  ),
  cause(
    'Quota.Snapshots',
    /Maximum number of snapshots allowed \(\d{1,9}\) exceeded|SnapshotLimitExceeded/,
    "SnapshotLimitExceeded: Maximum number of snapshots allowed (10) exceeded for quota 'snapshots'.",
    'the quota of snapshots is used up',
  ),
  cause(
    'Quota.Gigabytes',
    /Requested volume or snapshot exceeds allowed \S{1,80} quota\. (?<numbers>[^\n]{1,160})/,
    'Requested volume or snapshot exceeds allowed gigabytes quota. Requested 100G, quota is 1000G and 950G has been consumed.',
    'the quota of volume space is used up: {numbers}',
  ),
  cause(
    'Quota.Gigabytes',
    /Quota exceeded for \S{1,60}, tried to create (?<size>\d{1,9})G (?:volume|snapshot|backup)/,
    'Quota exceeded for 6cb7d3, tried to create 100G volume (950G of 1000G already consumed).',
    'the quota of volume space is used up: {size} GB more was asked for',
  ),
  cause(
    'Quota.Images',
    /Project \S{1,60} is over a limit for |Denying attempt to upload image because it exceeds the quota|The size of the data \d{1,20} will exceed the limit|Image storage quota exceeded|exceed(?:s|ed)? the (?:user_storage_)?quota[^\n]{0,20}image/,
    'Project 6cb7d3 is over a limit for image_size_total: current usage 900, delta 200, limit 1000',
    'the quota of images is used up',
  ),
  generic(
    'Quota.Other',
    /(?:Quota exceeded|OverQuota|OverLimit|QuotaError|over a limit)[^\n]{0,200}/i,
    "Quota exceeded for resources: ['trunk'].",
  ),
]
