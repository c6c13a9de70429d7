// Somebody of another project, for tests of what must not be seen.
import type { TestCloud } from './cloud.ts'
import { type Answer, askHttp } from './one-service.ts'

export interface Tenant {
  readonly projectId: string
  readonly userId: string
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>
}

/** A new project with one user, who has `role` on it. */
export async function newTenant(cloud: TestCloud, name: string, role = 'member'): Promise<Tenant> {
  const identity = async (method: string, path: string, body?: unknown) =>
    (await cloud.ask(method, `/identity/v3${path}`, { as: 'admin', ...(body === undefined ? {} : { body }) }))
      .body
  const { project } = await identity('POST', '/projects', { project: { name, domain_id: 'default' } })
  const { user } = await identity('POST', '/users', {
    user: { name, password: 'a-password', domain_id: 'default' },
  })
  const { roles } = await identity('GET', `/roles?name=${role}`)
  await identity('PUT', `/projects/${project.id}/users/${user.id}/roles/${roles[0].id}`)
  const login = await askHttp(cloud.origin, 'POST', '/identity/v3/auth/tokens', {
    as: null,
    body: {
      auth: {
        identity: { methods: ['password'], password: { user: { id: user.id, password: 'a-password' } } },
        scope: { project: { id: project.id } },
      },
    },
  })
  const token = login.headers.get('x-subject-token') ?? ''
  return {
    projectId: project.id,
    userId: user.id,
    ask: (method, path, body, headers) =>
      askHttp(cloud.origin, method, path, {
        as: null,
        ...(body === undefined ? {} : { body }),
        headers: { 'x-auth-token': token, 'openstack-api-version': 'compute latest', ...headers },
      }),
  }
}
