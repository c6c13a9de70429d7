// Volumes and what a server boots from.
import type { CauseRow } from './row.ts'

export const volumeCauses = {
  'Volume.NotFound': {
    sentence: 'The volume or snapshot does not exist.',
    fault: 'request',
    remedy: 'Name one that exists.',
  },
  'Volume.NotReady': {
    sentence: 'The volume is in a state in which it cannot be used.',
    fault: 'request',
    remedy: 'Wait until it is available, or use another.',
  },
  'Volume.AttachConflict': {
    sentence: 'The volume is attached already, or is being attached.',
    fault: 'request',
    remedy: 'Detach it first, or use another.',
  },
  'Volume.Timeout': {
    sentence: 'The volume was not ready in time.',
    fault: 'cloud',
    remedy: 'Make the volume first and boot from it. An administrator looks at cinder-volume.',
  },
  'Volume.CreateFailed': {
    sentence: 'The volume service could not make the volume.',
    fault: 'cloud',
    remedy: 'An administrator looks at the log of cinder-volume.',
  },
  'Volume.NoBackend': {
    sentence: 'No storage back end can take the volume.',
    fault: 'capacity',
    remedy:
      'Ask for a smaller volume or another type. An administrator looks at the log of cinder-scheduler.',
  },
  'Volume.ConnectFailed': {
    sentence: 'The host could not reach the storage of the volume.',
    fault: 'cloud',
    remedy: 'An administrator looks at the way from the host to the storage: iSCSI, multipath, Ceph.',
  },
  'Volume.AttachFailed': {
    sentence: 'The volume could not be attached.',
    fault: 'cloud',
    remedy: 'Try again. An administrator looks at the host and at cinder-volume.',
  },
  'Volume.DetachFailed': {
    sentence: 'The volume could not be detached.',
    fault: 'cloud',
    remedy: 'Make sure the guest has unmounted it, then try again.',
  },
  'Volume.ReimageFailed': {
    sentence: 'The volume could not be written anew from the image.',
    fault: 'cloud',
    remedy: 'Rebuild the server again. An administrator looks at the log of cinder-volume.',
  },
  'Volume.Multiattach': {
    sentence: 'The volume cannot be attached to several servers here.',
    fault: 'request',
    remedy: 'Use a volume type with multiattach, and a new enough microversion.',
  },
  'Volume.TooSmall': {
    sentence: 'The volume is smaller than what it is made from.',
    fault: 'request',
    remedy: 'Ask for a larger volume.',
  },
  'Volume.Zone': {
    sentence: 'The volume is in another availability zone than the server.',
    fault: 'request',
    remedy: 'Use a volume of the same zone.',
  },
  'Volume.Mapping': {
    sentence: 'The block device mapping does not make sense.',
    fault: 'request',
    remedy: 'Correct the block device mapping: one boot device, sources that exist, sizes that fit.',
  },
  'Volume.DeviceName': {
    sentence: 'The device name cannot be used.',
    fault: 'request',
    remedy: 'Leave the device name out.',
  },
  'Volume.TooMany': {
    sentence: 'The server has as many disks as it may.',
    fault: 'request',
    remedy: 'Detach a volume first.',
  },
  'Volume.NotAttached': {
    sentence: 'The volume is not attached to the server.',
    fault: 'request',
    remedy: 'Name a volume of this server.',
  },
  'Volume.Unreachable': {
    sentence: 'The volume service does not answer.',
    fault: 'cloud',
    remedy: 'An administrator looks at cinder-api and at its address in the configuration of compute.',
  },
  'Volume.Encryption': {
    sentence: 'The key of an encrypted volume could not be used.',
    fault: 'cloud',
    remedy: 'An administrator looks at the key manager.',
  },
} as const satisfies Readonly<Record<string, CauseRow>>
