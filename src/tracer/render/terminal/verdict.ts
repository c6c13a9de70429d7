// What happened, why, whose fault it is and what to do next; then which request this is.
import type { Outcome } from '../../../model/trace.ts'
import type { View } from '../terminal.ts'
import { between, dayAndTime, faultWords, outcomeWords, subject } from '../words.ts'
import { fit } from './fit.ts'
import { type Sign, type Style, styled } from './paper.ts'

const looks: Readonly<Record<Outcome, { readonly sign: Sign; readonly style: Style }>> = {
  succeeded: { sign: 'succeeded', style: 'best' },
  failed: { sign: 'failed', style: 'worst' },
  running: { sign: 'pending', style: 'openest' },
  lost: { sign: 'failed', style: 'worst' },
  unknown: { sign: 'orphan', style: 'openest' },
}

export function writeVerdict(view: View): void {
  const { paper, trace } = view
  const { verdict } = trace
  const { sign, style } = looks[verdict.outcome]
  paper.line(
    styled(`${paper.sign(sign)} ${outcomeWords[verdict.outcome]}`, style),
    '  ',
    styled(clip(view, subject(trace)), 'strong'),
  )
  paper.paragraph(['  '], verdict.sentence)
  paper.blank()
  const { cause } = verdict
  if (cause) {
    row(view, 'cause', cause.code, 'strong')
    const found = cause.found || cause.sentence
    if (found !== '' && !verdict.sentence.includes(found.replace(/\.$/, ''))) row(view, '', found)
    row(view, 'fault', faultWords[cause.fault])
  }
  if (verdict.step !== null) row(view, verdict.outcome === 'running' ? 'doing' : 'step', verdict.step)
  if (verdict.next !== '') row(view, 'next', verdict.next)
  if (!verdict.isOver && verdict.outcome !== 'running')
    row(view, '', 'More may still be done for this request.')
  for (const [at, also] of verdict.also.entries())
    row(view, at === 0 ? 'also' : '', `${also.code}: ${also.found || also.sentence}`)
  if (view.full)
    for (const [at, seen] of verdict.evidence.entries()) row(view, at === 0 ? 'shown by' : '', seen)
  paper.blank()
  writeRequest(view)
}

function writeRequest(view: View): void {
  const { request, server, action, source } = view.trace
  const id = request.localId ?? action?.requestId ?? null
  if (id !== null) row(view, 'request', id)
  if (request.globalId !== null && request.globalId !== id) row(view, 'global', request.globalId)
  if (request.method !== null) {
    const by = request.service === null ? '' : `${request.service}: `
    const answer = request.status === null ? '' : ` -> ${request.status}`
    const version = request.microversion === null ? '' : ` (${request.microversion})`
    row(
      view,
      'asked',
      clip(view, `${by}${request.method} ${request.path ?? ''}${answer}${version}`, labelWidth + 3),
    )
  }
  if (server) row(view, 'server', server.name === null ? server.id : `${server.name} (${server.id})`)
  const who = [
    ...(request.userId === null ? [] : [`user ${request.userId}`]),
    ...(request.projectId === null ? [] : [`project ${request.projectId}`]),
  ]
  if (view.full && who.length > 0) row(view, 'by', who.join(', '))
  const began = dayAndTime(request.startedAt)
  const took = between(request.startedAt, request.endedAt)
  if (began !== '')
    row(view, 'at', took === '' ? began : `${began}, ${took} until the last that was seen of it`)
  if (source !== '') row(view, 'read from', source)
}

const labelWidth = 9

function row(view: View, label: string, text: string, style?: Style): void {
  const { paper } = view
  const first = [styled(`  ${label.padEnd(labelWidth)} `, 'dim')]
  const isId = !/\s/.test(text)
  paper.paragraph(first, isId ? clip(view, text, labelWidth + 3) : text, style)
}

/** Texts without spaces do not break well: their ids are shortened instead. */
function clip(view: View, text: string, before = 20): string {
  const { paper, keep } = view
  if (paper.isEndless) return text
  return fit(text.replaceAll('\n', ' '), { max: paper.width - before, keep, more: paper.sign('more') })
}
