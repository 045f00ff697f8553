import { byName } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/description/network.js'
import { instantiate } from '../../network/instance/instantiate.js'
import { type Readers, readRequired } from '../../network/reading/read-fields.js'
import { readNetwork } from '../../network/reading/read-network.js'
import { integerFrom, readPositive } from '../../network/reading/read-number.js'
import { wordOf } from '../../network/reading/read-value.js'
import { ticksFor } from '../../numerics/step-of.js'
import type { ChipTime } from '../profile/chip-profile.js'
import { activeStepsOf, type StepGrid } from './active-steps.js'
import { type Raster, readRaster, spikingGroups } from './raster.js'
import type { Tally } from './tally.js'
import { unitSpikes } from './unit-spikes.js'

export interface TallyOptions {
  /** Model time of a step, ms: the tick of a stepped chip. */
  readonly tickMs: number
  /** Length of a trial, ms. */
  readonly until: number
  /** Of the run: draws the synapses of rules, and delays. Default 0. */
  readonly seed?: number
  /** Of the chip; default `stepped`. */
  readonly time?: ChipTime['mode']
}

const READERS: Readers<TallyOptions> = {
  tickMs: readPositive,
  until: readPositive,
  seed: integerFrom(0),
  time: wordOf(['stepped', 'continuous']),
}

/** More steps of one trial than anybody runs; each takes four bytes here. */
const MOST_STEPS = 2 ** 28

/**
 * What a run did, from its spikes: `session.simulate(trials)` records those of the neurons, `trials.inputs` has those of the
 * sources (or `record` names sources that emit by themselves).
 *
 *     step of a spike at t      k with (k - 1) tick < t <= k tick; 1 for t = 0
 *     step of its arrival       stepped:     step of the spike + max(1, nearest(delay / tick))
 *                               continuous:  step of t + delay
 *     steps of a trial          until / tick, rounded up
 *     active                    a step in which something arrives at a neuron, or it spikes
 *
 * Arrivals after the end of a trial make no neuron active. Everything is summed over trials. Times are in ms.
 *
 * Raises `InputError`: `GROUP_UNKNOWN`, `RASTER_GROUP`, `RASTER_TIME`, `INPUT_SHAPE`, `INPUT_TIME`, `INPUT_UNIT`,
 * `INPUT_ORDER` for the raster; `OPTION_OUT_OF_RANGE`, `NUMBER_NOT_FINITE`, `FIELD_MISSING`, `FIELD_TYPE`, `FIELD_UNKNOWN`.
 *
 * @example
 * const recording = await session.simulate(trials)
 * const tally = tallyOf({ ...trials.inputs, ...recording.spikes }, network, { tickMs: 1, until: trials.until })
 */
export function tallyOf(raster: Raster, network: Network, options: TallyOptions): Tally {
  readNetwork(network)
  const read = readRequired<TallyOptions, 'tickMs' | 'until'>(options, READERS, ['tickMs', 'until'])
  const { tickMs, until, seed = 0, time = 'stepped' } = read
  const grid: StepGrid = { tickMs, time, steps: stepsOf(until, tickMs) }
  const { trials, trains } = readRaster(network, raster, until)
  const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
  const spikes = new Map([...trains].map(([name, own]) => [name, unitSpikes(own, sizes.get(name) as number, tickMs)]))
  const { projections } = instantiate(network, seed)
  const activeSteps = network.groups
    .filter(({ kind }) => kind !== 'source')
    .map(({ name, size }) => {
      const into = projections.filter(({ target }) => target === name)
      const afferents = into.map((values) => ({ values, spikes: spikes.get(values.source) ?? [] }))
      return [name, activeStepsOf(size, spikes.get(name) ?? null, afferents, trials, grid)] as const
    })
  const counted = spikingGroups(network).map(({ name, size }) => {
    const counts = new Float64Array(size)
    for (const unit of trains.get(name)?.units ?? []) counts[unit] = (counts[unit] as number) + 1
    return [name, counts] as const
  })
  return { trials, steps: trials * grid.steps, spikes: byName(counted), activeSteps: byName(activeSteps), tickMs }
}

/** Raises `InputError` OPTION_OUT_OF_RANGE for a trial of more steps than can be counted. */
export function stepsOf(until: number, tickMs: number): number {
  const steps = ticksFor(until, tickMs)
  if (steps >= 1 && steps <= MOST_STEPS) return steps
  throw new InputError({
    code: 'OPTION_OUT_OF_RANGE',
    field: 'options.until',
    found: `${until} ms, which are ${steps} steps of ${tickMs} ms`,
    expected: `from 1 to ${MOST_STEPS} steps a trial`,
    remedy: 'Count a shorter run.',
  })
}
