// The hosts of the page: by cause and count first, then every host, folded when they are many.
import type { Placement, PlacementHost, Trace } from '../../../model/trace.ts'
import { hostGroups, reasonOf, unnamedHosts } from '../digest.ts'
import { amount, plural } from '../words.ts'
import { html, type Markup, none, when } from './markup.ts'

const hostsShown = 12

export const placementSections = (trace: Trace): Markup =>
  html`${trace.placement.map(one => section(one, trace.placement.length > 1))}`

function section(placement: Placement, isNumbered: boolean): Markup {
  const { hosts, counts } = placement
  const areNamed = hosts.length > 0 && hosts.every(host => host.host !== null)
  const isShort = hosts.length <= hostsShown
  const unnamed = unnamedHosts(placement)
  return html`<section class="long"><h2>Where it could run${isNumbered ? `, attempt ${placement.attempt}` : ''}</h2>
<p>${placement.sum}</p>
${when(hosts.length > 0 && !(areNamed && isShort), () => groups(placement))}
${when(areNamed && isShort, () => table(placement))}
${when(areNamed && !isShort, () => html`<details><summary>All ${hosts.length} hosts</summary>${table(placement)}</details>`)}
${when(unnamed > 0 && hosts.length > 0, () => html`<p class="dim">${plural(unnamed, 'more host is', 'more hosts are')} counted and not named.</p>`)}
${when(counts.length > 0, () => html`<table><thead><tr><th>Check</th><th class="number">Hosts before</th><th class="number">After</th></tr></thead><tbody>${counts.map(({ filter, start, end }) => html`<tr class="${end === 0 ? 'bad' : ''}"><td>${filter}</td><td class="number">${start}</td><td class="number">${end}</td></tr>`)}</tbody></table>`)}
</section>`
}

const groups = (placement: Placement): Markup =>
  html`<ul>${hostGroups(placement).map(
    group =>
      html`<li class="${group.code === null ? 'good' : ''}">${group.text}${group.numbers === '' ? '' : `: ${group.numbers}`}${group.code === null ? none : html` <code class="dim">${group.code}</code>`}</li>`,
  )}</ul>`

const table = (placement: Placement): Markup => html`<table class="stack">
<thead><tr><th>Host</th><th>Why not</th><th class="number">Need</th><th class="number">Have</th><th class="number">Short</th></tr></thead>
<tbody>${placement.hosts.map(hostRow)}</tbody></table>`

function hostRow(host: PlacementHost): Markup {
  const { first } = host
  const look = first !== null ? 'bad' : host.isChosen ? 'good' : ''
  const sign = first !== null ? '✗' : host.isChosen ? '✓' : '·'
  const why =
    first === null
      ? host.isChosen
        ? 'chosen'
        : 'could take it'
      : first.need === null
        ? first.text || reasonOf(first)
        : reasonOf(first)
  const others = host.all.slice(first === null ? 0 : 1)
  const numbers =
    first === null
      ? []
      : (['need', 'have', 'short'] as const).map(name => ({ name, text: amount(first[name], first.unit) }))
  return html`<tr><td class="${look}">${sign} ${host.host ?? ''}</td><td class="wide">${why}${first === null ? none : html` <code class="dim">${first.code}</code>`}
${others.map(other => html`<p class="dim">also: ${other.text || reasonOf(other)}</p>`)}</td>
${numbers.length === 0 ? html`<td></td><td></td><td></td>` : numbers.map(({ name, text }) => (text === '' ? html`<td></td>` : html`<td class="number" data-name="${name}">${text}</td>`))}</tr>
`
}
