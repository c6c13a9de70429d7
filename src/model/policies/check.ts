// What a policy rule may ask of the caller.

/**
 * any: every authenticated caller. reader, member, manager: that role on the target's project, or admin.
 * owner: the target's own user, or admin. service: the `service` role, or admin. admin: the admin role.
 */
export type PolicyCheck = 'any' | 'reader' | 'member' | 'manager' | 'owner' | 'service' | 'admin'
