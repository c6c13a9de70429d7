// Where our answers differ from those of the recorded Nova (2.93) on purpose, leaf by leaf. A row that no answer needs
// fails the test. `when` is the caller and the version header (`-` without one).
import type { Difference } from '../support/recorded.ts'

const details = /^body\.instanceAction\.events\.\d\.details$/
const newer = 'we are a Nova of 2.104'

export const differences: readonly Difference[] = [
  {
    at: /^body\.versions?(\.1)?\.version$/,
    theirs: '2.93',
    ours: '2.104',
    why: newer,
  },
  {
    at: /^body\.versions?(\.0)?\.status$/,
    theirs: 'SUPPORTED',
    ours: 'DEPRECATED',
    why: 'v2.0 is deprecated since 2025',
  },
  {
    at: /^body\.versions?(\.0)?\.updated$/,
    theirs: '2011-01-21T11:33:21Z',
    ours: '2025-07-04T12:00:00Z',
    why: 'when v2.0 was deprecated',
  },
  {
    at: /^headers\.OpenStack-API-Version$/,
    when: / compute latest$/,
    theirs: 'compute 2.93',
    ours: 'compute 2.104',
    why: newer,
  },
  {
    at: /^headers\.X-OpenStack-Nova-API-Version$/,
    when: / compute latest$/,
    theirs: '2.93',
    ours: '2.104',
    why: newer,
  },
  {
    at: /^headers\.OpenStack-API-Version$/,
    when: / compute 2\.94$/,
    theirs: 'compute 2.94',
    ours: 'compute 2.105',
    why: 'one more than the maximum',
  },
  {
    at: /^headers\.X-OpenStack-Nova-API-Version$/,
    when: / compute 2\.94$/,
    theirs: '2.94',
    ours: '2.105',
    why: 'one more than the maximum',
  },
  {
    at: /^body\.computeFault\.message$/,
    theirs: /^Version (2\.94|3\.0) is not supported by the API\. Minimum is 2\.1 and maximum is 2\.93\.$/,
    ours: /^Version (2\.105|3\.0) is not supported by the API\. Minimum is 2\.1 and maximum is 2\.104\.$/,
    why: newer,
  },
  {
    at: /^body\.server\.pinned_availability_zone$/,
    when: / compute latest$/,
    theirs: undefined,
    ours: null,
    why: 'new in 2.96',
  },
  {
    at: /^body\.server\.image\.properties$/,
    when: / compute latest$/,
    theirs: undefined,
    ours: '{}',
    why: 'new in 2.98',
  },
  {
    at: /^body\.server\.scheduler_hints$/,
    when: / compute latest$/,
    theirs: undefined,
    ours: '{}',
    why: 'new in 2.100',
  },
  {
    at: /^body\.badRequest\.message$/,
    theirs: "Invalid input for field/attribute flavorRef. Value: . '' is too short",
    ours: "Invalid input for field/attribute flavorRef. Value: . '' should be non-empty",
    why: 'jsonschema says it so since 4.21',
  },
  {
    at: /^body\.badRequest\.message$/,
    theirs: 'Marker None could not be found.',
    ours: 'Marker req-nope could not be found.',
    why: 'Nova looks the marker up, finds nothing, and prints the nothing; we print what was asked for',
  },
  {
    at: /^body\.server\.OS-EXT-SRV-ATTR:root_device_name$/,
    theirs: '/dev/sda',
    ours: '/dev/vda',
    why: "Nova's fake driver said sda; virtio disks are vda, there as here",
  },
  {
    at: details,
    when: /^demo /,
    theirs: undefined,
    ours: /^No valid host was found\. No valid host found for resize: 0 of 2 hosts can take it: (?!.*host-)/,
    why: 'owners read the reason too, without the names of hosts',
  },
  {
    at: details,
    when: /^admin /,
    theirs: 'No valid host was found. No valid host found for resize',
    ours: /^No valid host was found\. No valid host found for resize: 0 of 2 hosts can take it: host-1 .*host-2/,
    why: 'every host is accounted for',
  },
]
