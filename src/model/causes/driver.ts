// Hypervisors and the machines they run.
import type { CauseRow } from './row.ts'

export const driverCauses = {
  'Driver.DomainNotFound': {
    sentence: 'The hypervisor does not know the machine.',
    fault: 'cloud',
    remedy: 'Reboot the server hard, which makes the machine anew.',
  },
  'Driver.QemuFailed': {
    sentence: 'The hypervisor could not start the machine.',
    fault: 'cloud',
    remedy: 'An administrator reads the log of the machine on the host (/var/log/libvirt/qemu).',
  },
  'Driver.NoMemory': {
    sentence: 'The host has no memory left for the machine.',
    fault: 'capacity',
    remedy:
      'Try again later. An administrator looks at the overcommit ratio and at what else uses the memory of the host.',
  },
  'Driver.DiskFull': {
    sentence: 'The disk of the host is full.',
    fault: 'capacity',
    remedy: 'Try again later. An administrator makes room on the host.',
  },
  'Driver.DiskMissing': {
    sentence: 'A file of the machine is not where it should be.',
    fault: 'cloud',
    remedy: 'An administrator looks for the disk on the host, and at shared storage that is not mounted.',
  },
  'Driver.DiskBroken': {
    sentence: 'A disk or image file of the machine cannot be read or converted.',
    fault: 'cloud',
    remedy: 'An administrator looks at the file with qemu-img.',
  },
  'Driver.Permission': {
    sentence: 'The hypervisor may not open a file of the machine.',
    fault: 'cloud',
    remedy: 'An administrator checks owner and labels of the files on the host.',
  },
  'Driver.ConnectionLost': {
    sentence: 'The host cannot reach its hypervisor.',
    fault: 'cloud',
    remedy: 'An administrator starts libvirtd on the host.',
  },
  'Driver.NoKvm': {
    sentence: 'The host has no hardware virtualisation.',
    fault: 'cloud',
    remedy: 'An administrator switches it on in the firmware, or sets virt_type to qemu.',
  },
  'Driver.Cpu': {
    sentence: 'The hypervisor does not have the CPU that is asked for.',
    fault: 'cloud',
    remedy: 'An administrator checks cpu_mode and cpu_models of the host.',
  },
  'Driver.Busy': {
    sentence: 'The hypervisor was busy with the machine for too long.',
    fault: 'cloud',
    remedy: 'Try again later. An administrator looks for a job of the machine that hangs.',
  },
  'Driver.DeviceInUse': {
    sentence: 'A device the machine needs is in use by another.',
    fault: 'cloud',
    remedy: 'An administrator looks at the devices of the host.',
  },
  'Driver.Hugepages': {
    sentence: 'The host has no huge pages left for the machine.',
    fault: 'capacity',
    remedy: 'Try again later, or choose a flavor without huge pages.',
  },
  'Driver.NetworkDevice': {
    sentence: 'The hypervisor found no bridge or tap device for the machine.',
    fault: 'cloud',
    remedy: 'An administrator looks at the network agent and the bridges of the host.',
  },
  'Driver.DomainExists': {
    sentence: 'The hypervisor has a machine of that name already.',
    fault: 'cloud',
    remedy: 'An administrator removes the machine that was left on the host.',
  },
  'Driver.GuestAgent': {
    sentence: 'The guest agent inside the machine does not answer.',
    fault: 'request',
    remedy: 'Install and start the QEMU guest agent, or do it without.',
  },
  'Driver.PasswordNotSet': {
    sentence: 'The password of the machine could not be set.',
    fault: 'cloud',
    remedy: 'Try again, or set it inside the machine. An administrator looks at the log of the host.',
  },
  'Driver.PowerOffFailed': {
    sentence: 'The machine could not be powered off.',
    fault: 'cloud',
    remedy: 'Try again, or reboot hard. An administrator looks at the host.',
  },
  'Driver.PowerOnFailed': {
    sentence: 'The machine could not be powered on.',
    fault: 'cloud',
    remedy: 'Try again, or reboot hard. An administrator looks at the host.',
  },
  'Driver.DetachFailed': {
    sentence: 'The machine did not let a device go.',
    fault: 'cloud',
    remedy: 'Unmount the device inside the guest, then try again.',
  },
  'Driver.ConfigDrive': {
    sentence: 'The config drive could not be made.',
    fault: 'cloud',
    remedy: 'An administrator checks that the host has mkisofs, and room.',
  },
  'Driver.Secret': {
    sentence: 'The secret store of the host failed.',
    fault: 'cloud',
    remedy: 'An administrator looks at the secrets of libvirt and at the key manager.',
  },
  'Driver.Console': {
    sentence: 'The console of the machine cannot be had.',
    fault: 'request',
    remedy: 'Ask for the kind of console this cloud offers, of a server that runs.',
  },
  'Driver.Failed': {
    sentence: 'The hypervisor failed.',
    fault: 'cloud',
    remedy: 'An administrator looks at the traceback and at the log of the hypervisor.',
  },
  'Driver.Spawn': {
    sentence: 'The host could not build the machine.',
    fault: 'cloud',
    remedy: 'An administrator looks at the log of the host.',
  },
} as const satisfies Readonly<Record<string, CauseRow>>
