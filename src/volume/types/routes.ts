// The routes of what hangs on volume types: QoS specs, encryption, defaults of projects.
import { volumeSince } from '../../model/volume-microversions.ts'
import { row } from '../../platform/http/service.ts'
import type { VolumeDeps } from '../deps.ts'
import { listDefaultTypes, setDefaultType, showDefaultType, unsetDefaultType } from './default-types.ts'
import {
  createEncryption,
  deleteEncryption,
  listEncryption,
  showEncryption,
  showVolumeEncryption,
  updateEncryption,
} from './encryption.ts'
import { createQos, deleteQos, deleteQosKeys, listQos, showQos, updateQos } from './qos.ts'
import { associate, disassociate, disassociateAll, listAssociations } from './qos-associations.ts'
import {
  createEncryptionBody,
  createQosBody,
  defaultTypeBody,
  deleteQosKeysBody,
  updateEncryptionBody,
  updateQosBody,
} from './schemas.ts'

const defaults = { since: volumeSince('defaultTypes') }

export const typeRoutes = [
  row<VolumeDeps>('GET', '/qos-specs', listQos),
  row<VolumeDeps>('POST', '/qos-specs', createQos, { body: createQosBody }),
  row<VolumeDeps>('GET', '/qos-specs/{id}', showQos),
  row<VolumeDeps>('PUT', '/qos-specs/{id}', updateQos, { body: updateQosBody }),
  row<VolumeDeps>('DELETE', '/qos-specs/{id}', deleteQos),
  row<VolumeDeps>('PUT', '/qos-specs/{id}/delete_keys', deleteQosKeys, { body: deleteQosKeysBody }),
  row<VolumeDeps>('GET', '/qos-specs/{id}/associations', listAssociations),
  row<VolumeDeps>('GET', '/qos-specs/{id}/associate', associate),
  row<VolumeDeps>('GET', '/qos-specs/{id}/disassociate', disassociate),
  row<VolumeDeps>('GET', '/qos-specs/{id}/disassociate_all', disassociateAll),

  row<VolumeDeps>('GET', '/types/{type_id}/encryption', listEncryption),
  row<VolumeDeps>('POST', '/types/{type_id}/encryption', createEncryption, { body: createEncryptionBody }),
  row<VolumeDeps>('GET', '/types/{type_id}/encryption/{id}', showEncryption),
  row<VolumeDeps>('PUT', '/types/{type_id}/encryption/{id}', updateEncryption, {
    body: updateEncryptionBody,
  }),
  row<VolumeDeps>('DELETE', '/types/{type_id}/encryption/{id}', deleteEncryption),
  row<VolumeDeps>('GET', '/volumes/{volume_id}/encryption', showVolumeEncryption),

  row<VolumeDeps>('GET', '/default-types', listDefaultTypes, defaults),
  row<VolumeDeps>('GET', '/default-types/{project}', showDefaultType, defaults),
  row<VolumeDeps>('PUT', '/default-types/{project}', setDefaultType, { ...defaults, body: defaultTypeBody }),
  row<VolumeDeps>('DELETE', '/default-types/{project}', unsetDefaultType, defaults),
]
