// Plausible requests to the volume service.
import type { PlausibleTable } from './plausible.ts'

const plain = () => ({})

export const volumePlausible: PlausibleTable = {
  'GET /': plain,
  'GET /limits': plain,
  'GET /os-quota-sets/{project}': ({ cloud }) => ({ params: { project: cloud.projectId.demo } }),
  'GET /os-quota-sets/{project}/defaults': ({ cloud }) => ({ params: { project: cloud.projectId.demo } }),
  'GET /os-quota-class-sets/{class}': () => ({ as: 'admin', params: { class: 'default' } }),
  'GET /types': plain,
  'GET /volumes': plain,
  'GET /volumes/detail': plain,
  'GET /snapshots': plain,
  'GET /snapshots/detail': plain,
}
