// What is missing, and what would bring it.
import type { View } from '../terminal.ts'
import { styled } from './paper.ts'

export function writeGaps(view: View): void {
  const { paper, trace } = view
  if (trace.gaps.length === 0) return
  paper.heading('What is missing')
  for (const gap of trace.gaps) paper.paragraph([styled(`  ${paper.sign('bullet')} `, 'dim')], gap.text)
}
