import { delayOfSynapse } from '../../network/delay-of-synapse.js'
import type { ProjectionValues } from '../../network/instance.js'
import { type Rows, rowsOf } from '../fit/rows.js'
import { nearestMultiple } from '../noise/quantize.js'
import type { ChipTime } from '../profile/chip-profile.js'
import { stepOf } from './step-of.js'
import type { UnitSpikes } from './unit-spikes.js'

export interface StepGrid {
  readonly tickMs: number
  /** Of one trial. */
  readonly steps: number
  readonly time: ChipTime['mode']
}

/** One projection into a group, its synapses by neuron. */
interface Afferent {
  readonly values: ProjectionValues
  /** Synapse indices by neuron; null: dense, all in order. */
  readonly rows: Rows | null
  readonly spikes: readonly UnitSpikes[]
}

/**
 * Steps of each neuron of a group in which something arrives at it or it spikes, over all trials.
 *
 * @param own its spikes, by trial; null where it never spikes
 */
export function activeStepsOf(
  size: number,
  own: readonly UnitSpikes[] | null,
  projections: readonly { readonly values: ProjectionValues; readonly spikes: readonly UnitSpikes[] }[],
  trials: number,
  grid: StepGrid,
): Float64Array {
  const afferents = projections.map(
    (projection): Afferent => ({ ...projection, rows: rowsOfSynapses(projection.values) }),
  )
  const active = new Float64Array(size)
  // A step is met if it has the stamp of this neuron and trial.
  const stamps = new Uint32Array(grid.steps + 1)
  let now = 0
  for (let neuron = 0; neuron < size; neuron++) {
    for (let trial = 0; trial < trials; trial++) {
      now++
      let count = 0
      const meet = (step: number) => {
        if (step > grid.steps || stamps[step] === now) return
        stamps[step] = now
        count++
      }
      own?.[trial]?.visit(neuron, (time) => meet(stepOf(time, grid.tickMs)))
      for (const afferent of afferents) visitArrivals(afferent, neuron, trial, grid, meet)
      active[neuron] = (active[neuron] as number) + count
    }
  }
  return active
}

function rowsOfSynapses({ layout, targetSize, targets }: ProjectionValues): Rows | null {
  return layout === 'dense' ? null : rowsOf(targetSize, targets, (s) => s)
}

function visitArrivals(
  { values, rows, spikes }: Afferent,
  neuron: number,
  trial: number,
  grid: StepGrid,
  meet: (step: number) => void,
): void {
  const { sources, sourceSize, absent, delays, delayShape } = values
  const from = rows === null ? neuron * sourceSize : (rows.offsets[neuron] as number)
  const to = rows === null ? from + sourceSize : (rows.offsets[neuron + 1] as number)
  for (let k = from; k < to; k++) {
    const s = rows === null ? k : (rows.units[k] as number)
    if (absent?.[s] === 1) continue
    const unit = rows === null ? k - from : (sources[s] as number)
    const arrival = arrivalAfter(delayOfSynapse(delays, delayShape, 0, unit, s), grid)
    spikes[trial]?.visit(unit, (time) => meet(arrival(time)))
  }
}

/**
 * The step in which a spike arrives. On a stepped chip a spike of step s arrives in step s + max(1, ticks of its delay), the
 * delay rounded to the nearest tick; where time is continuous in that of its time and delay together.
 */
function arrivalAfter(delay: number, { tickMs, time: mode }: StepGrid): (time: number) => number {
  if (mode === 'continuous') return (time) => stepOf(time + delay, tickMs)
  const ticks = Math.max(1, nearestMultiple(delay / tickMs, 1))
  return (time) => stepOf(time, tickMs) + ticks
}
