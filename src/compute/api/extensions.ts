// `/extensions`: a fixed list.
import { fault } from '../../model/errors.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import type { ComputeCall } from './call.ts'
import { type ExtensionRow, extensionRows } from './data/extensions.ts'

const view = ({ alias, name, description }: ExtensionRow) => ({
  alias,
  name,
  description,
  links: [],
  namespace: 'http://docs.openstack.org/compute/ext/fake_xml',
  updated: '2014-12-03T00:00:00Z',
})

const rowsFor = (call: ComputeCall) => {
  const isLegacy = call.request.path.startsWith('/compute/v2/')
  return extensionRows.filter(row => isLegacy || !row.legacy)
}

export const listExtensions = (call: ComputeCall): Reply => {
  call.enforce('os_compute_api:extensions')
  return json(200, { extensions: rowsFor(call).map(view) })
}

export const showExtension = (call: ComputeCall): Reply => {
  call.enforce('os_compute_api:extensions')
  const row = rowsFor(call).find(one => one.alias === call.params.alias)
  if (!row) throw fault('RouteNotFound')
  return json(200, { extension: view(row) })
}
