// Why something failed, in words its owner may read: one row a cause code. The code is stable and documented; the
// verdict, the console and event details all take their words from here.
import { accessCauses } from './causes/access.ts'
import { buildCauses } from './causes/build.ts'
import { driverCauses } from './causes/driver.ts'
import { hostServiceCauses } from './causes/host.ts'
import { hostCauses } from './causes/hosts.ts'
import { imageCauses } from './causes/image.ts'
import { migrationCauses } from './causes/migration.ts'
import { networkCauses } from './causes/network.ts'
import { platformCauses } from './causes/platform.ts'
import { quotaCauses } from './causes/quota.ts'
import { requestCauses } from './causes/request.ts'
import type { CauseRow } from './causes/row.ts'
import { stateCauses } from './causes/state.ts'
import { volumeCauses } from './causes/volume.ts'

/** The tables by area, in the order of the document. */
export const causeAreas = {
  'Why one host cannot take a server': hostCauses,
  'Scheduling and building': buildCauses,
  Quotas: quotaCauses,
  'What was asked for': requestCauses,
  'Who asks': accessCauses,
  States: stateCauses,
  Images: imageCauses,
  'Networks and ports': networkCauses,
  Volumes: volumeCauses,
  'Hosts and messages': hostServiceCauses,
  Hypervisors: driverCauses,
  Moves: migrationCauses,
  'Databases, placement, services': platformCauses,
} as const satisfies Readonly<Record<string, Readonly<Record<string, CauseRow>>>>

export const causes = {
  ...hostCauses,
  ...buildCauses,
  ...quotaCauses,
  ...requestCauses,
  ...accessCauses,
  ...stateCauses,
  ...imageCauses,
  ...networkCauses,
  ...volumeCauses,
  ...hostServiceCauses,
  ...driverCauses,
  ...migrationCauses,
  ...platformCauses,
} satisfies Readonly<Record<string, CauseRow>>

export type CauseCode = keyof typeof causes
