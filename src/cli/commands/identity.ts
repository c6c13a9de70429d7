// `token issue`, `catalog list`, `project list`, `user list`.
import { asItems, type Item, itemOf, itemsOf, textOf } from '../item.ts'
import { type Cell, formatted } from '../output/cells.ts'
import { column, list, long, longOption, show } from '../row.ts'

export const identityRows = [
  show({
    words: 'token issue',
    help: 'get a token',
    examples: ['token issue', 'token issue -f value -c id'],
    run: async call => {
      const { id, body } = await call.cloud.token()
      const fields: Record<string, Cell> = {
        expires: textOf(body, 'expires_at').replace(/\.\d+Z$|Z$/, '+0000'),
        id,
        user_id: itemOf(body, 'user').id,
      }
      const project = itemOf(body, 'project').id
      if (project !== undefined) fields.project_id = project
      const domain = itemOf(body, 'domain').id
      if (domain !== undefined) fields.domain_id = domain
      if (body.system !== undefined) fields.system = 'all'
      return fields
    },
  }),
  list({
    words: 'catalog list',
    help: 'list services and where they are',
    examples: ['catalog list'],
    columns: [column('Name', 'name'), column('Type', 'type'), column('Endpoints', endpoints)],
    run: async call => itemsOf((await call.cloud.token()).body, 'catalog'),
  }),
  list({
    words: 'project list',
    help: 'list projects: all for administrators, else your own',
    options: [longOption],
    examples: ['project list'],
    columns: [
      column('ID', 'id'),
      column('Name', 'name'),
      column('Domain ID', 'domain_id', long),
      column('Description', 'description', long),
      column('Enabled', 'enabled', long),
    ],
    run: async call => {
      const { identity } = call.cloud
      const all = await identity.request('GET', '/projects', { allow: [403] })
      return itemsOf(all.status === 403 ? await identity.get('/auth/projects') : all.body, 'projects')
    },
  }),
  list({
    words: 'user list',
    help: 'list users (administrators)',
    options: [longOption],
    examples: ['user list'],
    columns: [
      column('ID', 'id'),
      column('Name', 'name'),
      column('Project', 'default_project_id', long),
      column('Domain', 'domain_id', long),
      column('Description', 'description', long),
      column('Email', 'email', long),
      column('Enabled', 'enabled', long),
    ],
    run: call => call.cloud.identity.list('/users', 'users'),
  }),
]

function endpoints(service: Item): Cell {
  const all = asItems(service.endpoints)
  const lines = all.map(
    one =>
      `${textOf(one, 'region_id') || textOf(one, 'region') || '<none>'}\n  ${textOf(one, 'interface')}: ${textOf(one, 'url')}\n`,
  )
  return formatted(lines.join(''), all)
}
