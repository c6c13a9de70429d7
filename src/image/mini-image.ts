// The preloaded image: one MiB whose first sector is a boot program of our own. It writes one line to the screen (BIOS
// teletype) and to the first serial port, so that it shows in the console log, and stops. Assembled by hand, 16 bit.

export const miniImageName = 'faultline-mini-x86_64-disk'
export const miniImageBytes = 1024 * 1024

const greeting = 'Faultline mini image\r\n'
const sectorBytes = 512
/** Where the BIOS puts the sector. */
const origin = 0x7c00

/** The whole disk: the boot sector and nothing else. The same bytes every time. */
export function miniImage(): Uint8Array {
  const disk = new Uint8Array(miniImageBytes)
  disk.set(bootSector())
  return disk
}

/** The master boot record: code, greeting, empty partition table, signature. */
export function bootSector(): Uint8Array {
  const sector = new Uint8Array(sectorBytes)
  const text = new TextEncoder().encode(`${greeting}\0`)
  sector.set(code(origin + code(0).length))
  sector.set(text, code(0).length)
  sector.set([0x55, 0xaa], sectorBytes - 2)
  return sector
}

/** The program; `textAddress` is where the greeting will stand. Two passes: its length does not depend on it. */
function code(textAddress: number): Uint8Array {
  const address = Buffer.from([textAddress & 0xff, textAddress >> 8]).toString('hex')
  return Buffer.concat(program(address).map(([bytes]) => Buffer.from(bytes.replaceAll(' ', ''), 'hex')))
}

/** Machine code in hex, and what it says. */
type Instruction = readonly [bytes: string, assembly: string]

const program = (address: string): readonly Instruction[] => [
  ['fa', 'cli'],
  ['31 c0', 'xor ax, ax'],
  ['8e d8', 'mov ds, ax'],
  ['8e c0', 'mov es, ax'],
  ['8e d0', 'mov ss, ax'],
  ['bc 00 7c', 'mov sp, 0x7c00    ; the stack grows down from below the code'],
  ['fb', 'sti'],
  ['fc', 'cld'],
  // The first serial port: 115200 baud, 8 bits, no parity, one stop bit.
  ...setPort('f9', '00', 'no interrupts'),
  ...setPort('fb', '80', 'the divisor is next'),
  ...setPort('f8', '01', 'divisor, low'),
  ...setPort('f9', '00', 'divisor, high'),
  ...setPort('fb', '03', '8n1'),
  ...setPort('fa', 'c7', 'FIFOs on, and emptied'),
  [`be ${address}`, 'mov si, greeting'],
  // next:
  ['ac', 'lodsb'],
  ['84 c0', 'test al, al'],
  ['74 16', 'jz halt'],
  ['50', 'push ax           ; int 0x10 and the wait below both use al'],
  ['b4 0e', 'mov ah, 0x0e      ; teletype'],
  ['bb 07 00', 'mov bx, 7         ; page 0, light grey'],
  ['cd 10', 'int 0x10'],
  ['ba fd 03', 'mov dx, 0x3fd     ; line status'],
  // wait: (a machine without the port reads 0xff, and does not wait)
  ['ec', 'in al, dx'],
  ['a8 20', 'test al, 0x20     ; room for a byte?'],
  ['74 fb', 'jz wait'],
  ['58', 'pop ax'],
  ['b2 f8', 'mov dl, 0xf8      ; 0x3f8: data'],
  ['ee', 'out dx, al'],
  ['eb e5', 'jmp next'],
  // halt: (an interrupt wakes it, and it goes back to sleep)
  ['f4', 'hlt'],
  ['eb fd', 'jmp halt'],
]

/** Writes one register of the serial port, `port` being the low byte of 0x3xx. */
function setPort(port: string, value: string, why: string): Instruction[] {
  return [
    [`ba ${port} 03`, `mov dx, 0x3${port}     ; ${why}`],
    [`b0 ${value}`, `mov al, 0x${value}`],
    ['ee', 'out dx, al'],
  ]
}
