import type { CoreTraffic } from '../../actors/open-cluster.js'
import type { Shown } from '../shown.js'
import { formatTable } from '../table.js'

/**
 * What went over the links as text: a row per link, `->` from the core named first to the second, `<-` back; spikes run
 * forward, gradient events back.
 */
export function formatTraffic(traffic: readonly CoreTraffic[]): Shown {
  const rows = traffic
    // Each side counts the link; the core with the lower number speaks for both.
    .filter(({ core, peer }) => core < peer)
    .sort((a, b) => a.core - b.core || a.peer - b.peer)
    .map(({ core, peer, sent, received }) => [
      `core ${core} - core ${peer}`,
      sent.spikes,
      received.spikes,
      sent.gradientEvents,
      received.gradientEvents,
      sent.bytes,
      received.bytes,
    ])
  return formatTable(HEAD, rows)
}

const HEAD = ['link', 'spikes ->', '<-', 'gradient events ->', '<-', 'bytes ->', '<-']
