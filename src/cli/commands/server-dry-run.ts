// `server create --dry-run`: what would become of it. Exit 1 when it would be refused, or find no host.
import { CliError } from '../errors.ts'
import { asItem, asItems, textOf } from '../item.ts'
import { placementText } from '../output/placement.ts'
import type { Call } from '../row.ts'
import { formatVersion } from '../session/versions.ts'

export async function dryRun(call: Call, body: unknown): Promise<undefined> {
  const { cloud, io } = call
  const version = formatVersion(await cloud.computeVersion())
  const reply = await cloud.trace.request('POST', '/servers', {
    body,
    headers: { 'OpenStack-API-Version': `compute ${version}` },
  })
  const answer = asItem(reply.body)
  if (answer.refusal !== null) {
    const refusal = asItem(answer.refusal)
    throw new CliError(`it would be refused: ${textOf(refusal, 'message')} (HTTP ${String(refusal.status)})`)
  }
  const attempts = asItems(answer.placement)
  for (const attempt of attempts) io.stdout(placementText(attempt, io.columns))
  const isPlaced = attempts.some(attempt => asItems(attempt.hosts).some(host => host.isChosen === true))
  if (!isPlaced) throw new CliError('it would be accepted, and then find no host')
  return undefined
}
