// How large the disk inside an image is, read from the first bytes of its data (what Glance's format inspector tells
// of these formats). Null where the format does not say so there, or the data is not what it is called.

const sectorBytes = 512

/** `head`: at least the first 512 bytes when there are so many. Sizes in bytes. */
export function virtualSize(diskFormat: string | null, head: Buffer, size: number): number | null {
  switch (diskFormat) {
    case 'raw':
    case 'iso':
    case 'ami':
    case 'ari':
    case 'aki':
      return size
    case 'qcow2':
      // docs/interop/qcow2.txt: magic 'QFI\xfb', size at 24, big endian.
      return has(head, 0, 'QFI\xfb') && head.length >= 32 ? toNumber(head.readBigUInt64BE(24)) : null
    case 'vdi':
      // Signature 0xbeda107f at 0x40, size at 0x170, little endian.
      return head.length >= 0x178 && head.readUInt32LE(0x40) === 0xbeda107f
        ? toNumber(head.readBigUInt64LE(0x170))
        : null
    case 'vhd':
      // Dynamic disks begin with a copy of the footer ('conectix'), current size at 48, big endian.
      return has(head, 0, 'conectix') && head.length >= 56 ? toNumber(head.readBigUInt64BE(48)) : null
    case 'vmdk':
      // Sparse extents: magic 'KDMV', capacity in sectors at 12, little endian.
      return has(head, 0, 'KDMV') && head.length >= 20
        ? toNumber(head.readBigUInt64LE(12) * BigInt(sectorBytes))
        : null
    default:
      return null
  }
}

const has = (head: Buffer, at: number, magic: string) =>
  head.toString('latin1', at, at + magic.length) === magic

// A header can claim anything; what no database column or JSON number holds is as good as nothing said.
const toNumber = (value: bigint): number | null =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null
