// Which of the things found is the root: what is nearest to what went wrong, not the last symptom.
import { type CauseCode, causes } from '../../model/causes.ts'
import type { FoundCause, Placement } from '../../model/trace.ts'
import type { Finding } from './findings.ts'
import type { Judged } from './outcome.ts'
import { placementCauses } from './placement/causes.ts'
import { weights } from './rules/rule.ts'

export interface Chosen {
  readonly cause: FoundCause | null
  readonly also: readonly FoundCause[]
  /** The root first; empty where the cause follows from the outcome alone. */
  readonly findings: readonly Finding[]
}

const alsoMax = 6

export function chooseRoot(
  judged: Judged,
  findings: readonly Finding[],
  placement: readonly Placement[],
): Chosen {
  const ranked = rank(findings, judged)
  if (judged.outcome !== 'failed') {
    const lost = judged.outcome === 'lost' ? foundCause('Operation.Lost', lostWords(judged)) : null
    return { cause: lost, also: distinct(told(ranked, placement), lost), findings: ranked.slice(0, alsoMax) }
  }
  if (judged.isSuperseded) {
    const cause = foundCause('Operation.Superseded', 'the server was deleted before it was done')
    return { cause, also: distinct(told(ranked, placement), cause), findings: [] }
  }
  const all = told(ranked, placement)
  const cause = all[0] ?? byStatus(judged.status)
  return { cause, also: distinct(all, cause), findings: ranked.slice(0, alsoMax) }
}

/** By the cloud's own record of the request, which says of this failure what logs say of many. */
const isTold = ({ record }: Finding): boolean => record === null

/** The nearest to what went wrong first; of the same nearness the earliest. */
function rank(findings: readonly Finding[], { isRefused }: Judged): readonly Finding[] {
  // A refusal that is handed on explains the answer better than an answer without a reason does.
  const calleeMax = isRefused
    ? between(weights.generic, weights.noHost)
    : between(weights.wrapper, weights.generic)
  const weightOf = ({ weight, isCalleeRefusal }: Finding) =>
    isCalleeRefusal ? Math.min(weight, calleeMax) : weight
  const ranked = [...findings].sort(
    (a, b) => weightOf(b) - weightOf(a) || Number(isTold(b)) - Number(isTold(a)) || a.order - b.order,
  )
  const isOnly = ranked.every(({ isCalleeRefusal }) => isCalleeRefusal)
  return ranked.filter(({ isCalleeRefusal }) => isOnly || isRefused || !isCalleeRefusal)
}

const between = (a: number, b: number): number => (a + b) / 2

/** In the order of rank; that no host was found is told by what each host lacked, where that is known. */
function told(ranked: readonly Finding[], placement: readonly Placement[]): FoundCause[] {
  const isKnown = ranked.some(({ cause }) => cause.startsWith('NoHost.'))
  const hosts = placementCauses(placement)
  return ranked.flatMap(({ cause, weight }) => {
    if (weight === weights.noHost && isNoHost(cause) && hosts.length > 0) return hosts
    return cause === 'Schedule.NoHost' && isKnown ? [] : foundCause(cause, fullest(ranked, cause))
  })
}

const isNoHost = (cause: CauseCode): boolean => cause === 'Schedule.NoHost' || cause.startsWith('NoHost.')

/** Of what was found of one cause, the words that say most: numbers and names stand in one line and not in another. */
const fullest = (ranked: readonly Finding[], cause: CauseCode): string =>
  ranked.reduce(
    (most, finding) => (finding.cause === cause && finding.found.length > most.length ? finding.found : most),
    '',
  )

function distinct(all: readonly FoundCause[], except: FoundCause | null): FoundCause[] {
  const seen = new Set(except ? [except.code] : [])
  return all.filter(({ code }) => !seen.has(code) && seen.add(code)).slice(0, alsoMax)
}

export function foundCause(code: CauseCode, found: string): FoundCause {
  const { sentence, fault, remedy } = causes[code]
  return { code, sentence, found, fault, remedy }
}

const lostWords = ({ step }: Judged): string =>
  step === null ? 'it was accepted, and nothing followed' : `nobody is at work on its step ${step}`

/** A refusal nobody explained, by its status alone. */
function byStatus(status: number | null): FoundCause | null {
  if (status === null || status < 400) return null
  const code = statusCauses[status] ?? (status >= 500 ? 'Bug.Unexpected' : 'Request.Refused')
  return foundCause(code, `the answer was ${status}`)
}

const statusCauses: Readonly<Record<number, CauseCode>> = {
  401: 'Auth.TokenInvalid',
  403: 'Auth.PolicyDenied',
  404: 'Request.NotFound',
  406: 'Request.Microversion',
  409: 'Request.Conflict',
  410: 'Request.Gone',
  413: 'Request.TooLarge',
  415: 'Request.ContentType',
  429: 'Request.TooManyAtOnce',
  501: 'Request.NotImplemented',
  502: 'Service.Gateway',
  503: 'Service.Unavailable',
  504: 'Service.Gateway',
}
