// The whole cloud in one process: stores, services, hosts, one port. The only place that knows which of each is in use.
import { hostname } from 'node:os'
import { join } from 'node:path'
import { newRequestId } from '../base/ids.ts'
import { type Clock, systemClock, systemTimers, type Timers } from '../base/time.ts'
import { serveHost } from '../compute/agent/agent.ts'
import { removeStrays } from '../compute/agent/audit.ts'
import { register, reportHosts } from '../compute/agent/registry.ts'
import { computeChoices, computeVersions } from '../compute/api/versions.ts'
import { bootstrapFlavors } from '../compute/bootstrap-flavors.ts'
import { createConductor, type RunningConductor } from '../compute/conductor/conductor.ts'
import { createImageCaching, type RunningImageCaching } from '../compute/conductor/image-caching.ts'
import { type ComputeSettings, defaultComputeSettings } from '../compute/deps.ts'
import { httpNeighbours } from '../compute/neighbours/http/all.ts'
import { notifyService } from '../compute/notifications/notify.ts'
import { liveTurns } from '../compute/operations/live-turns.ts'
import { schedulingTurns } from '../compute/operations/scheduling-turn.ts'
import { volumeNews } from '../compute/operations/volume-news.ts'
import type { WorkDeps } from '../compute/operations/work-deps.ts'
import { type Periodic, startPeriodic } from '../compute/periodic/periodic.ts'
import { periodicTasks } from '../compute/periodic/table.ts'
import { refreshPorts } from '../compute/port-events.ts'
import { computeMigrations } from '../compute/schema-migrations.ts'
import { createComputeService, createForesightService } from '../compute/service.ts'
import { removeUnaccepted, unacceptedImages } from '../compute/snapshot-images.ts'
import type { Driver } from '../compute/virt/driver.ts'
import { simulatedDriver } from '../compute/virt/simulated/driver.ts'
import { imageCacheFile } from '../compute/virt/simulated/image-cache.ts'
import { machineFiles } from '../compute/virt/simulated/machines.ts'
import { bootstrapIdentity } from '../identity/bootstrap.ts'
import { createIdentityService } from '../identity/service.ts'
import { identityMigrations } from '../identity/tables.ts'
import { createTokenChecker } from '../identity/token-checker.ts'
import { identityVersions } from '../identity/views.ts'
import { bootstrapImage } from '../image/bootstrap.ts'
import { recoverImages } from '../image/recover.ts'
import { createImageService } from '../image/service.ts'
import { imageMigrations } from '../image/tables.ts'
import { imageVersions } from '../image/views.ts'
import { limits } from '../model/limits.ts'
import { bootstrapNetwork } from '../network/bootstrap.ts'
import { createNetworkService } from '../network/service.ts'
import { networkMigrations } from '../network/tables.ts'
import { networkVersions } from '../network/views.ts'
import { createPlacementService } from '../placement/service.ts'
import { placementMigrations } from '../placement/tables.ts'
import type { Bus } from '../platform/bus/bus.ts'
import { memoryBus } from '../platform/bus/memory/bus.ts'
import { rememberTokens } from '../platform/http/auth.ts'
import { type Client, createClient } from '../platform/http/client.ts'
import { type HttpServer, startHttpServer } from '../platform/http/server.ts'
import type { Service } from '../platform/http/service.ts'
import { createSession } from '../platform/http/session.ts'
import { type LogFilesOptions, openLogFiles } from '../platform/journal/files.ts'
import {
  createNotifier,
  fileSink,
  type NotificationFormat,
  type NotificationSink,
} from '../platform/journal/notifications.ts'
import { openStore } from '../platform/store/open.ts'
import type { Store } from '../platform/store/store.ts'
import { backupFiles } from '../volume/backups/files.ts'
import { bootstrapVolume } from '../volume/bootstrap.ts'
import { volumeFiles } from '../volume/files.ts'
import { hostVolumes } from '../volume/host-files.ts'
import { httpVolumeNeighbours } from '../volume/neighbours-http.ts'
import { createVolumeService } from '../volume/service.ts'
import { volumeMigrations } from '../volume/tables.ts'
import { volumeVersions } from '../volume/views.ts'
import { createVolumeWork, recoverVolumes, type VolumeWork } from '../volume/work.ts'
import { projectIds } from './bootstrap-ids.ts'
import { region } from './credentials.ts'
import type { Passwords } from './data-folder.ts'
import { ownLogs } from './own-logs.ts'
import { assembleTrace, type TraceParts } from './trace.ts'
import { versionRoute } from './version-route.ts'

export interface CloudOptions {
  /** Images, machines, logs and notifications lie below it. */
  readonly folder: string
  readonly passwords: Passwords
  readonly databaseUrl: string
  readonly host: string
  readonly port: number
  readonly hosts: {
    readonly count: number
    readonly vcpus: number
    readonly memoryMb: number
    readonly diskGb: number
  }
  readonly stepMs: number
  /** MB of a machine's memory that a live migration sends in a second; 0 (if not said): all at once. */
  readonly migrationRate?: number
  readonly compute?: Partial<ComputeSettings>
  readonly logs: LogFilesOptions
  /** Collector for a trace of every operation; none when empty. */
  readonly otlpUrl?: string
  readonly notifications: { readonly format: NotificationFormat; readonly sink?: NotificationSink }
  readonly clock?: Clock
  /** For tests that watch how the database is used: opens it in place of `openStore`. */
  readonly openStore?: (url: string) => Promise<Store>
  /** What makes periodic tasks come round; real time if not said. */
  readonly timers?: Timers
  /** For tests that stop operations at a chosen point: what the conductor reaches out with, wrapped. */
  readonly wrap?: ConductorWrap
}

/** Wraps around every effect an operation can have. */
export interface ConductorWrap {
  store(store: Store): Store
  bus(bus: Bus): Bus
  client(client: Client): Client
}

export interface Cloud {
  readonly origin: string
  readonly store: Store
  readonly drivers: ReadonlyMap<string, Driver>
  readonly conductor: RunningConductor
  readonly volumeWork: VolumeWork
  readonly imageCaching: RunningImageCaching
  readonly periodic: Periodic
  /** Operations an earlier process left, taken up at start. */
  readonly recovered: number
  /** Requests being answered right now. */
  running(): number
  /** Lets running requests and steps end (at most `drainMs`, limits.drainMs if not said), then closes everything. */
  close(drainMs?: number): Promise<void>
}

const migrations = [
  ...identityMigrations,
  ...imageMigrations,
  ...networkMigrations,
  ...placementMigrations,
  ...volumeMigrations,
  ...computeMigrations,
]

export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { folder, passwords } = options
  const clock = options.clock ?? systemClock
  const store = await (options.openStore ?? openStore)(options.databaseUrl)
  const logs = openLogFiles(options.logs)
  const sink = options.notifications.sink ?? fileSink(join(folder, 'notifications.jsonl'))
  const notifier = createNotifier(options.notifications.format, sink)
  const bus = memoryBus()
  let server: HttpServer | undefined
  try {
    await store.migrate(migrations)
    const tokens = rememberTokens(createTokenChecker({ store, clock }), clock)
    const hostNames = Array.from({ length: options.hosts.count }, (_, index) => `host-${index + 1}`)
    const thisHost = hostname()
    const settings: ComputeSettings = { ...defaultComputeSettings, ...options.compute }
    const imageFolder = join(folder, 'images')
    const services = new Map<string, Service>()
    let origin = ''
    const client: Client = createClient(type => {
      // Asked by the trace service only: nobody outside reaches it.
      const service = type === 'foresight' ? foresight : services.get(type)
      if (!service) throw new Error(`no service of type ${type}`)
      return { kind: 'local', service, url: origin + endpointPaths[type]! } // set with the service
    })
    const credentials = { user: 'nova', password: passwords.service, project: 'service' }
    const neighbours = httpNeighbours(client, credentials, clock)
    const { wrap } = options
    const volumeNeighbours = httpVolumeNeighbours(client, createSession(client, credentials, clock))
    const volumeWorkDeps = {
      store,
      clock,
      files: volumeFiles(join(folder, 'volumes')),
      backups: backupFiles(join(folder, 'backups')),
      host: thisHost,
      neighbours: volumeNeighbours,
      log: logs.log('cinder-volume', 'cinder.volume.manager'),
      sleep,
    }
    const volumeWork = createVolumeWork(volumeWorkDeps)
    let ended: TraceParts['ended'] = () => {}
    const news = volumeNews(sleep)
    const workDeps: WorkDeps = {
      store: wrap?.store(store) ?? store,
      clock,
      settings,
      notifier,
      neighbours: wrap ? httpNeighbours(wrap.client(client), credentials, clock) : neighbours,
      bus: wrap?.bus(bus) ?? bus,
      conductorHost: thisHost,
      logs: {
        conductor: logs.log('nova-conductor', 'nova.conductor.manager'),
        scheduler: logs.log('nova-scheduler', 'nova.scheduler.manager'),
        compute: () => computeLog,
      },
      random: Math.random,
      scheduling: schedulingTurns(),
      liveTurns: liveTurns(),
      volumeNews: news,
      sleep,
    }
    const conductor = createConductor(workDeps, operation => ended(operation))
    const imageCaching = createImageCaching(workDeps)
    const computeLog = logs.log('nova-compute', 'nova.compute.manager')
    const computeApiLog = logs.log('nova-api', 'nova.api.openstack')
    const portEvents = refreshPorts({ store, clock, neighbours, log: computeApiLog })
    services.set(
      'identity',
      createIdentityService({
        store,
        clock,
        tokens,
        log: logs.log('keystone', 'keystone'),
        onRevoke: () => tokens.forget(),
      }),
    )
    services.set(
      'image',
      createImageService({
        store,
        clock,
        tokens,
        log: logs.log('glance-api', 'glance.api'),
        folder: imageFolder,
      }),
    )
    services.set(
      'network',
      createNetworkService({
        store,
        clock,
        tokens,
        log: logs.log('neutron-server', 'neutron'),
        hosts: () => hostNames,
        onPortEvent: portEvents,
      }),
    )
    services.set(
      'volumev3',
      createVolumeService({
        store,
        clock,
        tokens,
        neighbours: volumeNeighbours,
        files: volumeWorkDeps.files,
        work: volumeWork,
        host: thisHost,
        log: logs.log('cinder-api', 'cinder.api'),
      }),
    )
    services.set(
      'placement',
      createPlacementService({ store, clock, tokens, log: logs.log('placement-api', 'placement') }),
    )
    const compute = {
      store,
      clock,
      tokens,
      settings,
      notifier,
      neighbours,
      client,
      conductor,
      imageCaching,
      onPortEvent: portEvents,
      onVolumeNews: news.tell,
      bus,
      apiHost: thisHost,
      log: computeApiLog,
    }
    services.set('compute', createComputeService(compute))
    const traceLog = logs.log('faultline-trace', 'faultline.trace')
    const trace = assembleTrace({
      store,
      holds: conductor.holds,
      clock,
      tokens,
      logs:
        options.logs.folder === null
          ? null
          : ownLogs({
              folder: options.logs.folder,
              utcOffsetMinutes: () => -new Date(clock.now()).getTimezoneOffset(),
              flush: logs.flush,
            }),
      client,
      origin: () => origin,
      log: traceLog,
      otlpUrl: options.otlpUrl ?? '',
    })
    ended = trace.ended
    services.set('trace', trace.service)
    const foresight = createForesightService({ ...compute, log: traceLog })
    const leftImages = await unacceptedImages(store)
    let isReady = false
    const listening = await startHttpServer({
      host: options.host,
      port: options.port,
      services: [...services.values()],
      log: computeApiLog,
      extra: [
        versionRoute('/healthz', () =>
          isReady ? { status: 200, json: { status: 'ok' } } : { status: 503, json: { status: 'starting' } },
        ),
        versionRoute('/identity', at => ({ status: 300, json: identityVersions(at) })),
        versionRoute('/image', at => ({ status: 300, json: imageVersions(at) })),
        versionRoute('/image/versions', at => ({ status: 200, json: imageVersions(at) })),
        versionRoute('/network', at => ({ status: 200, json: networkVersions(at) })),
        versionRoute('/volume', at => ({ status: 300, json: volumeVersions(at) })),
        versionRoute('/compute', at => ({ status: 200, json: computeVersions(at) })),
      ],
      elsewhere: [
        {
          below: '/compute',
          handler: versionRoute('/compute/*', (at, path) => ({
            status: 300,
            json: computeChoices(at, path.slice('/compute'.length)),
          })).handler,
        },
      ],
    })
    server = listening
    origin = listening.origin
    await bootstrapIdentity({ store, clock }, { origin, region, passwords })
    const projects = await projectIds(store)
    await recoverImages({ store, clock, log: logs.log('glance-api', 'glance.api'), folder: imageFolder })
    await bootstrapImage({ store, clock, folder: imageFolder }, { projectId: projects.admin })
    await bootstrapNetwork({ store, clock }, { adminProjectId: projects.admin, demoProjectId: projects.demo })
    await bootstrapFlavors(store, clock)
    await bootstrapVolume({ store, clock })

    const drivers = new Map<string, Driver>()
    const peers = new Map(hostNames.map(name => [name, machineFiles(join(folder, 'machines', name))]))
    for (const [name, machines] of peers) {
      const resources = hostResources(options.hosts)
      const driver = simulatedDriver({
        resources,
        machines,
        images: imageCacheFile(join(folder, 'image-caches', `${name}.json`)),
        peers,
        stepMs: options.stepMs,
        sendMbPerSecond: options.migrationRate ?? 0,
        volumes: hostVolumes(volumeWorkDeps),
        sleep: ms => new Promise(resolve => setTimeout(resolve, ms)),
      })
      drivers.set(name, driver)
      serveHost({ host: name, driver, bus, log: computeLog })
      await removeStrays({ store, clock }, name, driver, computeLog)
    }
    const registry = { store, clock }
    const newServices = await register(
      registry,
      [
        { binary: 'nova-conductor', host: thisHost },
        { binary: 'nova-scheduler', host: thisHost },
      ],
      hostNames.map(name => ({ name, resources: hostResources(options.hosts) })),
      true,
    )
    const on = { ids: { requestId: newRequestId(), globalRequestId: null }, log: computeLog }
    for (const service of newServices)
      notifyService(
        {
          notifier,
          clock,
          host: service.host,
          binary: 'nova-compute',
          context: { ...on.ids, auth: null },
        },
        'create',
        service,
      )
    await reportHosts(registry, neighbours.placement, on, hostNames)
    await removeUnaccepted({ store, image: neighbours.image, log: computeApiLog }, on, leftImages)
    const periodic = startPeriodic(
      periodicTasks({
        store,
        clock,
        settings,
        conductor,
        placement: neighbours.placement,
        drivers,
        thisHost,
        log: computeLog,
      }),
      options.timers ?? systemTimers,
      computeLog,
    )
    await periodic.run('provider-status')
    await periodic.run('evacuated')
    const recovered = await conductor.recover()
    await recoverVolumes(volumeWorkDeps, volumeWork)
    imageCaching.recover()
    isReady = true
    return {
      origin,
      store,
      drivers,
      conductor,
      volumeWork,
      imageCaching,
      periodic,
      recovered,
      running: listening.running,
      async close(drainMs = limits.drainMs) {
        isReady = false
        const traced = trace.close(drainMs)
        await Promise.all([
          listening.close(drainMs),
          periodic.drain(drainMs),
          conductor.drain(drainMs),
          volumeWork.drain(drainMs),
          imageCaching.drain(drainMs),
          traced,
        ])
        await bus.close()
        await store.close()
        sink.close()
        logs.close()
      },
    }
  } catch (error) {
    // What cannot be closed either, such as a store on a full disk, must not hide why; and a socket that stays open would
    // keep the process.
    await Promise.allSettled([server?.close(0), store.close()])
    sink.close()
    logs.close()
    throw error
  }
}

const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms).unref())

/** Where each service's endpoint is below the origin, as the catalogue says it. */
const endpointPaths: Readonly<Record<string, string>> = {
  identity: '/identity/v3',
  image: '/image',
  network: '/network',
  volumev3: '/volume/v3',
  placement: '/placement',
  compute: '/compute/v2.1',
  foresight: '/compute/foresight',
  trace: '/trace/v1',
}

const hostResources = (hosts: CloudOptions['hosts']) => ({
  hypervisorType: 'faultline-simulated',
  hypervisorVersion: 1_000_000,
  vcpus: hosts.vcpus,
  memoryMb: hosts.memoryMb,
  diskGb: hosts.diskGb,
  hostIp: '127.0.0.1',
  cpuInfo: {
    arch: 'x86_64',
    model: 'Simulated',
    vendor: 'Faultline',
    features: ['sse', 'sse2'],
    topology: { cores: hosts.vcpus, threads: 1, sockets: 1 },
  },
})
