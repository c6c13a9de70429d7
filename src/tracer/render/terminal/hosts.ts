// A row for each host: its name, why it was not taken, and what it needed, had and was short of.
import { displayWidth } from '../../../base/width.ts'
import type { Placement, PlacementHost } from '../../../model/trace.ts'
import { reasonOf } from '../digest.ts'
import type { View } from '../terminal.ts'
import { amount } from '../words.ts'
import { cutMiddle, fit, padEnd, padStart } from './fit.ts'
import { type Style, styled } from './paper.ts'

const head = ['need', 'have', 'short']
const numberWidthMax = 14
/** With less room for the reason, the numbers are told in words. */
const whyWidthMin = 14

export function writeHosts(view: View, placement: Placement): void {
  const { paper, full } = view
  const { hosts } = placement
  if (hosts.length === 0) return
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(displayWidth))
  const names = hosts.map(host => host.host ?? '')
  const nameWidth = Math.min(Math.floor(paper.width * (full ? 0.5 : 0.3)), Math.max(4, widest(names)))
  const room = paper.width - nameWidth - 4
  const widths = hosts.some(hasNumbers)
    ? head.map((word, at) => Math.max(word.length, widest(hosts.map(host => numbersOf(host)[at] ?? ''))))
    : []
  const right = widths.reduce((sum, width) => sum + width + 2, 0)
  const columns = room - right < whyWidthMin ? [] : widths
  const whyRoom = columns.length === 0 ? room : room - right
  const whyOf = (host: PlacementHost) => reason(host, columns.length > 0)
  const whyWidth = Math.min(whyRoom, Math.max(7, widest(hosts.map(whyOf))))
  const cells = (texts: readonly string[]) =>
    columns.map((width, at) => `  ${padStart(texts[at] ?? '', width)}`).join('')

  paper.line(styled(`  ${padEnd('host', nameWidth)}  ${padEnd('why not', whyWidth)}${cells(head)}`, 'dim'))
  for (const host of hosts) {
    const style = styleOf(host)
    const why = whyOf(host)
    const name = host.host ?? ''
    const short = paper.isEndless
      ? name
      : fit(name, { max: nameWidth, keep: view.keep, more: paper.sign('more') })
    const first = [
      styled(`${paper.sign(signOf(host))} `, style),
      styled(padEnd(short, nameWidth), style),
      '  ',
    ]
    const below = ' '.repeat(nameWidth + 4)
    const numbers = cells(numbersOf(host))
    if (displayWidth(why) <= whyWidth && !why.includes('\n'))
      paper.line(...first, padEnd(why, whyWidth), numbers)
    else if (numbers.trim() === '') paper.paragraph(first, why)
    else {
      paper.line(...first, ' '.repeat(whyWidth), numbers)
      paper.paragraph([below], why)
    }
    for (const other of host.all.slice(host.first === null ? 0 : 1))
      paper.paragraph([below], `also: ${other.text || reasonOf(other)}`, 'dim')
  }
}

const hasNumbers = ({ first }: PlacementHost): boolean =>
  first !== null && first.need !== null && first.have !== null

const numbersOf = (host: PlacementHost): readonly string[] => {
  const { first } = host
  if (first === null || !hasNumbers(host)) return ['', '', '']
  return [first.need, first.have, first.short].map(value =>
    cutMiddle(amount(value, first.unit), numberWidthMax, '..'),
  )
}

function reason(host: PlacementHost, areNumbersBeside: boolean): string {
  const { first, isChosen } = host
  if (first === null) return isChosen ? 'chosen' : 'could take it'
  return hasNumbers(host) && areNumbersBeside ? reasonOf(first) : first.text || reasonOf(first)
}

const signOf = (host: PlacementHost) =>
  host.first !== null ? 'failed' : host.isChosen ? 'succeeded' : 'bullet'
const styleOf = (host: PlacementHost): Style | undefined =>
  host.first !== null ? 'bad' : host.isChosen ? 'good' : undefined
