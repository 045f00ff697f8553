import { nearestMultiple } from '../../learning/noise/quantize.js'
import { delayOfSynapse } from '../../network/graph/delay-of-synapse.js'
import type { ProjectionValues } from '../../network/instance/instance.js'
import { stepOf } from '../../numerics/step-of.js'
import type { ChipTime } from '../profile/chip-profile.js'
import { type Rows, rowsOf } from '../reach/rows.js'
import type { UnitSpikes } from './unit-spikes.js'

export interface StepGrid {
  readonly tickMs: number
  /** Of one trial. */
  readonly steps: number
  readonly time: ChipTime['mode']
}

/** One projection into a group, and the spikes of its source by trial. */
export interface Afferent {
  readonly values: ProjectionValues
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
  projections: readonly Afferent[],
  trials: number,
  grid: StepGrid,
): Float64Array {
  const active = new Float64Array(size)
  let neuron = 0
  const tell = createActiveSteps(own, projections, grid, () => {
    active[neuron] = (active[neuron] as number) + 1
  })
  for (; neuron < size; neuron++) for (let trial = 0; trial < trials; trial++) tell(neuron, trial)
  return active
}

/**
 * Tells the steps of a neuron of a group in one trial in which something arrives at it or it spikes, each once, in no order.
 *
 * @param own its spikes, by trial; null where it never spikes
 */
export function createActiveSteps(
  own: readonly UnitSpikes[] | null,
  projections: readonly Afferent[],
  grid: StepGrid,
  to: (step: number) => void,
): (neuron: number, trial: number) => void {
  const afferents = projections.map((afferent) => ({ ...afferent, rows: rowsOfSynapses(afferent.values) }))
  const met = createMetSteps(grid.steps, to)
  return (neuron, trial) => {
    met.begin()
    const spikes = own?.[trial]
    if (spikes !== undefined) meetSpikes(spikes, neuron, 0, met)
    for (const { values, rows, spikes: of } of afferents)
      meetArrivals(values, rows, neuron, of[trial] as UnitSpikes, grid, met)
  }
}

/** Tells different steps once. */
interface MetSteps {
  begin(): void
  meet(step: number): void
}

function createMetSteps(steps: number, tell: (step: number) => void): MetSteps {
  // A step was met if it has the current stamp, so that a reset takes no time.
  const stamps = new Uint32Array(steps + 1)
  let now = 0
  return {
    begin() {
      now++
    },
    meet(step) {
      if (step > steps || stamps[step] === now) return
      stamps[step] = now
      tell(step)
    },
  }
}

/** Synapse indices by neuron; null: dense, all in order. */
function rowsOfSynapses({ layout, targetSize, targets }: ProjectionValues): Rows | null {
  return layout === 'dense' ? null : rowsOf(targetSize, targets, (s) => s)
}

function meetArrivals(
  { sources, sourceSize, absent, delays, delayShape }: ProjectionValues,
  rows: Rows | null,
  neuron: number,
  spikes: UnitSpikes,
  grid: StepGrid,
  met: MetSteps,
): void {
  const from = rows === null ? neuron * sourceSize : (rows.offsets[neuron] as number)
  const to = rows === null ? from + sourceSize : (rows.offsets[neuron + 1] as number)
  for (let k = from; k < to; k++) {
    const s = rows === null ? k : (rows.units[k] as number)
    if (absent?.[s] === 1) continue
    const unit = rows === null ? k - from : (sources[s] as number)
    if (spikes.starts[unit] === spikes.starts[unit + 1]) continue
    const delay = delayOfSynapse(delays, delayShape, 0, unit, s)
    if (grid.time === 'stepped') meetSpikes(spikes, unit, Math.max(1, nearestMultiple(delay / grid.tickMs, 1)), met)
    else meetDelayed(spikes, unit, delay, grid.tickMs, met)
  }
}

/** On a stepped chip a spike of step s arrives `later` steps later. */
function meetSpikes({ starts, steps }: UnitSpikes, unit: number, later: number, met: MetSteps): void {
  const end = starts[unit + 1] as number
  for (let k = starts[unit] as number; k < end; k++) met.meet((steps[k] as number) + later)
}

/** Where time is continuous: a spike arrives in the step of its time and delay together. */
function meetDelayed({ starts, times }: UnitSpikes, unit: number, delay: number, tickMs: number, met: MetSteps): void {
  const end = starts[unit + 1] as number
  for (let k = starts[unit] as number; k < end; k++) met.meet(stepOf((times[k] as number) + delay, tickMs))
}
