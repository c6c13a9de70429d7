// What to do next about a refusal, where we know. First row that fits is printed below the error.

interface HintRow {
  readonly status?: number
  readonly message?: RegExp
  readonly hint: string
}

const rows: readonly HintRow[] = [
  { message: /quota exceeded/i, hint: 'see what is left with: faultline limits show --absolute' },
  {
    status: 401,
    hint: 'the cloud does not accept these credentials; check --os-cloud, --data or the OS_* variables',
  },
  {
    status: 403,
    hint: 'an administrator may be allowed to; on a cloud of ours: faultline --os-cloud faultline-admin …',
  },
  { status: 406, hint: 'ask for an API version the cloud has: --os-compute-api-version, or none at all' },
  {
    status: 409,
    message: /while it is in (vm_state|task_state|power_state)|is locked/i,
    hint: "the server's state is shown by: faultline server show SERVER -c status -c OS-EXT-STS:task_state",
  },
  {
    status: 500,
    hint: "that is a bug or a broken cloud, not your request; the cloud's logs have the request id",
  },
  { status: 501, hint: 'this cloud does not have that feature' },
  { status: 503, hint: 'the service, or one that it needs, is not there at the moment; try again' },
]

export const hintFor = (status: number, message: string): string | undefined =>
  rows.find(row => (row.status ?? status) === status && (row.message?.test(message) ?? true))?.hint
