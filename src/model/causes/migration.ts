// Moves: what is checked before, and what fails on the way.
import type { CauseRow } from './row.ts'

export const migrationCauses = {
  'Migration.Cpu': {
    sentence: 'The CPU of the other host lacks what the machine uses.',
    fault: 'cloud',
    remedy: 'Choose a host with the same CPU. An administrator sets a CPU model all hosts have.',
  },
  'Migration.NotSharedStorage': {
    sentence: 'The hosts share no storage, and the move needs it.',
    fault: 'request',
    remedy: 'Ask for a block migration.',
  },
  'Migration.SharedStorage': {
    sentence: 'The hosts share storage, and a block migration must not be done there.',
    fault: 'request',
    remedy: 'Ask for a move without block migration.',
  },
  'Migration.DiskTooSmall': {
    sentence: 'The other host has too little disk for the move.',
    fault: 'capacity',
    remedy: 'Choose another host, or allow disk over-commit.',
  },
  'Migration.MemoryTooSmall': {
    sentence: 'The other host has too little memory for the move.',
    fault: 'capacity',
    remedy: 'Choose another host.',
  },
  'Migration.SameHost': {
    sentence: 'The server is on that host already.',
    fault: 'request',
    remedy: 'Name another host, or none.',
  },
  'Migration.Hypervisor': {
    sentence: 'The hypervisor of the other host is of another kind, or older.',
    fault: 'cloud',
    remedy: 'Choose a host with the same hypervisor, or a newer one.',
  },
  'Migration.PreCheck': {
    sentence: 'A check before the move said no.',
    fault: 'cloud',
    remedy: 'Look at what the check says; choose another host.',
  },
  'Migration.Devices': {
    sentence: 'The machine has devices that cannot be moved.',
    fault: 'request',
    remedy: 'Detach them first, or migrate cold.',
  },
  'Migration.Connect': {
    sentence: 'The hosts cannot connect to each other for the move.',
    fault: 'cloud',
    remedy: 'An administrator checks names, ports, certificates and firewalls between the hosts.',
  },
  'Migration.Ssh': {
    sentence: 'The host could not copy files to the other over ssh.',
    fault: 'cloud',
    remedy: 'An administrator sets up ssh keys and known hosts of the nova user between the hosts.',
  },
  'Migration.Timeout': {
    sentence: 'The move did not end in time: the machine writes memory faster than it is copied.',
    fault: 'cloud',
    remedy: 'Try again when the machine is less busy, or allow post-copy or auto-convergence.',
  },
  'Migration.Aborted': {
    sentence: 'The move was aborted by somebody.',
    fault: 'request',
    remedy: 'Nothing: it was asked for.',
  },
  'Migration.CopyFailed': {
    sentence: 'The move failed while the machine was being copied.',
    fault: 'cloud',
    remedy: 'The server is where it was. An administrator looks at the log of the host it was on.',
  },
  'Migration.NotFound': {
    sentence: 'There is no such migration in progress.',
    fault: 'request',
    remedy: 'List the migrations of the server.',
  },
  'Migration.ResizeFailed': {
    sentence: 'The resize failed on the way.',
    fault: 'cloud',
    remedy: 'Look at the state of the server. An administrator looks at both hosts.',
  },
  'Migration.RolledBack': {
    sentence: 'The move was taken back.',
    fault: 'cloud',
    remedy: 'Look at what failed before; the server is where it was.',
  },
  'Migration.PostFailed': {
    sentence: 'The machine was moved, and what follows a move failed.',
    fault: 'cloud',
    remedy: 'An administrator looks at both hosts: the server may run on the other one.',
  },
} as const satisfies Readonly<Record<string, CauseRow>>
