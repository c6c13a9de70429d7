// What the placement service refuses, in the words of the service we are compatible with. The sentence is what stands
// in `detail` after the general one of the status; the code of 1.23 stands in placement/faults.ts.
import type { ErrorRow } from './row.ts'

export const placementErrors = {
  PlacementVersionUnknown: {
    status: 406,
    text: 'Invalid microversion: Unacceptable version header: {version}',
  },
  PlacementVersionMalformed: {
    status: 400,
    text: 'Invalid microversion: invalid version string: {version}',
  },
  PlacementMethodNotAllowed: {
    status: 405,
    text: 'The method specified is not allowed for this resource.',
  },

  PlacementProviderNotFound: {
    status: 404,
    text: 'No resource provider with uuid {provider} found',
    type: 'NotFound',
  },
  PlacementProviderNotFoundForDelete: {
    status: 404,
    text: 'No resource provider with uuid {provider} found for delete',
    type: 'NotFound',
  },
  PlacementProviderExists: {
    status: 409,
    text: 'Conflicting resource provider {duplicate} already exists.',
    type: 'Exists',
  },
  PlacementProviderNotCreated: {
    status: 400,
    text: 'Unable to create resource provider "{name}", {provider}: Object action create failed because: {reason}',
    type: 'ObjectActionError',
  },
  PlacementProviderNotSaved: {
    status: 400,
    text: 'Unable to save resource provider {provider}: Object action update failed because: {reason}',
    type: 'ObjectActionError',
  },
  PlacementProviderInUse: {
    status: 409,
    text: 'Unable to delete resource provider {provider}: Resource provider has allocations.',
    type: 'ResourceProviderInUse',
  },
  PlacementProviderIsParent: {
    status: 409,
    text: 'Unable to delete parent resource provider {provider}: It has child resource providers.',
    type: 'CannotDeleteParentResourceProvider',
  },

  PlacementGenerationConflict: {
    status: 409,
    text: 'resource provider generation conflict',
    retryable: true,
  },
  PlacementGenerationChanged: {
    status: 409,
    text: "Resource provider's generation already changed. Please update the generation and try again.",
    retryable: true,
  },
  PlacementInventoryExists: {
    status: 409,
    text: 'Update conflict: there is an inventory of class {class} on resource provider {provider} already',
  },
  PlacementInventoryInvalid: {
    status: 400,
    text: "Unable to {action} inventory for resource provider {provider}: Invalid inventory for '{class}' on resource provider '{provider}'. The reserved value is greater than {bound}.",
    type: 'InvalidInventoryCapacity',
  },
  PlacementInventoryClassUnknown: {
    status: 400,
    text: 'Unable to create inventory for resource provider {provider}: No such resource class {class}.',
    type: 'ResourceClassNotFound',
  },
  PlacementInventoriesClassUnknown: {
    status: 400,
    text: 'Unknown resource class in inventory for resource provider {provider}: No such resource class {class}.',
    type: 'ResourceClassNotFound',
  },
  PlacementInventoryNotFound: { status: 404, text: 'No inventory of class {class} for {provider}' },
  PlacementInventoryNotFoundForUpdate: {
    status: 400,
    text: 'No inventory record with resource class for resource provider {provider}: No inventory of class {class} found.',
    type: 'InventoryWithResourceClassNotFound',
  },
  PlacementInventoryNotFoundForDelete: {
    status: 404,
    text: 'No inventory of class {class} found for delete: No inventory of class {class} found.',
    type: 'NotFound',
  },
  // Nova reads the class and the provider out of this sentence.
  PlacementInventoryInUse: {
    status: 409,
    text: "{prefix}Inventory for '{classes}' on resource provider '{provider}' in use.",
    type: 'InventoryInUse',
  },

  PlacementAllocationOverCapacity: {
    status: 409,
    text: "Unable to allocate inventory: Unable to create allocation for '{class}' on resource provider '{provider}'. The requested amount would exceed the capacity.",
    retryable: true,
    type: 'InvalidAllocationCapacityExceeded',
  },
  PlacementAllocationViolates: {
    status: 409,
    text: "Unable to allocate inventory: Unable to create allocation for '{class}' on resource provider '{provider}'. The requested amount would violate inventory constraints.",
    type: 'InvalidAllocationConstraintsViolated',
  },
  PlacementAllocationNoInventory: {
    status: 409,
    text: "Unable to allocate inventory: Inventory for '{class}' on resource provider '{provider}' invalid.",
    type: 'InvalidInventory',
  },
  PlacementAllocationClassUnknown: {
    status: 400,
    text: 'Unable to allocate inventory for consumer {consumer}: No such resource class {class}.',
    type: 'ResourceClassNotFound',
  },
  PlacementAllocationProviderUnknown: {
    status: 400,
    text: "Allocation for resource provider '{provider}' that does not exist.",
  },
  PlacementAllocationsNotFound: { status: 404, text: "No allocations for consumer '{consumer}'" },
  PlacementProviderNotFoundForAllocations: {
    status: 404,
    text: "Resource provider '{provider}' not found: No resource provider with uuid {provider} found",
    type: 'NotFound',
  },
  PlacementConsumerMalformed: { status: 400, text: 'Malformed consumer_uuid: {consumer}' },
  PlacementConsumerConflict: {
    status: 409,
    text: 'consumer generation conflict - expected {expected} but got {got}',
    retryable: true,
  },

  PlacementTraitNotFound: { status: 404, text: 'No such trait(s): {names}.', type: 'TraitNotFound' },
  PlacementTraitUnknown: { status: 400, text: 'No such trait(s): {names}.', type: 'TraitNotFound' },
  PlacementTraitsUnknown: { status: 400, text: 'No such trait {names}' },
  PlacementTraitsRequiredUnknown: {
    status: 400,
    text: 'Invalid trait(s) in "required" parameter: No such trait(s): {names}.',
    type: 'TraitNotFound',
  },
  PlacementTraitInvalid: {
    status: 400,
    text: 'The trait is invalid. A valid trait must be no longer than 255 characters, start with the prefix "CUSTOM_" and use following characters: "A"-"Z", "0"-"9" and "_"',
  },
  PlacementTraitStandard: {
    status: 400,
    text: 'Cannot delete standard trait {name}.',
    type: 'TraitCannotDeleteStandard',
  },
  PlacementTraitInUse: {
    status: 409,
    text: 'The trait {name} is in use by a resource provider.',
    type: 'TraitInUse',
  },

  PlacementClassNotFound: {
    status: 404,
    text: 'No such resource class {class}.',
    type: 'ResourceClassNotFound',
  },
  PlacementClassUnknown: {
    status: 400,
    text: 'Invalid resource class in resources parameter: No such resource class {class}.',
    type: 'ResourceClassNotFound',
  },
  PlacementClassExists: { status: 409, text: 'Conflicting resource class already exists: {class}' },
  PlacementClassRenameExists: { status: 409, text: 'Resource class already exists: {class}' },
  PlacementClassStandard: { status: 400, text: 'Cannot update standard resource class {class}' },
  PlacementClassStandardDelete: {
    status: 400,
    text: 'Error in delete resource class: Cannot delete standard resource class {class}.',
    type: 'ResourceClassCannotDeleteStandard',
  },
  PlacementClassInUse: {
    status: 409,
    text: 'Error in delete resource class: Cannot delete resource class {class}. Class is in use in inventory.',
    type: 'ResourceClassInUse',
  },

  PlacementQueryBad: { status: 400, text: '{reason}' },
  PlacementQueryDuplicate: { status: 400, text: 'Multiple {name} parameters are not supported' },
} satisfies Record<string, ErrorRow>
