// Rows of the compute API: servers and what hangs below one server.
import { since } from '../../model/microversions.ts'
import { type Route, row } from '../../platform/http/service.ts'
import type { ComputeDeps } from '../deps.ts'
import { attachInterface, detachInterface } from './attach-interfaces.ts'
import { listServerSecurityGroups } from './proxies/security-groups.ts'
import { createRemoteConsole, showConsoleToken } from './remote-consoles.ts'
import { consoleTokenQuery, remoteConsoleBody } from './schemas/consoles.ts'
import { interfaceBody } from './schemas/interfaces.ts'
import { noQuery, pageQuery, topologyQuery } from './schemas/queries.ts'
import { createBody, listQuery, metaBody, metadataBody, tagsBody, updateBody } from './schemas/servers.ts'
import { attachVolumeBody, updateVolumeBody } from './schemas/volume-attachments.ts'
import { actOnServer } from './server-actions.ts'
import { createServers } from './server-create.ts'
import { clearPassword, showDiagnostics, showPassword, showTopology } from './server-insides.ts'
import { listInterfaces, showInterface } from './server-interfaces.ts'
import { listIps, showIps } from './server-ips.ts'
import { listServers, listServersDetail } from './server-list.ts'
import {
  listMetadata,
  mergeMetadata,
  removeMetadata,
  replaceMetadata,
  setMetadata,
  showMetadata,
} from './server-metadata.ts'
import { addTag, listTags, removeTag, removeTags, replaceTags, showTag } from './server-tags.ts'
import { deleteServer, showServer, updateServer } from './servers.ts'
import {
  attachVolume,
  detachVolume,
  listVolumeAttachments,
  showVolumeAttachment,
  updateVolumeAttachment,
} from './volume-attachments.ts'

const tags = { since: since('serverTags') } as const

export const serverRoutes: readonly Route<ComputeDeps>[] = [
  row('GET', '/servers', listServers, { query: listQuery }),
  row('POST', '/servers', createServers, { body: createBody }),
  row('GET', '/servers/detail', listServersDetail, { query: listQuery }),
  row('GET', '/servers/{id}', showServer),
  row('PUT', '/servers/{id}', updateServer, { body: updateBody }),
  row('DELETE', '/servers/{id}', deleteServer),
  row('POST', '/servers/{id}/action', actOnServer, { reads: 'json' }),
  row('GET', '/servers/{id}/ips', listIps),
  row('GET', '/servers/{id}/ips/{label}', showIps),
  row('GET', '/servers/{id}/metadata', listMetadata),
  row('POST', '/servers/{id}/metadata', mergeMetadata, { body: metadataBody }),
  row('PUT', '/servers/{id}/metadata', replaceMetadata, { body: metadataBody }),
  row('GET', '/servers/{id}/metadata/{key}', showMetadata),
  row('PUT', '/servers/{id}/metadata/{key}', setMetadata, { body: metaBody }),
  row('DELETE', '/servers/{id}/metadata/{key}', removeMetadata),
  row('GET', '/servers/{id}/os-security-groups', listServerSecurityGroups),
  row('GET', '/servers/{id}/os-interface', listInterfaces, { query: noQuery }),
  row('GET', '/servers/{id}/os-interface/{port}', showInterface, { query: noQuery }),
  row('POST', '/servers/{id}/os-interface', attachInterface, { body: interfaceBody }),
  row('DELETE', '/servers/{id}/os-interface/{port}', detachInterface),
  row('POST', '/servers/{id}/remote-consoles', createRemoteConsole, {
    body: remoteConsoleBody,
    since: since('remoteConsoles'),
  }),
  row('GET', '/os-console-auth-tokens/{token}', showConsoleToken, { query: consoleTokenQuery }),
  row('GET', '/servers/{id}/diagnostics', showDiagnostics, { query: noQuery }),
  row('GET', '/servers/{id}/topology', showTopology, {
    query: topologyQuery,
    since: since('serverTopology'),
  }),
  row('GET', '/servers/{id}/os-server-password', showPassword, { query: noQuery }),
  row('DELETE', '/servers/{id}/os-server-password', clearPassword),
  row('GET', '/servers/{id}/os-volume_attachments', listVolumeAttachments, { query: pageQuery }),
  row('GET', '/servers/{id}/os-volume_attachments/{volume}', showVolumeAttachment, { query: noQuery }),
  row('POST', '/servers/{id}/os-volume_attachments', attachVolume, { body: attachVolumeBody }),
  row('PUT', '/servers/{id}/os-volume_attachments/{volume}', updateVolumeAttachment, {
    body: updateVolumeBody,
  }),
  row('DELETE', '/servers/{id}/os-volume_attachments/{volume}', detachVolume),
  row('GET', '/servers/{id}/tags', listTags, tags),
  row('PUT', '/servers/{id}/tags', replaceTags, { ...tags, body: tagsBody }),
  row('DELETE', '/servers/{id}/tags', removeTags, tags),
  row('GET', '/servers/{id}/tags/{tag}', showTag, tags),
  row('PUT', '/servers/{id}/tags/{tag}', addTag, { ...tags, reads: 'nothing' }),
  row('DELETE', '/servers/{id}/tags/{tag}', removeTag, tags),
]
