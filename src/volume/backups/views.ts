// The shapes of backups (cinder/api/views/backups.py).
import { isoMicros } from '../../base/time.ts'
import type { VolumeCall } from '../access.ts'
import { has } from '../negotiate.ts'
import { selfLinks } from '../paging.ts'
import type { Backup } from './access.ts'

export const backupSummaryView = (call: VolumeCall, backup: Pick<Backup, 'id' | 'name'>) => ({
  id: backup.id,
  name: backup.name,
  links: selfLinks(call, 'backups', backup.id),
})

const timeOrNull = (at: number | null) => (at === null ? null : isoMicros(at))

export const backupView = (call: VolumeCall, backup: Backup) => ({
  ...backupSummaryView(call, backup),
  status: backup.status,
  size: backup.size,
  object_count: backup.object_count,
  availability_zone: backup.availability_zone,
  container: backup.container,
  created_at: isoMicros(backup.created_at),
  updated_at: timeOrNull(backup.updated_at),
  description: backup.description,
  fail_reason: backup.fail_reason,
  volume_id: backup.volume_id,
  is_incremental: backup.parent_id !== null,
  has_dependent_backups: backup.hasDependents,
  snapshot_id: backup.snapshot_id,
  data_timestamp: timeOrNull(backup.data_timestamp),
  ...(has(call, 'backupMetadata') ? { metadata: backup.metadata } : {}),
  ...(call.allows('backup:backup_project_attribute')
    ? {
        ...(has(call, 'backupProject') ? { 'os-backup-project-attr:project_id': backup.project_id } : {}),
        ...(has(call, 'backupUser') ? { user_id: backup.user_id } : {}),
      }
    : {}),
})
