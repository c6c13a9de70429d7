// The call tree: who called whom, when and how it ended. Solid lines were proven, dashed ones inferred.
import { displayWidth } from '../../../base/width.ts'
import type { View } from '../terminal.ts'
import { type CallNode, callTree } from '../tree.ts'
import { between, offset, placeOf, plural } from '../words.ts'
import { fit, padEnd, padStart, shortIds } from './fit.ts'
import { type Span, type Style, styled } from './paper.ts'

interface Row {
  readonly node: CallNode
  /** Of the tree's own lines. */
  readonly rails: string
  readonly name: string
  /** ` ×5`, or nothing. */
  readonly repeats: string
  readonly status: string
  readonly start: string
  readonly took: string
}

/** Deeper calls are drawn no further to the right. */
const deepest = 6
const wideEnough = 72

export function writeCalls(view: View): void {
  const { paper, trace } = view
  if (trace.calls.length === 0) return
  const roots = callTree(trace.calls, { fold: !view.full })
  const rows: Row[] = []
  for (const root of roots) collect(view, root, '', '', 0, rows)
  const widest = (of: (row: Row) => string) => Math.max(0, ...rows.map(row => displayWidth(of(row))))
  const nameWanted = widest(row => row.rails + row.name + row.repeats)
  // On a narrow terminal names matter more than when each call began.
  const hasStart = paper.width >= wideEnough || nameWanted + 24 < paper.width
  const columns = {
    status: widest(row => row.status),
    start: hasStart ? widest(row => row.start) : 0,
    took: widest(row => row.took),
  }
  const right = Object.values(columns).reduce((sum, width) => sum + width + (width > 0 ? 2 : 0), 0)
  const room = paper.width - right - 2
  const nameWidth = Math.min(room, nameWanted)
  paper.heading('Calls', hasStart ? 'start, duration' : 'duration')
  for (const row of rows) writeRow(view, row, nameWidth, columns)
  writeLegend(view)
}

function collect(view: View, node: CallNode, rails: string, below: string, depth: number, rows: Row[]): void {
  const { paper, trace } = view
  const { call, times, children } = node
  const status = call.status === null ? (call.isFailed ? 'error' : '') : String(call.status)
  const place = placeOf(call)
  const repeats = times > 1 ? ` ${paper.sign('times')}${times}` : ''
  rows.push({
    node,
    rails,
    name: `${place}: ${call.operation}`.replaceAll('\n', ' '),
    repeats,
    status,
    start: offset(call.startedAt, view.start),
    took:
      between(call.startedAt, node.endedAt) ||
      (trace.verdict.outcome === 'running' && call.startedAt !== null ? paper.sign('more') : ''),
  })
  for (const [at, child] of children.entries()) {
    const isLast = at === children.length - 1
    const kind = child.call.edge === 'proven' ? 'proven' : 'inferred'
    const corner = paper.sign(isLast ? `${kind}Last` : kind)
    const deeper = depth + 1 < deepest
    const next = below + paper.sign(isLast ? 'gap' : 'through')
    collect(view, child, deeper ? below + corner : rails, deeper ? next : below, depth + 1, rows)
  }
}

function writeRow(
  view: View,
  row: Row,
  nameWidth: number,
  columns: { status: number; start: number; took: number },
): void {
  const { paper } = view
  const style = styleOf(row)
  const max = Math.max(1, nameWidth - displayWidth(row.rails + row.repeats))
  const name = paper.isEndless ? row.name : fitName(view, row, max)
  const numbers: Span[] = [
    ...(columns.status > 0 ? ['  ', styled(padEnd(row.status, columns.status), style)] : []),
    ...(columns.start > 0 ? ['  ', padStart(row.start, columns.start)] : []),
    ...(columns.took > 0 ? ['  ', padStart(row.took, columns.took)] : []),
  ]
  const sign = styled(`${paper.sign(signOf(row))} `, style)
  if (displayWidth(name) > max && !paper.isEndless) {
    // An id that was asked for is in it: it gets the line to itself, and the numbers the next one.
    paper.paragraph([sign, row.rails], name, style)
    paper.line(' '.repeat(nameWidth + 2), ...numbers)
  } else
    paper.line(
      sign,
      styled(row.rails, 'dim'),
      styled(padEnd(name + row.repeats, max + displayWidth(row.repeats)), style),
      ...numbers,
    )
  if (view.full) writeDetails(view, row)
}

/** What gives way, in this order: the query, the middles of ids, the API's version, the host, the middle of the rest. */
function fitName(view: View, row: Row, max: number): string {
  const { paper, keep } = view
  const more = paper.sign('more')
  const { call } = row.node
  const steps: ((name: string) => string)[] = [
    name => name,
    name => name.replace(/\?.*$/s, `?${more}`),
    name => shortIds(name, { keep, more }),
    name => name.replace(/ \/v\d+(\.\d+)?(?=\/)/, ' '),
    name => (call.host === null ? name : name.replace(`${placeOf(call)}:`, `${call.service}:`)),
    name => fit(name, { max, keep, more }),
  ]
  let name = row.name
  for (const step of steps) {
    if (displayWidth(name) <= max) break
    name = step(name)
  }
  return name
}

function writeDetails(view: View, row: Row): void {
  const { call } = row.node
  const indent = ' '.repeat(displayWidth(row.rails) + 4)
  const ids = [call.localId, call.globalId === call.localId ? null : call.globalId].flatMap(id => id ?? [])
  if (ids.length > 0) view.paper.paragraph([indent], ids.join(' '), 'dim')
  if (call.proof !== null && call.proof !== '') view.paper.paragraph([indent], call.proof, 'dim')
}

const signOf = ({ node: { call } }: Row) =>
  call.isFailed || call.isOnFailedPath ? 'failed' : call.edge === 'orphan' ? 'orphan' : 'none'

function styleOf({ node: { call } }: Row): Style | undefined {
  if (call.isOnFailedPath) return call.isFailed ? 'worst' : 'bad'
  if (call.isFailed) return 'bad'
  return call.edge === 'orphan' ? 'open' : undefined
}

function writeLegend(view: View): void {
  const { paper, trace } = view
  const count = (edge: string) => trace.calls.filter(call => call.edge === edge).length
  const inferred = count('inferred')
  const orphans = count('orphan')
  if (inferred > 0)
    paper.paragraph(
      [styled(`  ${paper.sign('inferredLast').trimEnd()} `, 'dim')],
      `${plural(inferred, 'call is', 'calls are')} placed by time and ids; no line proves who called`,
      'dim',
    )
  if (orphans > 0)
    paper.paragraph(
      [styled('  ? ', 'dim')],
      `${plural(orphans, 'call belongs', 'calls belong')} to this request; nothing says who called`,
      'dim',
    )
}
