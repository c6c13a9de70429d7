// tempest.conf of a cloud. What is switched off says why; the rest is as the cloud tells of itself, or tempest's default.
import type { Prepared } from './prepare.ts'

interface Off {
  readonly section: string
  readonly option: string
  /** Why the tests behind it are skipped. */
  readonly why: string
}

/** Everything switched off: by us, or by tempest's default where `real` says so. docs/tempest.md repeats it. */
export const switchedOff: readonly Off[] = [
  ...rows('compute-feature-enabled', {
    vnc_console: 'tests open the console and expect a guest to draw; simulated machines have no screen',
    spice_console: 'as vnc_console',
    stable_rescue: 'needs a device model of the guest; off in the real cloud too',
    swap_volume: 'off in the real cloud too: only libvirt with certain volumes does it',
    volume_multiattach: 'off in the real cloud too',
    attach_encrypted_volume: 'off in the real cloud too: nothing encrypts',
  }),
  ...rows('volume-feature-enabled', {
    multi_backend: 'there is one backend',
    extend_attached_encrypted_volume: 'nothing encrypts: there is no key manager',
  }),
  ...rows('identity-feature-enabled', {
    trust: 'OS-TRUST answers 501',
    access_rules: 'access rules of application credentials answer 501',
    security_compliance: 'no lockout and no history of passwords; off in the real cloud too',
  }),
  ...rows('image-feature-enabled', {
    manage_locations: 'an address of data is not told; off in the real cloud too',
    os_glance_reserved: 'for stores other than the one there is',
  }),
  ...rows('image', { image_caching_enabled: 'data lies in one place; nothing to cache' }),
  ...rows('validation', {
    run_validation: 'logs in to machines over SSH; simulated ones have nobody inside',
  }),
  ...rows('service_available', { swift: 'no object storage', horizon: 'no Horizon' }),
]

function rows(section: string, options: Readonly<Record<string, string>>): Off[] {
  return Object.entries(options).map(([option, why]) => ({ section, option, why }))
}

/** The file's text. `folder`: where tempest may put logs and locks. */
export function tempestConf(origin: string, folder: string, cloud: Prepared): string {
  const sections: Record<string, Record<string, string | number | boolean>> = {
    DEFAULT: { log_dir: folder, log_file: 'tempest.log', debug: false },
    oslo_concurrency: { lock_path: `${folder}/locks` },
    auth: {
      use_dynamic_credentials: true,
      create_isolated_networks: true,
      admin_username: cloud.account.user,
      admin_password: cloud.account.password,
      admin_project_name: cloud.account.project,
      admin_domain_name: 'Default',
    },
    identity: { auth_version: 'v3', uri_v3: `${origin}/identity/v3`, v3_endpoint_type: 'public' },
    compute: {
      image_ref: cloud.imageIds[0],
      image_ref_alt: cloud.imageIds[1],
      flavor_ref: cloud.flavorIds[0],
      flavor_ref_alt: cloud.flavorIds[1],
      min_compute_nodes: 2,
      min_microversion: cloud.computeVersions.min,
      max_microversion: cloud.computeVersions.max,
      hypervisor_type: cloud.hypervisorType,
      ...waiting,
    },
    'compute-feature-enabled': {
      resize: true,
      change_password: true,
      shelve_migrate: true,
      live_migrate_back_and_forth: true,
      block_migration_for_live_migration: true,
      volume_backed_live_migration: true,
      hostname_fqdn_sanitization: true,
      personality: true,
      // What is behind it today: metadata of servers that can be changed.
      xenapi_apis: true,
    },
    network: {
      public_network_id: cloud.publicNetwork.id,
      floating_network_name: cloud.publicNetwork.name,
      project_network_cidr: '10.200.0.0/16',
      project_network_mask_bits: 24,
      ...waiting,
    },
    'network-feature-enabled': {
      api_extensions: cloud.networkExtensions.join(','),
      ipv6_subnet_attributes: true,
      port_security: true,
    },
    image: waiting,
    'image-feature-enabled': { import_image: true },
    volume: {
      min_microversion: cloud.volumeVersions.min,
      max_microversion: cloud.volumeVersions.max,
      storage_protocol: 'file',
      manage_snapshot_ref: 'source-name,snapshot-%s',
      ...waiting,
    },
    'volume-feature-enabled': { manage_volume: true, manage_snapshot: true },
    placement: {
      min_microversion: cloud.placementVersions.min,
      max_microversion: cloud.placementVersions.max,
    },
    service_available: { neutron: true },
  }
  return Object.entries(withSwitchedOff(sections))
    .map(([section, options]) => [
      `[${section}]`,
      ...Object.entries(options).map(([option, value]) => `${option} = ${value}`),
    ])
    .map(lines => `${lines.join('\n')}\n`)
    .join('\n')
}

/** Seconds. Tempest asks at once, and then again each time one of these has passed. */
const waiting = { build_interval: 1, build_timeout: 120 }

function withSwitchedOff<T extends Record<string, Record<string, string | number | boolean>>>(sections: T) {
  const all: Record<string, Record<string, string | number | boolean>> = { ...sections }
  for (const { section, option } of switchedOff) all[section] = { ...all[section], [option]: false }
  return all
}
