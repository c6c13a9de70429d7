// What the volume service refuses, in the words of the service we are compatible with (cinder/exception.py).
import type { ErrorRow } from './row.ts'

export const volumeErrors = {
  VolumeBadRequest: { status: 400, text: '{reason}' },
  VolumeInputInvalid: { status: 400, text: 'Invalid input received: {reason}', type: 'InvalidInput' },
  VolumeRouteVersion: {
    status: 404,
    text: 'API version {version} is not supported on this method.',
    type: 'VersionNotFoundForAPIMethod',
  },
  VolumeTypeNotFound: {
    status: 404,
    text: 'Volume type {type} could not be found.',
    type: 'VolumeTypeNotFound',
  },
  VolumeTypeNotFoundByName: {
    status: 404,
    text: 'Volume type with name {name} could not be found.',
    type: 'VolumeTypeNotFoundByName',
  },
  VolumeTypeExists: { status: 409, text: 'Volume Type {name} already exists.', type: 'VolumeTypeExists' },
  VolumeTypeInUse: { status: 400, text: 'Target volume type is still in use.', type: 'VolumeTypeInUse' },
  VolumeTypeIsDefault: {
    status: 400,
    text: 'The volume type {type} is the default and cannot be deleted.',
    type: 'VolumeTypeDefaultDeletionError',
  },
  VolumeTypeInvalid: { status: 400, text: 'Invalid volume type: {reason}', type: 'InvalidVolumeType' },
  VolumeTypeSpecNotFound: {
    status: 404,
    text: 'Volume Type {type} has no extra specs with key {key}.',
    type: 'VolumeTypeExtraSpecsNotFound',
  },
  VolumeTypeAccessExists: {
    status: 409,
    text: 'Volume type access for {type} / {project} combination already exists.',
    type: 'VolumeTypeAccessExists',
  },
  VolumeTypeAccessPublic: { status: 404, text: 'Access list not available for public volume types.' },
  VolumeTypeAccessNotFound: {
    status: 404,
    text: 'Volume type access not found for {type} / {project} combination.',
    type: 'VolumeTypeAccessNotFound',
  },
} satisfies Record<string, ErrorRow>
