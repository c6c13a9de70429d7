// Policy rules and their defaults. A rule names who may; the target is the resource's project and user.
// Nova's defaults (enforce_scope, new defaults): a project role is checked against the resource's own project.
import type { PolicyCheck } from './policies/check.ts'
import { computePolicies } from './policies/compute.ts'
import { identityPolicies } from './policies/identity.ts'
import { imagePolicies } from './policies/image.ts'
import { networkPolicies } from './policies/network.ts'
import { placementPolicies } from './policies/placement.ts'
import { tracePolicies } from './policies/trace.ts'
import { volumePolicies } from './policies/volume.ts'

export const policies = {
  ...identityPolicies,
  ...imagePolicies,
  ...networkPolicies,
  ...placementPolicies,
  ...volumePolicies,
  ...computePolicies,
  ...tracePolicies,
} satisfies Record<string, PolicyCheck>

export type PolicyRule = keyof typeof policies

export interface PolicyActor {
  readonly userId: string
  readonly project: { readonly id: string } | null
  readonly roles: readonly string[]
  readonly isAdmin: boolean
}

/** What is acted on. Without a project id, the actor's own project is meant. */
export interface PolicyTarget {
  readonly projectId?: string | null
  readonly userId?: string | null
}

/** True when `actor` may do `rule` on `target`. */
export function allows(actor: PolicyActor, rule: PolicyRule, target: PolicyTarget = {}): boolean {
  const check: PolicyCheck = policies[rule]
  if (check === 'any' || actor.isAdmin) return true
  switch (check) {
    case 'admin':
      return false
    case 'service':
      return actor.roles.includes('service')
    case 'owner':
      return target.userId === undefined || target.userId === actor.userId
    default:
      return (
        actor.project !== null &&
        actor.roles.includes(check) &&
        (target.projectId === undefined || target.projectId === actor.project.id)
      )
  }
}
