// How long a host has been up, in the words of uptime(1), which is what Nova passes on and clients take apart.
import type { Instant } from '../base/time.ts'

const two = (n: number): string => String(n).padStart(2, '0')

/**
 * ` 08:32:11 up 93 days, 18:25,  0 users,  load average: 0.00, 0.00, 0.00`, UTC. `since` is when the host's agent
 * started; a simulated host has no load of its own.
 */
export function uptimeText(since: Instant, now: Instant): string {
  const minutes = Math.max(0, Math.floor((now - since) / 60_000))
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor(minutes / 60) % 24
  const length = `${days === 0 ? '' : `${days} day${days === 1 ? '' : 's'}, `}${hours}:${two(minutes % 60)}`
  return ` ${new Date(now).toISOString().slice(11, 19)} up ${length},  0 users,  load average: 0.00, 0.00, 0.00`
}
