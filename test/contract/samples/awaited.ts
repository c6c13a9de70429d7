// Rows that must fail until what they are about is built: when one passes, its line here has to go.

/** Name of a row → the feature it waits for. */
export const awaited: Readonly<Record<string, string>> = {
  'GET os-volumes/os-volumes-index-resp': 'a project that has attached, described volumes alone',
  'GET os-volumes/os-volumes-detail-resp': 'a project that has attached, described volumes alone',
  'GET os-volumes/os-volumes-get-resp': 'a project that has attached, described volumes alone',
  'POST os-assisted-volume-snapshots/snapshot-create-assisted-req': 'routes, attach',
  'POST os-server-shares/server-shares-create-req': 'routes',
  'POST os-server-shares/server-shares-create-tag-req': 'routes',
  'GET os-server-shares/server-shares-list-resp': 'routes',
  'GET os-server-shares/server-shares-show-resp': 'routes',
  'GET os-server-shares/server-shares-admin-show-resp': 'routes',
  'DELETE os-server-shares/server-shares-delete-req': 'routes',
}
