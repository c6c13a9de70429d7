// What a cloud's own database knows of a request: shapes that pass between whoever keeps it (compute) and whoever tells
// it (the tracer, the trace service).
import type { Outcome, Placement, TraceAction } from './trace.ts'

/** What only our own cloud knows; logs of others have none of it. */
export interface Facts {
  readonly server: {
    readonly id: string
    readonly name: string | null
    readonly status: string | null
  } | null
  /** With details in the words the viewer may read. */
  readonly action: TraceAction | null
  readonly placement: readonly Placement[]
  /** The operation behind the action: what it waits for, or that it has ended. */
  readonly operation: {
    readonly state: 'accepted' | 'running' | 'undoing' | 'done' | 'failed' | 'superseded'
    readonly step: string | null
    /** A process is at work on it now. */
    readonly isHeld: boolean
    /** What an unfinished one waits for: the step, where, and since when. */
    readonly waitsFor?: string | null
  } | null
  /** The newest instance fault of the server that this request left. */
  readonly fault: { readonly code: number; readonly message: string } | null
}

/** Who asks. Administrators see everything; others what is of their project's servers, without hosts. */
export interface TraceViewer {
  readonly isAdmin: boolean
  readonly projectId: string | null
}

/** A request that left an action on a server. */
export interface KnownRequest {
  /** Of the action; whoever keeps the facts finds them by it. */
  readonly actionId: string
  readonly requestId: string
  readonly globalId: string | null
  readonly serverId: string
  readonly serverName: string
  readonly action: string
  readonly userId: string | null
  readonly projectId: string | null
  readonly startedAt: number
  readonly finishedAt: number | null
  readonly outcome: Outcome
  /** Code of what kept the server from getting a host; null for everything else. */
  readonly cause: string | null
  /** What its newest failed event says, as far as the viewer may read it. */
  readonly reason: string | null
}

export interface RequestFilter {
  readonly userId?: string
  readonly projectId?: string
  readonly serverId?: string
  readonly outcome?: 'failed' | 'running' | 'succeeded'
  /** Started at or after, and before. */
  readonly since?: number
  readonly before?: number
  readonly cause?: string
  /** The last one of the page before: what is older follows. */
  readonly after?: KnownRequest
  readonly limit: number
}

/** How requests are found again, always as the viewer may see them. */
export interface TraceFacts {
  /** By local or global id, newest first; `serverId` where a request made several servers. */
  byRequest(id: string, viewer: TraceViewer, serverId?: string): Promise<readonly KnownRequest[]>
  /** The newest request on a server. */
  byServer(id: string, viewer: TraceViewer): Promise<KnownRequest | null>
  /** Ids of servers of a name: those that are there, else those that were. */
  serversNamed(name: string, viewer: TraceViewer): Promise<readonly string[]>
  /** Newest first. */
  list(filter: RequestFilter, viewer: TraceViewer): Promise<readonly KnownRequest[]>
  of(request: KnownRequest, viewer: TraceViewer): Promise<Facts>
  /** Changes with everything `of` tells; cheap, for those who watch. Null: it is not there any more. */
  mark(request: KnownRequest): Promise<string | null>
}
