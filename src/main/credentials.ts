// How people reach the cloud: clouds.yaml with two clouds, and the same as shell files. All 0600.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Passwords } from './data-folder.ts'

export const region = 'RegionOne'

const accounts = [
  { cloud: 'faultline', rc: 'openrc', user: 'demo', project: 'demo' },
  { cloud: 'faultline-admin', rc: 'openrc-admin', user: 'admin', project: 'admin' },
] as const

export function writeCredentials(folder: string, origin: string, passwords: Passwords): void {
  const authUrl = `${origin}/identity/v3`
  const clouds = accounts.map(({ cloud, user, project }) =>
    [
      `  ${cloud}:`,
      '    auth:',
      `      auth_url: ${authUrl}`,
      `      username: ${user}`,
      `      password: ${passwords[user]}`,
      `      project_name: ${project}`,
      '      user_domain_name: Default',
      '      project_domain_name: Default',
      `    region_name: ${region}`,
      '    identity_api_version: 3',
    ].join('\n'),
  )
  writePrivate(join(folder, 'clouds.yaml'), `clouds:\n${clouds.join('\n')}\n`)
  for (const { rc, user, project } of accounts) {
    const variables = {
      OS_AUTH_URL: authUrl,
      OS_USERNAME: user,
      OS_PASSWORD: passwords[user],
      OS_PROJECT_NAME: project,
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
      OS_REGION_NAME: region,
      OS_IDENTITY_API_VERSION: '3',
    }
    const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}`)
    writePrivate(join(folder, rc), `${lines.join('\n')}\n`)
  }
}

const writePrivate = (path: string, text: string): void => writeFileSync(path, text, { mode: 0o600 })
