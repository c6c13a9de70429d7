// What the scheduler and placement say of hosts as a whole; what they say of each host makes the table (placement/).
// nova/scheduler/manager.py, host_manager.py; placement/objects/research_context.py
import { noHost, type Rule } from './rule.ts'

const provider = (resource: string): RegExp =>
  new RegExp(`^found (?:0|no) providers with available (?<need>\\d{1,12}) ${resource}\\b`)

export const placementRules: readonly Rule[] = [
  noHost(
    'NoHost.Capacity.Ram',
    provider('MEMORY_MB'),
    'found 0 providers with available 16384 MEMORY_MB',
    'no host can take it: none has {need} MB of memory free',
  ),
  noHost(
    'NoHost.Capacity.Vcpu',
    provider('[VP]CPU'),
    'found no providers with available 64 VCPU',
    'no host can take it: none has {need} vCPUs free',
  ),
  noHost(
    'NoHost.Capacity.Disk',
    provider('DISK_GB'),
    'found 0 providers with available 800 DISK_GB',
    'no host can take it: none has {need} GB of disk free',
  ),
  noHost(
    'NoHost.Capacity.Other',
    provider('(?<resource>\\w{1,60})'),
    'found 0 providers with available 2 VGPU',
    'no host can take it: none has {need} {resource} free',
  ),
  noHost(
    'NoHost.Trait',
    /^found (?:0|no) providers (?:satisfying required traits|after applying (?:required |forbidden )?traits? filter)[^\n]{0,160}/,
    "found no providers satisfying required traits: {'HW_CPU_X86_AVX512F'} and forbidden traits: set()",
    'no host can take it: none has the traits that are required',
  ),
  noHost(
    'NoHost.Zone',
    /^found (?:0|no) providers after applying aggregates? filter[^\n]{0,160}/,
    'found 0 providers after applying aggregates filter ([["7fd2"]])',
    'no host can take it: none is in the zone or aggregate that is asked for',
  ),
  noHost(
    'NoHost.NoCandidates',
    /^Got no allocation candidates from the Placement API/,
    'Got no allocation candidates from the Placement API. This could be due to insufficient resources or a temporary occurrence as compute nodes start up.',
    'no host can take it: placement has none with enough of what is asked for',
  ),
  noHost(
    'NoHost.NotRequested',
    /^No hosts matched due to not matching (?:'force_(?:hosts|nodes)' value of '(?<host>[^'\n]{0,255})'|requested destination \((?<other>[^)\n]{1,255})\))/,
    "No hosts matched due to not matching 'force_hosts' value of 'compute9'",
    'no host can take it: {host}{other} was asked for, and is no candidate',
  ),
  noHost(
    'NoHost.ClaimRefused',
    /^Unable to successfully claim against any host/,
    'Unable to successfully claim against any host.',
    'no host can take it: the room was gone when it was to be claimed',
  ),
  noHost(
    'Schedule.NoHost',
    /^(?:Filtering removed all hosts for the request|Filter \w{1,80} returned 0 hosts)/,
    'Filter RamFilter returned 0 hosts',
    'no host can take it',
  ),
]
