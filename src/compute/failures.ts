// Failures on demand: `faultline:fail` in a flavor's extra specs or a server's metadata, for example
// `spawn:ImageUnacceptable` or `cold_migrate:NoValidHost:once,stop:LibvirtError`. A point is a driver call (`spawn`,
// `stop`, `destroy` …), a phase (`networking`, `claim`) or an event's name; `once` fails the first try only.
import { isObject } from '../base/json.ts'

export const failureKey = 'faultline:fail'

export interface Failure {
  readonly point: string
  readonly error: string
  readonly once: boolean
}

/** Reads the value of `faultline:fail`; parts that make no sense are left out. */
export function readFailures(...values: readonly (string | undefined)[]): readonly Failure[] {
  return values.flatMap(
    value =>
      (value ?? '')
        .split(',')
        .map(part => part.trim().split(':'))
        .filter(
          ([point, error]) => point !== undefined && point !== '' && error !== undefined && error !== '',
        )
        .map(([point, error, how]) => ({ point: point!, error: error!, once: how === 'once' })), // checked by the filter
  )
}

/** What went wrong on a host, as it travels: Nova's exception class, its text, and whether Nova wrote the class. */
export class HostError extends Error {
  /** HTTP-like code of Nova exceptions; foreign ones have none and become 500. */
  readonly code: number | null
  /** Text may be shown to the owner; a foreign exception's (a driver's) may not. */
  readonly isPublic: boolean

  constructor(
    name: string,
    message: string,
    options: { readonly code?: number | null; readonly isPublic?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = name
    this.code = options.code ?? null
    this.isPublic = options.isPublic ?? false
  }
}

/** Nova exceptions people ask for most; anything else asked for is raised as a foreign exception of that class name. */
const novaExceptions: Readonly<Record<string, { readonly code: number; readonly text: string }>> = {
  ImageUnacceptable: { code: 400, text: 'Image {image} is unacceptable: asked for by faultline:fail' },
  ImageNotFound: { code: 404, text: 'Image {image} could not be found.' },
  FlavorDiskTooSmall: { code: 500, text: "The created instance's disk would be too small." },
  FlavorDiskSmallerThanImage: { code: 500, text: 'Flavor disk is too small for requested image.' },
  PortBindingFailed: {
    code: 400,
    text: 'Binding failed for port, please check neutron logs for more information.',
  },
  VirtualInterfaceCreateException: { code: 500, text: 'Virtual Interface creation failed' },
  NoMoreFixedIps: { code: 400, text: 'No fixed IP addresses available for network: private' },
  ComputeResourcesUnavailable: {
    code: 500,
    text: 'Insufficient compute resources: asked for by faultline:fail.',
  },
  InstancePowerOffFailure: { code: 500, text: 'Failed to power off instance: asked for by faultline:fail.' },
  InstancePowerOnFailure: { code: 500, text: 'Failed to power on instance: asked for by faultline:fail.' },
  NoValidHost: { code: 500, text: 'No valid host was found. Asked for by faultline:fail.' },
  DiskNotFound: { code: 404, text: 'No disk at the expected place: asked for by faultline:fail' },
  ResizeError: { code: 500, text: 'Resize error: asked for by faultline:fail' },
  MigrationError: { code: 500, text: 'Migration error: asked for by faultline:fail' },
}

/** The error a failure asks for. */
export function errorFor(failure: Failure, server: { readonly imageId: string }): HostError {
  const known = novaExceptions[failure.error]
  return known
    ? new HostError(failure.error, known.text.replace('{image}', server.imageId), {
        code: known.code,
        isPublic: true,
      })
    : new HostError(failure.error, `asked for by faultline:fail at ${failure.point}`)
}

/** Errors that end a build at once instead of trying another host (nova.exception.BuildAbortException's causes). */
export const abortsBuild: ReadonlySet<string> = new Set([
  'ImageUnacceptable',
  'ImageNotFound',
  'FlavorDiskTooSmall',
  'FlavorDiskSmallerThanImage',
  'FlavorMemoryTooSmall',
  'PortBindingFailed',
  'VirtualInterfaceCreateException',
  'NoMoreFixedIps',
  'PortNotFound',
  'PortInUse',
  'NetworkNotFound',
  'NoMoreNetworks',
  'FixedIpAlreadyInUse',
  'SecurityGroupNotFound',
  'InvalidInput',
  'OverQuota',
])

/** An error as data, for the bus. */
export interface ErrorMessage {
  readonly name: string
  readonly message: string
  readonly code: number | null
  readonly isPublic: boolean
  readonly stack: string | undefined
}

export const isErrorMessage = (value: unknown): value is { readonly error: ErrorMessage } =>
  isObject(value) && isObject(value.error)
