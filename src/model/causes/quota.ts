// What a project may not have more of.
import type { CauseRow } from './row.ts'

export const quotaCauses = {
  'Quota.Instances': {
    sentence: 'The project has as many servers as its quota lets it.',
    fault: 'request',
    remedy: 'Delete servers, or ask for a larger quota.',
  },
  'Quota.Cores': {
    sentence: 'The project would have more vCPUs than its quota lets it.',
    fault: 'request',
    remedy: 'Choose a smaller flavor, delete servers, or ask for a larger quota.',
  },
  'Quota.Ram': {
    sentence: 'The project would have more memory than its quota lets it.',
    fault: 'request',
    remedy: 'Choose a smaller flavor, delete servers, or ask for a larger quota.',
  },
  'Quota.KeyPairs': {
    sentence: 'The user has as many key pairs as the quota lets them.',
    fault: 'request',
    remedy: 'Delete key pairs, or ask for a larger quota.',
  },
  'Quota.Metadata': {
    sentence: 'There are more metadata items than the quota lets a server have.',
    fault: 'request',
    remedy: 'Give fewer items.',
  },
  'Quota.Files': {
    sentence: 'The injected files are too many, too long or too large.',
    fault: 'request',
    remedy: 'Give fewer or smaller files, or use user data.',
  },
  'Quota.ServerGroups': {
    sentence: 'The project has as many server groups as its quota lets it.',
    fault: 'request',
    remedy: 'Delete server groups, or ask for a larger quota.',
  },
  'Quota.GroupMembers': {
    sentence: 'The server group has as many members as the quota lets it.',
    fault: 'request',
    remedy: 'Use another group, or ask for a larger quota.',
  },
  'Quota.Ports': {
    sentence: 'The project has as many ports as its quota lets it.',
    fault: 'request',
    remedy: 'Delete ports, or ask for a larger quota.',
  },
  'Quota.FloatingIps': {
    sentence: 'The project has as many floating IPs as its quota lets it.',
    fault: 'request',
    remedy: 'Release floating IPs, or ask for a larger quota.',
  },
  'Quota.SecurityGroups': {
    sentence: 'The project has as many security groups or rules as its quota lets it.',
    fault: 'request',
    remedy: 'Delete some, or ask for a larger quota.',
  },
  'Quota.Network': {
    sentence: 'The project has as many networks, subnets or routers as its quota lets it.',
    fault: 'request',
    remedy: 'Delete some, or ask for a larger quota.',
  },
  'Quota.Volumes': {
    sentence: 'The project has as many volumes as its quota lets it.',
    fault: 'request',
    remedy: 'Delete volumes, or ask for a larger quota.',
  },
  'Quota.Gigabytes': {
    sentence: 'The volumes of the project would be larger together than its quota lets them.',
    fault: 'request',
    remedy: 'Ask for a smaller volume, delete volumes or snapshots, or ask for a larger quota.',
  },
  'Quota.Snapshots': {
    sentence: 'The project has as many snapshots as its quota lets it.',
    fault: 'request',
    remedy: 'Delete snapshots, or ask for a larger quota.',
  },
  'Quota.Images': {
    sentence: 'The project has as many images, or as much image data, as its quota lets it.',
    fault: 'request',
    remedy: 'Delete images, or ask for a larger quota.',
  },
  'Quota.Other': {
    sentence: 'A quota of the project is used up.',
    fault: 'request',
    remedy: 'Delete what is not needed, or ask for a larger quota.',
  },
} as const satisfies Readonly<Record<string, CauseRow>>
