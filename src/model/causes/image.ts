// Images: not there, not fit, not readable.
import type { CauseRow } from './row.ts'

export const imageCauses = {
  'Image.NotFound': {
    sentence: 'The image does not exist, or the project may not see it.',
    fault: 'request',
    remedy: 'Name an image that exists.',
  },
  'Image.NotActive': {
    sentence: 'The image has no data yet, or is deactivated.',
    fault: 'request',
    remedy: 'Wait until the image is active, or use another.',
  },
  'Image.Unacceptable': {
    sentence: 'The host cannot use the image.',
    fault: 'request',
    remedy: 'Correct the image or its properties, or use another.',
  },
  'Image.TooLarge': {
    sentence: 'The image is larger than the disk of the flavor.',
    fault: 'request',
    remedy: 'Choose a flavor with a larger disk, or boot from a volume.',
  },
  'Image.MinDisk': {
    sentence: 'The disk of the flavor is smaller than the image asks for.',
    fault: 'request',
    remedy: 'Choose a flavor with a larger disk, or boot from a volume.',
  },
  'Image.MinRam': {
    sentence: 'The memory of the flavor is smaller than the image asks for.',
    fault: 'request',
    remedy: 'Choose a flavor with more memory.',
  },
  'Image.Format': {
    sentence: 'The data of the image is not what its format says, or the format is not allowed.',
    fault: 'request',
    remedy: 'Upload the image again in the right format.',
  },
  'Image.Signature': {
    sentence: 'The signature of the image could not be verified.',
    fault: 'request',
    remedy: 'Sign the image again, or name a certificate that can be trusted.',
  },
  'Image.Checksum': {
    sentence: 'The data of the image arrived damaged.',
    fault: 'cloud',
    remedy: 'Try again. When it comes back, an administrator checks the image store.',
  },
  'Image.Download': {
    sentence: 'The image could not be downloaded.',
    fault: 'cloud',
    remedy: 'An administrator looks at glance-api and at the way from the host to it.',
  },
  'Image.Unreachable': {
    sentence: 'The image service does not answer.',
    fault: 'cloud',
    remedy: 'An administrator looks at glance-api and at its address in the configuration of compute.',
  },
  'Image.Forbidden': {
    sentence: 'The project may not use the image like this.',
    fault: 'request',
    remedy: 'Use an image of the project.',
  },
  'Image.StorageFull': {
    sentence: 'The image store is full.',
    fault: 'capacity',
    remedy: 'Delete images. An administrator makes room in the store.',
  },
  'Image.UploadTooLarge': {
    sentence: 'The image is larger than the image service takes.',
    fault: 'request',
    remedy: 'Make the disk smaller, or ask an administrator for a higher limit.',
  },
  'Image.SnapshotFailed': {
    sentence: 'An image of the server could not be made.',
    fault: 'cloud',
    remedy: 'Try again. An administrator looks at the host and at glance-api.',
  },
  'Image.Protected': {
    sentence: 'The image is protected.',
    fault: 'request',
    remedy: 'Take the protection away first.',
  },
  'Image.Properties': {
    sentence: 'Properties of the image contradict each other or the flavor.',
    fault: 'request',
    remedy: 'Correct the properties of the image or the flavor.',
  },
} as const satisfies Readonly<Record<string, CauseRow>>
