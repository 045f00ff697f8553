import type { Placement } from '../hardware/placement.js'

/** In ms: processes that are started on a busy machine. */
const PROCESSES = 30_000
/** Drawn, sorted and wired, several times slower than on a machine with nothing else to do. */
const SYNAPSES_PER_MS = 500
const MOST = 1e9

/** The time in ms that the cores of a placement may take to become ready: the more they hold, the longer. */
export function startLimitOf({ cores }: Pick<Placement, 'cores'>): number {
  const synapses = cores.reduce((sum, core) => sum + core.synapses, 0)
  return Math.min(MOST, PROCESSES + Math.ceil(synapses / SYNAPSES_PER_MS))
}
