// The routes of transfers; those of 3.55 take snapshots along.
import { volumeSince } from '../../model/volume-microversions.ts'
import { row } from '../../platform/http/service.ts'
import type { VolumeDeps } from '../deps.ts'
import { acceptTransfer } from './accept.ts'
import { acceptTransferBody, createTransferBody, createTransferWithSnapshotsBody } from './schemas.ts'
import {
  createTransfer,
  deleteTransfer,
  listTransferDetails,
  listTransfers,
  showTransfer,
} from './transfers.ts'

const rows = (path: string, createBody: object, since?: number) => {
  const options = since === undefined ? {} : { since }
  return [
    row<VolumeDeps>('GET', path, listTransfers, options),
    row<VolumeDeps>('POST', path, createTransfer, { ...options, body: createBody }),
    row<VolumeDeps>('GET', `${path}/detail`, listTransferDetails, options),
    row<VolumeDeps>('GET', `${path}/{id}`, showTransfer, options),
    row<VolumeDeps>('DELETE', `${path}/{id}`, deleteTransfer, options),
    row<VolumeDeps>('POST', `${path}/{id}/accept`, acceptTransfer, { ...options, body: acceptTransferBody }),
  ]
}

export const transferRoutes = [
  ...rows('/os-volume-transfer', createTransferBody),
  ...rows('/volume-transfers', createTransferWithSnapshotsBody, volumeSince('transferSnapshots')),
]
