// What the image service refuses, in the words of the service we are compatible with.
import type { ErrorRow } from './row.ts'

export const imageErrors = {
  // Finding and permission
  ImageUnknown: { status: 404, text: 'No image found with ID {image}', type: 'ImageNotFound' },
  ImageUnknownHere: { status: 404, text: 'Image {image} not found.', type: 'ImageNotFound' },
  ImageUnknownToDelete: {
    status: 404,
    text: 'Failed to find image {image} to delete',
    type: 'ImageNotFound',
  },
  ImageMarkerUnknown: { status: 400, text: 'No image found with ID {image}', type: 'ImageNotFound' },
  ImageForbidden: {
    status: 403,
    text: 'You are not authorized to complete {action} action.',
    type: 'Forbidden',
  },
  ImageOwnerForbidden: {
    status: 403,
    text: "You are not permitted to create images owned by '{owner}'",
    type: 'Forbidden',
  },
  ImageOwnerChangeForbidden: {
    status: 403,
    text: "Owner can't be updated by non admin.",
    type: 'Forbidden',
  },
  ImageProtected: {
    status: 403,
    text: 'Image {image} is protected and cannot be deleted.',
    type: 'ProtectedImageDelete',
  },

  // Bodies and attributes
  ImageBodyMissing: { status: 400, text: 'Body expected in request.' },
  ImageBodyMalformed: { status: 400, text: 'Malformed JSON in request body.' },
  ImageInvalid: {
    status: 400,
    text: "Provided object does not match schema '{schema}': {reason}",
    type: 'InvalidObject',
  },
  ImageParameterInvalid: {
    status: 400,
    text: "Invalid value '{value}' for parameter '{parameter}': {reason}",
    type: 'InvalidParameterValue',
  },
  ImagePropertyNameTooLong: {
    status: 400,
    text: 'Custom property should not be greater than 255 characters.',
  },
  ImageAttributeReadOnly: {
    status: 403,
    text: "Attribute '{attribute}' is read-only.",
    type: 'ReadonlyProperty',
  },
  ImageAttributeReserved: {
    status: 403,
    text: "Attribute '{attribute}' is reserved.",
    type: 'ReservedProperty',
  },
  ImageFormatFixed: {
    status: 403,
    text: 'Attribute {attribute} can be only replaced for a queued image.',
    type: 'Forbidden',
  },
  ImageIdTaken: { status: 409, text: 'Image ID {image} already exists!', type: 'Duplicate' },
  ImagePropertiesTooMany: {
    status: 413,
    text: 'The limit has been exceeded on the number of allowed image properties. Attempted: {attempted}, Maximum: {maximum}',
    type: 'ImagePropertyLimitExceeded',
  },
  ImageTagsTooMany: {
    status: 413,
    text: 'The limit has been exceeded on the number of allowed image tags. Attempted: {attempted}, Maximum: {maximum}',
    type: 'ImageTagLimitExceeded',
  },

  // Changes by JSON patch
  ImagePatchType: { status: 415, text: 'The request media type {type} is not supported by this server.' },
  ImagePatchNotList: { status: 400, text: 'Request body must be a JSON array of operation objects.' },
  ImagePatchNotObject: { status: 400, text: 'Operations must be JSON objects.' },
  ImagePatchNoOperation: {
    status: 400,
    text: 'Unable to find `op` in JSON Schema change. It must be one of the following: add, remove, replace.',
  },
  ImagePatchOperationUnknown: {
    status: 400,
    text: 'Invalid operation: `{operation}`. It must be one of the following: add, remove, replace.',
  },
  ImagePatchOperationsMany: {
    status: 400,
    text: 'Operation objects must contain only one member named "add", "remove", or "replace".',
  },
  ImagePatchOperationMissing: {
    status: 400,
    text: 'Operation objects must contain exactly one member named "add", "remove", or "replace".',
  },
  ImagePatchNoPath: { status: 400, text: "Unable to find 'path' in JSON Schema change" },
  ImagePatchNoValue: { status: 400, text: 'Operation "{operation}" requires a member named "value".' },
  ImagePointerNoSlash: { status: 400, text: 'Pointer `{pointer}` does not start with "/".' },
  ImagePointerAdjacent: { status: 400, text: 'Pointer `{pointer}` contains adjacent "/".' },
  ImagePointerEndsWithSlash: { status: 400, text: 'Pointer `{pointer}` end with "/".' },
  ImagePointerEscape: {
    status: 400,
    text: 'Pointer `{pointer}` contains "~" not part of a recognized escape sequence.',
  },
  ImagePointerTooDeep: { status: 400, text: "Invalid JSON pointer for this resource: '/{path}'" },
  ImagePropertyPresent: { status: 409, text: 'Property {property} already present.' },
  ImagePropertyAbsent: { status: 409, text: 'Property {property} does not exist.' },
  ImagePropertyFixed: { status: 403, text: 'Property {property} may not be removed.' },
  ImageLocationsHidden: {
    status: 403,
    text: "It's not allowed to {operation} locations if locations are invisible.",
  },
  ImageLocationsEmpty: { status: 403, text: 'Cannot set locations to empty list.' },

  // Lists
  ImageLimitNotInteger: { status: 400, text: 'limit param must be an integer' },
  ImageLimitNegative: { status: 400, text: 'limit param must be positive' },
  ImageSortKeyInvalid: {
    status: 400,
    text: 'Invalid sort key: {key}. It must be one of the following: {available}.',
  },
  ImageSortDirectionInvalid: { status: 400, text: 'Invalid sort direction: {direction}' },
  ImageSortMixed: { status: 400, text: 'Old and new sorting syntax cannot be combined' },
  ImageSortUneven: { status: 400, text: 'Number of sort dirs does not match the number of sort keys' },
  ImageFilterBoolean: {
    status: 400,
    text: "Invalid value '{value}' for '{filter}' filter. Valid values are 'true' or 'false'.",
  },
  ImageFilterVisibility: { status: 400, text: 'Invalid visibility value: {value}' },
  ImageFilterMemberStatus: { status: 400, text: 'Invalid status: {value}' },
  ImageFilterOperator: { status: 400, text: "Unable to filter by unknown operator '{operator}'." },
  ImageFilterRange: { status: 400, text: 'Unable to filter on a range with a non-numeric value.' },
  ImageFilterTime: {
    status: 400,
    text: 'Bad "{filter}" query filter format. Use ISO 8601 DateTime notation.',
  },
  ImageFilterQuoteOpen: { status: 400, text: 'Invalid filter value {value}. The quote is not closed.' },
  ImageFilterQuoteBefore: {
    status: 400,
    text: 'Invalid filter value {value}. There is no comma before opening quotation mark.',
  },
  ImageFilterQuoteAfter: {
    status: 400,
    text: 'Invalid filter value {value}. There is no comma after closing quotation mark.',
  },
  ImageChangesSinceGone: {
    status: 400,
    text: 'The "changes-since" filter is no longer available on v2.',
  },

  // Data
  ImageDataType: { status: 415, text: 'Invalid content type {type}', type: 'InvalidContentType' },
  ImageStatusTransition: {
    status: 409,
    text: 'Image status transition from {from} to {to} is not allowed',
    type: 'InvalidImageStatusTransition',
  },
  ImageFormatUnset: { status: 400, text: 'Property {properties} must be set prior to saving data.' },
  ImageFormatsUnset: { status: 400, text: 'Properties {properties} must be set prior to saving data.' },
  ImageTooLarge: {
    status: 413,
    text: 'The incoming image is too large: The provided image is too large.',
    type: 'ImageSizeLimitExceeded',
  },
  ImageStorageFull: {
    status: 413,
    text: 'Image storage media is full: There is not enough disk space on the image storage media.',
    retryable: true,
    type: 'StorageFull',
  },
  ImageStorageDenied: {
    status: 503,
    text: 'Insufficient permissions on image storage media: Permission to write image storage media denied.',
    type: 'StorageWriteDenied',
  },
  ImageUploadBroken: { status: 400, text: 'The upload ended before all of the image data had arrived.' },
  ImageGoneDuringUpload: {
    status: 410,
    text: 'Image {image} could not be found after upload. The image may have been deleted during the upload, cleaning up the chunks uploaded.',
  },
  ImageDeactivated: {
    status: 403,
    text: 'The requested image has been deactivated. Image data download is forbidden.',
    type: 'Forbidden',
  },
  ImageDataLost: { status: 500, text: 'The data of image {image} is missing from the image storage media.' },
  ImageStoreUnknown: {
    status: 400,
    text: 'Store for identifier {store} not found',
    type: 'UnknownScheme',
  },
  ImageRangeInvalid: { status: 416, text: 'Invalid Range header.' },
  ImageRangeStart: {
    status: 416,
    text: 'Invalid start position in Range header. Start position MUST be in the inclusive range [0, {last}].',
  },
  ImageRangeMany: {
    status: 400,
    text: 'Requests with multiple ranges are not supported in Glance. You may make multiple single-range requests instead.',
  },
  ImageActionState: {
    status: 403,
    text: "Not allowed to {action} image in status '{status}'",
    type: 'Forbidden',
  },

  // Import
  ImageImportNoMethod: { status: 400, text: "Import request requires a 'method' field." },
  ImageImportNoName: { status: 400, text: "Import request requires a 'name' field." },
  ImageImportMethodUnknown: { status: 400, text: "Unknown import method name '{method}'." },
  ImageImportActive: { status: 409, text: 'Image with status active cannot be target for import' },
  ImageImportNotStaged: {
    status: 409,
    text: "Image needs to be staged before 'glance-direct' method can be used",
  },
  ImageImportFormatUnset: { status: 409, text: "'{property}' needs to be set before import" },

  // Tags
  ImageTagsForbidden: { status: 403, text: 'Not allowed to update tags for image {image}.' },

  // Members
  ImageMembersForbidden: { status: 403, text: 'Not allowed to {action} members for image {image}.' },
  ImageMembersNotShared: {
    status: 403,
    text: 'Not allowed to list members for image {image}: Only shared images have members.',
  },
  ImageMemberHidden: { status: 404, text: 'Only shared images have members.' },
  ImageMemberUnknown: {
    status: 404,
    text: '{member} not found in the member list of the image {image}.',
  },
  ImageMemberTaken: { status: 409, text: 'Member {member} is duplicated for image {image}' },
  ImageMemberUnspecified: { status: 400, text: 'Member to be added not specified' },
  ImageMemberEmpty: { status: 400, text: "Member can't be empty" },
  ImageMemberForm: { status: 400, text: 'Expected a member in the form: {"member": "image_id"}' },
  ImageMemberStatusUnspecified: { status: 400, text: 'Status not specified' },
  ImageMemberStatusForm: { status: 400, text: 'Expected a status in the form: {"status": "status"}' },
  ImageMemberStatusInvalid: {
    status: 400,
    text: 'Incorrect request: Status must be "pending", "accepted" or "rejected".',
  },
  ImageMembersTooMany: {
    status: 413,
    text: 'Image member limit exceeded for image {image}: The limit has been exceeded on the number of allowed image members for this image. Attempted: {attempted}, Maximum: {maximum}:',
    type: 'ImageMemberLimitExceeded',
  },
} satisfies Record<string, ErrorRow>
