import type { Figure } from '../suite.js'

/** Of a training step, in ms; bytes that one of two replicas sends to the other. */
export interface StepCosts {
  readonly batch: number
  /** In one process, of the whole mini-batch and of half of it. */
  readonly whole: number
  readonly half: number
  /** Processor time that the exchange adds to the step of each of two replicas. */
  readonly exchange: number
  readonly bytes: number
}

/** What joins the machines. */
interface Wire {
  readonly gigabits: number
  /** One way, in ms. */
  readonly latency: number
}

const WIRES: readonly Wire[] = [1, 10, 100].flatMap((gigabits) => [
  { gigabits, latency: 0.05 },
  { gigabits, latency: 1 },
])
const COUNTS = [2, 4, 8, 16, 32, 64]
/** Trials of each of the most replicas: one chunk. */
const LEAST_SHARE = 8

/**
 * The time of a step in ms on R replicas, each with a machine of its own and nothing overlapped:
 *
 *     step(R) = fixed + B/R per trial + trips latency + 2 (R - 1)/R (bytes 8/bandwidth + exchange)
 *
 * where the costs per trial and per step are those of whole and half mini-batches, `bytes` and `exchange` are those of two
 * replicas (R = 2: 2 (R - 1)/R = 1), and there is one trip for two replicas, two for more.
 */
function stepOf(replicas: number, batch: number, costs: StepCosts, { gigabits, latency }: Wire): number {
  const perTrial = (2 * (costs.whole - costs.half)) / costs.batch
  const fixed = Math.max(0, costs.whole - costs.batch * perTrial)
  const compute = fixed + (batch / replicas) * perTrial
  if (replicas === 1) return compute
  const sending = (8 * costs.bytes) / (1e6 * gigabits)
  const trips = replicas === 2 ? 1 : 2
  return compute + trips * latency + ((2 * (replicas - 1)) / replicas) * (sending + costs.exchange)
}

/** How much faster than one process, by replicas, with a mini-batch of 8 trials for each of 64; and where it is most. */
export function* modelFindings(name: string, costs: StepCosts): Generator<Figure> {
  const batch = LEAST_SHARE * (COUNTS.at(-1) as number)
  const one = stepOf(1, batch, costs, WIRES[0] as Wire)
  for (const wire of WIRES) {
    const gains = COUNTS.map((replicas) => ({ replicas, gain: one / stepOf(replicas, batch, costs, wire) }))
    const best = gains.reduce((most, each) => (each.gain > most.gain ? each : most))
    const where = `${wire.gigabits} Gb/s, ${1000 * wire.latency} us`
    const counts = Object.fromEntries(gains.map(({ replicas, gain }) => [`x on ${replicas}`, gain]))
    const against = [{ name: 'one process', value: 1 }]
    yield {
      name: `${name}: model, B = ${batch}, ${where}, most on ${best.replicas}`,
      value: best.gain,
      unit: 'times',
      against,
      counts,
    }
  }
}
