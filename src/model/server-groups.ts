// Policies a server group can have (nova/objects/fields.py).

export type GroupPolicy = 'affinity' | 'anti-affinity' | 'soft-affinity' | 'soft-anti-affinity'
