// The scheduler's table for people: what it comes to, then every host with why not.
import { asItem, asItems, type Item, textOf } from '../item.ts'
import { humanText } from './cells.ts'
import { drawTable } from './table.ts'

/** `placement` as the trace service sends it (model/trace.ts); without hosts' names where the caller may not know them. */
export function placementText(placement: Item, maxWidth: number): string {
  const hosts = asItems(placement.hosts)
  const sum = `${humanText(textOf(placement, 'sum'))}\n`
  const rows = hosts.map(host => [humanText(host.host ?? '-'), verdictOf(host), reasonsOf(host)])
  const total = Number(placement.hostsTotal ?? hosts.length)
  if (total > hosts.length) rows.push([`${total - hosts.length} more`, '', ''])
  if (rows.length === 0) return sum
  return sum + drawTable({ headings: ['Host', 'Can take it', 'Why not'], rows, maxWidth, minColumnWidth: 8 })
}

const verdictOf = (host: Item): string =>
  host.isChosen === true ? 'yes, chosen' : host.first === null ? 'yes' : 'no'

/** The reason it is counted under comes first, as in the list. */
const reasonsOf = (host: Item): string =>
  asItems(host.all)
    .map(reason => humanText(textOf(asItem(reason), 'text')))
    .join('\n')
