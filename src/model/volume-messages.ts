// What the volume service tells users of failures: actions and details with Cinder's numbers and sentences
// (cinder/message/message_field.py).

export const messageActions = {
  scheduleAllocateVolume: { id: '001', text: 'schedule allocate volume' },
  copyVolumeToImage: { id: '003', text: 'copy volume to image' },
  copyImageToVolume: { id: '005', text: 'copy image to volume' },
  unmanageVolume: { id: '006', text: 'unmanage volume' },
  extendVolume: { id: '007', text: 'extend volume' },
  createVolumeFromBackend: { id: '008', text: 'create volume from backend storage' },
  snapshotCreate: { id: '009', text: 'create snapshot' },
  snapshotDelete: { id: '010', text: 'delete snapshot' },
  backupCreate: { id: '013', text: 'create backup' },
  backupDelete: { id: '014', text: 'delete backup' },
  backupRestore: { id: '015', text: 'restore backup' },
} as const
export type MessageAction = keyof typeof messageActions

export const messageDetails = {
  unknownError: { id: '001', text: 'An unknown error occurred.' },
  noBackendAvailable: { id: '003', text: 'Could not find any available weighted backend.' },
  failedToUploadVolume: { id: '004', text: 'Failed to upload volume to image at backend.' },
  notEnoughSpaceForImage: { id: '007', text: 'Image used for creating volume exceeds available space.' },
  driverFailedExtend: { id: '010', text: 'Volume Driver failed to extend volume.' },
  driverFailedCreate: { id: '012', text: 'Driver failed to create the volume.' },
  snapshotCreateError: { id: '013', text: 'Snapshot failed to create.' },
  snapshotDeleteError: { id: '016', text: 'Snapshot failed to delete.' },
  backupServiceDown: { id: '018', text: 'Backup service is down.' },
  backupCreateDriverError: { id: '020', text: 'Backup driver failed to create backup.' },
  backupDeleteDriverError: { id: '025', text: 'Backup driver failed to delete backup.' },
  backupRestoreError: { id: '026', text: 'Backup driver failed to restore backup.' },
} as const
export type MessageDetail = keyof typeof messageDetails

export type MessageResource = 'VOLUME' | 'VOLUME_SNAPSHOT' | 'VOLUME_BACKUP'

/** `VOLUME_VOLUME_001_003`, as clients filter by it. */
export const messageEvent = (
  resource: MessageResource,
  action: MessageAction,
  detail: MessageDetail,
): string => `VOLUME_${resource}_${messageActions[action].id}_${messageDetails[detail].id}`

const textOf = (rows: Readonly<Record<string, { readonly id: string; readonly text: string }>>, id: string) =>
  Object.values(rows).find(row => row.id === id)?.text

/** The sentence a user reads, from what is kept. */
export const messageText = (actionId: string, detailId: string): string =>
  `${textOf(messageActions, actionId) ?? 'unknown action'}:${textOf(messageDetails, detailId) ?? messageDetails.unknownError.text}`
