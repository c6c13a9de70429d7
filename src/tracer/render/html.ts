// A trace as one page, to attach to a ticket: nothing is loaded, nothing runs, and what logs say stays text.
import { createHash } from 'node:crypto'
import type { Trace } from '../../model/trace.ts'
import { callsSection } from './html/calls.ts'
import { html, Markup, when } from './html/markup.ts'
import { placementSections } from './html/placement.ts'
import { eventsSection, gapsSection, logsSections, verdictSection } from './html/sections.ts'
import { style } from './html/style.ts'
import { mapTexts, visible } from './neutral.ts'
import { outcomeWords, startOf, subject } from './words.ts'

// The one style there is, by its hash: a style that came in with a message would not be taken.
const styleHash = createHash('sha256').update(style).digest('base64')
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`

/** The whole document. */
export function renderHtml(trace: Trace): string {
  const shown = mapTexts(trace, visible)
  const start = startOf(shown)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${outcomeWords[shown.verdict.outcome]}: ${subject(shown)}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
${verdictSection(shown)}
${callsSection(shown, start)}
${eventsSection(shown, start)}
${placementSections(shown)}
${logsSections(shown)}
${gapsSection(shown)}
<footer>${shown.format}, read from ${shown.source}${when(shown.view === 'owner', () => html`, as its owner may see it`)}.</footer>
</main>
</body>
</html>
`
  return page.text
}
