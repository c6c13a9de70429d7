// Every operation by its kind, as the conductor looks it up.
import { attachInterface } from './attach-interface.ts'
import { attachVolume } from './attach-volume.ts'
import { createBackup } from './backup.ts'
import { changePassword } from './change-password.ts'
import { confirmResize, revertResize } from './confirm-resize.ts'
import { create } from './create.ts'
import { restore, softDelete, terminate } from './delete.ts'
import { detachInterface } from './detach-interface.ts'
import { detachVolume } from './detach-volume.ts'
import { evacuate } from './evacuate.ts'
import { extendVolume } from './extend-volume.ts'
import {
  pause,
  reboot,
  rescue,
  resume,
  start,
  stop,
  suspend,
  triggerCrashDump,
  unpause,
  unrescue,
} from './host-actions.ts'
import { liveMigrate } from './live-migrate.ts'
import { abortLiveMigration, forceCompleteLiveMigration } from './live-wishes.ts'
import type { AnyOperation } from './operation.ts'
import { powerUpdate } from './power-update.ts'
import { rebuild } from './rebuild.ts'
import { resize } from './resize.ts'
import { shelve, shelveOffload, unshelve } from './shelve.ts'
import { createImage } from './snapshot.ts'
import { createVolumeImage } from './snapshot-volumes.ts'
import { swapVolume } from './swap-volume.ts'

const all: readonly AnyOperation[] = [
  create,
  terminate,
  softDelete,
  restore,
  start,
  stop,
  reboot,
  pause,
  unpause,
  suspend,
  resume,
  rescue,
  unrescue,
  resize,
  confirmResize,
  revertResize,
  liveMigrate,
  abortLiveMigration,
  forceCompleteLiveMigration,
  rebuild,
  evacuate,
  createImage,
  createVolumeImage,
  createBackup,
  triggerCrashDump,
  changePassword,
  attachInterface,
  detachInterface,
  attachVolume,
  detachVolume,
  swapVolume,
  extendVolume,
  powerUpdate,
  shelve,
  shelveOffload,
  unshelve,
]

export const operations: Readonly<Record<string, AnyOperation>> = Object.fromEntries(
  all.map(operation => [operation.kind, operation]),
)
