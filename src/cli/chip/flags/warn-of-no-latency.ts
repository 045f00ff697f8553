import type { Placement } from '../../../hardware/placement.js'
import { type Listener, warn } from '../../warn.js'

interface LatencyQuestion {
  readonly chipLatency?: boolean
  /** The file of the placement. */
  readonly placement?: string
  readonly placed: Placement
}

/** Whether some spike of a placement takes time from core to core, as far as the network lets any go there. */
function crossesLatency({ cuts, latencies = [] }: Pick<Placement, 'cuts' | 'latencies'>): boolean {
  return cuts.some(({ crossings }) => crossings.some(({ from, to }) => (latencies[from]?.[to] ?? 0) > 0))
}

/** Tells of `--chip-latency` where nothing takes time. */
export function warnOfNoLatency(
  terminal: Listener,
  json: boolean,
  { chipLatency, placement, placed }: LatencyQuestion,
): void {
  if (chipLatency !== true || crossesLatency(placed)) return
  const message = `--chip-latency changes nothing, for on the placement of ${placement} no spike takes time from core to core.`
  warn(terminal, json, { code: 'LATENCY_NONE', message })
}
