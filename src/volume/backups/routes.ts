// The routes of backups.
import { volumeSince } from '../../model/volume-microversions.ts'
import { row } from '../../platform/http/service.ts'
import type { VolumeDeps } from '../deps.ts'
import {
  actOnBackup,
  deleteBackup,
  listBackupDetails,
  listBackups,
  showBackup,
  updateBackup,
} from './backups.ts'
import { createBackup } from './create.ts'
import { exportRecord, importRecord } from './records.ts'
import { restoreBackup } from './restore.ts'
import {
  backupActionBody,
  createBackupBody,
  importBackupBody,
  restoreBackupBody,
  updateBackupBody,
} from './schemas.ts'

export const backupRoutes = [
  row<VolumeDeps>('GET', '/backups', listBackups),
  row<VolumeDeps>('POST', '/backups', createBackup, { body: createBackupBody }),
  row<VolumeDeps>('GET', '/backups/detail', listBackupDetails),
  row<VolumeDeps>('POST', '/backups/import_record', importRecord, { body: importBackupBody }),
  row<VolumeDeps>('GET', '/backups/{id}', showBackup),
  row<VolumeDeps>('PUT', '/backups/{id}', updateBackup, {
    since: volumeSince('backupUpdate'),
    body: updateBackupBody,
  }),
  row<VolumeDeps>('DELETE', '/backups/{id}', deleteBackup),
  row<VolumeDeps>('POST', '/backups/{id}/restore', restoreBackup, { body: restoreBackupBody }),
  row<VolumeDeps>('GET', '/backups/{id}/export_record', exportRecord),
  row<VolumeDeps>('POST', '/backups/{id}/action', actOnBackup, { body: backupActionBody }),
]
