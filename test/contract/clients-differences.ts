// Where the openstack client prints something else on our cloud than on the recorded OpenStack (Nova 26), on purpose.
// A row that no command needs fails the test. `when` is the account and the command.
import type { Difference } from '../support/recorded.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const details = /^json\.events\.\d\.details$/
const ownersRead = 'owners read the reason too, without the names of hosts'

export const differences: readonly Difference[] = [
  {
    at: /^row\.\d\.0$/,
    when: /^admin compute service list$/,
    theirs: uuid,
    ours: uuid,
    why: 'ids of services are random',
  },
  {
    at: details,
    when: /^demo .* server event show/,
    theirs: undefined,
    ours: /^No valid host was found\. (No valid host found for resize: )?0 of 2 hosts can take it: (?!.*host-)/,
    why: ownersRead,
  },
  {
    at: details,
    when: /^demo .* server event show/,
    theirs: undefined,
    ours: null,
    why: ownersRead,
  },
  {
    at: details,
    when: /^admin .* server event show/,
    theirs: 'No valid host was found. No valid host found for resize',
    ours: /^No valid host was found\. No valid host found for resize: 0 of 2 hosts can take it: host-1 .*host-2/,
    why: 'every host is accounted for',
  },
  {
    at: details,
    when: /^admin .* server event show/,
    theirs: 'No valid host was found. ',
    ours: /^No valid host was found\. 0 of 2 hosts can take it: 2 are too small for the disk/,
    why: 'every host is accounted for',
  },
  {
    at: /^field\.events$/,
    when: /^admin server event show/,
    theirs: /^\[\{'event': 'cold_migrate', .* 'traceback': ' {2}File "\/usr\/lib\/python3.*\}\]$/,
    ours: /^\[\{'event': 'cold_migrate', .* 'traceback': ' {2}File "src\/compute.*\}\]$/,
    why: "another program's traceback",
  },
  {
    at: /^json\.fault\.details$/,
    when: /^admin server show/,
    theirs: /^Traceback \(most recent call last\):\n {2}File "\/usr\/lib\/python3/,
    ours: /^Traceback \(most recent call last\):\n {2}File "src\/compute/,
    why: "another program's traceback",
  },
]
