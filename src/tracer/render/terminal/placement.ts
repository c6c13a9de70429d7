// Every host once, with why it was not taken, and the sum. Many hosts are told by cause and count.
import { displayWidth } from '../../../base/width.ts'
import type { Placement } from '../../../model/trace.ts'
import { hostGroups, unnamedHosts } from '../digest.ts'
import type { View } from '../terminal.ts'
import { plural } from '../words.ts'
import { fit, padEnd } from './fit.ts'
import { writeHosts } from './hosts.ts'
import { styled } from './paper.ts'

/** More hosts than that are grouped, unless all is asked for. */
const hostsShown = 12
const namesShown = 8

export function writePlacement(view: View): void {
  const { trace } = view
  for (const placement of trace.placement) {
    const which = trace.placement.length > 1 ? `, attempt ${placement.attempt}` : ''
    view.paper.heading(`Where it could run${which}`)
    if (placement.sum !== '') view.paper.paragraph(['  '], placement.sum)
    const areNamed = placement.hosts.every(host => host.host !== null)
    if (areNamed && (view.full || placement.hosts.length <= hostsShown)) writeHosts(view, placement)
    else writeGroups(view, placement)
    const unnamed = unnamedHosts(placement)
    if (unnamed > 0 && placement.hosts.length > 0)
      view.paper.paragraph(
        ['  '],
        `${plural(unnamed, 'more host is', 'more hosts are')} counted and not named.`,
        'dim',
      )
    if (placement.hosts.length === 0 || view.full) writeCounts(view, placement)
  }
}

function writeGroups(view: View, placement: Placement): void {
  const { paper } = view
  for (const group of hostGroups(placement)) {
    const style = group.code === null ? 'good' : 'bad'
    const sign = paper.sign(group.code === null ? 'succeeded' : 'failed')
    const numbers = group.numbers === '' ? '' : `: ${group.numbers}`
    paper.paragraph([styled(`${sign} `, style)], `${group.text}${numbers}`)
    if (group.code !== null) paper.line('    ', styled(group.code, 'dim'))
    const names = group.hosts.flatMap(host =>
      host.host === null ? [] : [host.isChosen ? `${host.host} (chosen)` : host.host],
    )
    const shown = view.full ? names : [...names].sort(chosenFirst).slice(0, namesShown)
    const left = names.length - shown.length
    if (shown.length > 0)
      paper.paragraph(['    '], `${shown.join(', ')}${left > 0 ? ` and ${left} more (--full)` : ''}`, 'dim')
  }
}
const chosenFirst = (a: string, b: string): number =>
  Number(b.endsWith(' (chosen)')) - Number(a.endsWith(' (chosen)'))

function writeCounts(view: View, placement: Placement): void {
  const { paper } = view
  if (placement.counts.length === 0) return
  const width = Math.min(
    paper.width - 24,
    Math.max(...placement.counts.map(({ filter }) => displayWidth(filter))),
  )
  for (const { filter, start, end } of placement.counts) {
    const style = end === 0 ? 'bad' : end < start ? 'open' : undefined
    const name = fit(filter, { max: width, keep: view.keep, more: paper.sign('more') })
    paper.line(
      styled(`${paper.sign(end === 0 ? 'failed' : 'none')} `, style),
      styled(padEnd(name, width), style),
      styled(`  ${start} -> ${end} hosts`, style),
    )
  }
}
