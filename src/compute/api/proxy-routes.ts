// Rows of the compute API: what other services have long had themselves, kept for old clients.
import { since } from '../../model/microversions.ts'
import { type Route, row } from '../../platform/http/service.ts'
import type { ComputeDeps } from '../deps.ts'
import { actOnNode, createNode, listNodes, removeNode, showNode } from './proxies/baremetal.ts'
import {
  createFloatingIp,
  deleteFloatingIp,
  listFloatingIpPools,
  listFloatingIps,
  showFloatingIp,
} from './proxies/floating-ips.ts'
import {
  listImageMetadata,
  mergeImageMetadata,
  removeImageMetadata,
  replaceImageMetadata,
  setImageMetadata,
  showImageMetadata,
} from './proxies/image-metadata.ts'
import { deleteImage, listImageDetails, listImages, showImage } from './proxies/images.ts'
import { listNetworks, listTenantNetworks, showNetwork, showTenantNetwork } from './proxies/networks.ts'
import { createSecurityGroupRule, deleteSecurityGroupRule } from './proxies/security-group-rules.ts'
import {
  createSecurityGroup,
  deleteSecurityGroup,
  listSecurityGroups,
  showSecurityGroup,
  updateSecurityGroup,
} from './proxies/security-groups.ts'
import {
  createSnapshot,
  deleteSnapshot,
  listSnapshotDetails,
  listSnapshots,
  showSnapshot,
} from './proxies/snapshots.ts'
import { createVolume, deleteVolume, listVolumeDetails, listVolumes, showVolume } from './proxies/volumes.ts'
import {
  imageMetaBody,
  imageMetadataBody,
  listImagesQuery,
  listSecurityGroupsQuery,
  listVolumesQuery,
  proxiedSnapshotBody,
  proxiedVolumeBody,
  securityGroupBody,
  securityGroupRuleBody,
} from './schemas/proxies.ts'

const old = { until: since('noProxies') - 1 } as const
const oldMetadata = { until: since('noImageMetadataProxy') - 1 } as const

export const proxyRoutes: readonly Route<ComputeDeps>[] = [
  row('GET', '/os-security-groups', listSecurityGroups, { ...old, query: listSecurityGroupsQuery }),
  row('POST', '/os-security-groups', createSecurityGroup, { ...old, body: securityGroupBody }),
  row('GET', '/os-security-groups/{id}', showSecurityGroup, old),
  row('PUT', '/os-security-groups/{id}', updateSecurityGroup, { ...old, body: securityGroupBody }),
  row('DELETE', '/os-security-groups/{id}', deleteSecurityGroup, old),
  row('POST', '/os-security-group-rules', createSecurityGroupRule, { ...old, body: securityGroupRuleBody }),
  row('DELETE', '/os-security-group-rules/{id}', deleteSecurityGroupRule, old),

  row('GET', '/os-floating-ip-pools', listFloatingIpPools, old),
  row('GET', '/os-floating-ips', listFloatingIps, old),
  row('POST', '/os-floating-ips', createFloatingIp, { ...old, reads: 'json' }),
  row('GET', '/os-floating-ips/{id}', showFloatingIp, old),
  row('DELETE', '/os-floating-ips/{id}', deleteFloatingIp, old),

  row('GET', '/os-baremetal-nodes', listNodes, old),
  row('POST', '/os-baremetal-nodes', createNode, { ...old, reads: 'nothing' }),
  row('GET', '/os-baremetal-nodes/{id}', showNode, old),
  row('DELETE', '/os-baremetal-nodes/{id}', removeNode, old),
  row('POST', '/os-baremetal-nodes/{id}/action', actOnNode, { ...old, reads: 'json' }),

  row('GET', '/os-networks', listNetworks, old),
  row('GET', '/os-networks/{id}', showNetwork, old),
  row('GET', '/os-tenant-networks', listTenantNetworks, old),
  row('GET', '/os-tenant-networks/{id}', showTenantNetwork, old),

  row('GET', '/images', listImages, { ...old, query: listImagesQuery }),
  row('GET', '/images/detail', listImageDetails, { ...old, query: listImagesQuery }),
  row('GET', '/images/{id}', showImage, old),
  row('DELETE', '/images/{id}', deleteImage, old),
  row('GET', '/images/{id}/metadata', listImageMetadata, oldMetadata),
  row('POST', '/images/{id}/metadata', mergeImageMetadata, { ...oldMetadata, body: imageMetadataBody }),
  row('PUT', '/images/{id}/metadata', replaceImageMetadata, { ...oldMetadata, body: imageMetadataBody }),
  row('GET', '/images/{id}/metadata/{key}', showImageMetadata, oldMetadata),
  row('PUT', '/images/{id}/metadata/{key}', setImageMetadata, { ...oldMetadata, body: imageMetaBody }),
  row('DELETE', '/images/{id}/metadata/{key}', removeImageMetadata, oldMetadata),

  row('GET', '/os-volumes', listVolumes, { ...old, query: listVolumesQuery }),
  row('POST', '/os-volumes', createVolume, { ...old, body: proxiedVolumeBody }),
  row('GET', '/os-volumes/detail', listVolumeDetails, { ...old, query: listVolumesQuery }),
  row('GET', '/os-volumes/{id}', showVolume, old),
  row('DELETE', '/os-volumes/{id}', deleteVolume, old),
  row('GET', '/os-snapshots', listSnapshots, { ...old, query: listVolumesQuery }),
  row('POST', '/os-snapshots', createSnapshot, { ...old, body: proxiedSnapshotBody }),
  row('GET', '/os-snapshots/detail', listSnapshotDetails, { ...old, query: listVolumesQuery }),
  row('GET', '/os-snapshots/{id}', showSnapshot, old),
  row('DELETE', '/os-snapshots/{id}', deleteSnapshot, old),
]
