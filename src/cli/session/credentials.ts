// Who we are and where the cloud is: --os-* options, OS_* variables, clouds.yaml; the same sources and names as
// the openstack client.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isObject } from '../../base/json.ts'
import { CliError } from '../errors.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** One setting with its three names: `--os-auth-url`, `OS_AUTH_URL`, `auth_url` in clouds.yaml. */
interface SettingRow {
  readonly value: string
  readonly help: string
}

export const settings = {
  auth_type: { value: 'TYPE', help: 'password, v3token or v3applicationcredential' },
  auth_url: { value: 'URL', help: 'identity endpoint' },
  username: { value: 'NAME', help: 'user name' },
  user_id: { value: 'ID', help: 'user id' },
  password: { value: 'TEXT', help: 'password' },
  token: { value: 'TOKEN', help: 'use this token' },
  project_name: { value: 'NAME', help: 'project name' },
  project_id: { value: 'ID', help: 'project id' },
  user_domain_name: { value: 'NAME', help: "the user's domain" },
  user_domain_id: { value: 'ID', help: "the user's domain" },
  project_domain_name: { value: 'NAME', help: "the project's domain" },
  project_domain_id: { value: 'ID', help: "the project's domain" },
  domain_name: { value: 'NAME', help: 'scope to this domain instead of a project' },
  domain_id: { value: 'ID', help: 'scope to this domain instead of a project' },
  system_scope: { value: 'all', help: 'scope to the system instead of a project' },
  application_credential_id: { value: 'ID', help: 'application credential' },
  application_credential_name: { value: 'NAME', help: 'application credential of the user' },
  application_credential_secret: { value: 'TEXT', help: 'its secret' },
  region_name: { value: 'REGION', help: 'region of the endpoints' },
  interface: { value: 'public|internal|admin', help: 'interface of the endpoints' },
  compute_api_version: {
    value: 'VERSION',
    help: 'compute API version (default: the newest both sides know)',
  },
} as const satisfies Record<string, SettingRow>

export type SettingName = keyof typeof settings
export const settingNames = Object.keys(settings) as readonly SettingName[] // the table's own keys

/** What is known about the cloud to talk to. `source` says where it came from, for error messages. */
export type Credentials = { readonly [Name in SettingName]?: string } & {
  readonly auth_url: string
  readonly source: string
}

export interface CredentialSources {
  /** From the command line, by setting name. */
  readonly options: Readonly<Partial<Record<SettingName, string>>>
  /** `--os-cloud`. */
  readonly cloud: string | undefined
  /** `--data`: the data directory of a faultline cloud. */
  readonly data: string | undefined
  readonly environment: Environment
  /** Where `./clouds.yaml` is looked for. */
  readonly directory: string
}

/**
 * Options win over the named cloud (`--os-cloud`, `--data`, `OS_CLOUD`), which wins over `OS_*` variables. With
 * nothing given, the cloud whose data directory is ./.faultline is meant.
 */
export async function findCredentials(sources: CredentialSources): Promise<Credentials> {
  const { environment, options } = sources
  const named = sources.cloud ?? (sources.data === undefined ? environment.OS_CLOUD : 'faultline')
  if (named !== undefined && named !== '')
    return complete({ ...(await fromFile(sources, named)), ...options })
  const variables = fromEnvironment(environment)
  if (options.auth_url ?? variables.auth_url)
    return complete({ source: options.auth_url ? '--os-auth-url' : 'OS_AUTH_URL', ...variables, ...options })
  const own = await readClouds(join(sources.directory, '.faultline', 'clouds.yaml'))
  if (own?.clouds.faultline === undefined)
    throw new CliError('no cloud is given, and there is none in ./.faultline', {
      hint: 'start one here with: faultline up\nor name one: --os-cloud NAME, --data DIR, or OS_* variables',
    })
  return complete({ ...flatten(own.clouds.faultline), source: own.path, ...options })
}

type Found = { -readonly [Name in SettingName]?: string } & { source: string }

function complete(found: Found): Credentials {
  const { auth_url } = found
  if (auth_url === undefined || auth_url === '')
    throw new CliError(`${found.source} names no auth_url`, { hint: 'give --os-auth-url URL or OS_AUTH_URL' })
  return { ...found, auth_url: auth_url.replace(/\/+$/, '') }
}

function fromEnvironment(environment: Environment): Partial<Record<SettingName, string>> {
  const found: Partial<Record<SettingName, string>> = {}
  for (const name of settingNames) {
    const value = environment[`OS_${name.toUpperCase()}`]
    if (value !== undefined && value !== '') found[name] = value
  }
  found.project_name ??= environment.OS_TENANT_NAME
  found.project_id ??= environment.OS_TENANT_ID
  return found
}

async function fromFile(sources: CredentialSources, name: string): Promise<Found> {
  const { environment, directory } = sources
  const home = environment.HOME
  const paths =
    sources.data !== undefined
      ? [join(resolve(directory, sources.data), 'clouds.yaml')]
      : [
          ...(environment.OS_CLIENT_CONFIG_FILE ? [environment.OS_CLIENT_CONFIG_FILE] : []),
          join(directory, 'clouds.yaml'),
          join(directory, '.faultline', 'clouds.yaml'),
          ...(home ? [join(home, '.config', 'openstack', 'clouds.yaml')] : []),
          '/etc/openstack/clouds.yaml',
        ]
  const seen: string[] = []
  for (const path of paths) {
    const file = await readClouds(path)
    if (!file) continue
    const cloud = file.clouds[name]
    if (cloud !== undefined) return { ...flatten(cloud), source: `cloud '${name}' in ${path}` }
    seen.push(`${path} has ${Object.keys(file.clouds).join(', ') || 'no clouds'}`)
  }
  throw new CliError(
    `Cloud ${name} was not found${seen.length > 0 ? `: ${seen.join('; ')}` : `; looked for ${paths.join(', ')}`}`,
    seen.length > 0 ? {} : { hint: 'start one with: faultline up' },
  )
}

interface CloudsFile {
  readonly path: string
  readonly clouds: Readonly<Record<string, unknown>>
}

async function readClouds(path: string): Promise<CloudsFile | undefined> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // what readFileSync throws
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new CliError(`cannot read ${path}: ${code}`, { cause: error })
  }
  let parsed: unknown
  try {
    parsed = (await import('yaml')).parse(text) // loaded only by those who have such a file
  } catch (error) {
    throw new CliError(`${path} is not YAML: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    })
  }
  const clouds = isObject(parsed) && isObject(parsed.clouds) ? parsed.clouds : {}
  return { path, clouds }
}

/** Settings stand beside `auth:` or below it, and may be called tenant_name still. */
function flatten(cloud: unknown): Partial<Record<SettingName, string>> {
  if (!isObject(cloud)) return {}
  const all = { ...cloud, ...(isObject(cloud.auth) ? cloud.auth : {}) } as Record<string, unknown> // both are objects
  const found: Partial<Record<SettingName, string>> = {}
  for (const name of settingNames) {
    const value = all[name]
    if (typeof value === 'string' || typeof value === 'number') found[name] = String(value)
  }
  if (typeof all.tenant_name === 'string') found.project_name ??= all.tenant_name
  return found
}
