import {
  createEmitter,
  type EmittedTrials,
  type Emitter,
  type EmitterState,
  type EmittingValues,
  emissionWindow,
} from '../../dynamics/emission/emitter.js'
import { entryOf } from '../../events/by-name.js'
import { InternalError } from '../../events/errors.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { microBatches, spikesOfTrials } from '../../events/trial-range.js'
import type { Window } from '../../events/window.js'
import { endOfEmission } from '../../network/description/emission.js'
import { nextUp } from '../../numerics/neighbours.js'
import { createFifo } from '../../streams/fifo.js'
import { type Run, spanOf } from './run.js'

/** The spikes of a source within one window. */
export interface SuppliedSpikes {
  readonly window: Window
  readonly trains: SpikeTrains
  readonly isLast: boolean
}

/** Where a source slice has its spikes from. */
export interface SpikeSupply {
  /** Starts a run through its time; in micro-batches, spikes that are given come with a window each. */
  begin(run: SuppliedRun, from: SupplyStart): void
  /** The spikes of the next window; the last one ends with the trials. */
  next(): SuppliedSpikes
  /** How far the units have come, as named columns; null if nothing is emitted here. */
  columns(): StateColumns | null
}

interface SuppliedRun extends Pick<Run, 'trials' | 'firstTrial' | 'microBatch'> {
  readonly segment?: Window
}

/** Where spikes begin: at the start of the trials, where the last run has ended, or at saved columns. */
export type SupplyStart = 'rest' | 'last' | StateColumns

export type StateColumns = Readonly<Record<string, Float64Array>>

/** The spikes that are given as input, all at once or by micro-batches. */
export function createGivenSupply(name: string): SpikeSupply {
  let supplied = createFifo<SuppliedSpikes>()
  return {
    begin(run) {
      const { trials, microBatch } = run
      const { inputs, count } = trials
      const { start, end } = spanOf(run)
      const trains = entryOf(inputs, name) ?? noSpikes(count)
      supplied = createFifo()
      for (const range of microBatches(count, microBatch))
        supplied.push({
          window: { start, end },
          trains: microBatch === undefined ? trains : spikesOfTrials(trains, range),
          isLast: range.end === count,
        })
    },
    next: () => supplied.take(),
    columns: () => null,
  }
}

/** No window is shorter, in ms: time must get on. */
const SHORTEST_WINDOW = 1e-6

/** Spikes that a slice emits by itself, in windows that hold about `spikesPerWindow` of them. */
export function createEmittedSupply(values: EmittingValues, seed: number, spikesPerWindow: number): SpikeSupply {
  const { emission } = values
  /** For the trials of the last run, which mostly stay the same. */
  let known:
    | (Required<Pick<EmittedTrials, 'trials' | 'firstTrial'>> & {
        readonly emitter: Emitter
        readonly fresh: EmitterState
      })
    | null = null
  let run = { emitter: createEmitter(values, { seed, trials: 0 }), reached: 0, length: 0, until: 0 }
  /** Everything before, in ms, has been emitted or is passed over. */
  let passed = 0

  function emitterFor({ trials: { count: trials }, firstTrial = 0 }: SuppliedRun, from: SupplyStart): Emitter {
    if (known?.trials !== trials || known.firstTrial !== firstTrial) {
      const emitter = createEmitter(values, { seed, trials, firstTrial })
      known = { trials, firstTrial, emitter, fresh: emitter.state() }
    }
    if (from === 'rest') known.emitter.resume(known.fresh)
    else if (from !== 'last') known.emitter.resume(stateOf(from))
    return known.emitter
  }

  /** Skips spikes that were due before the stream began; mostly there are none. */
  function pass(before: number): void {
    for (let step = run.length; passed < before; ) {
      passed = Math.min(before, passed + step)
      step = run.emitter.emit(passed).times.length === 0 ? 2 * step : run.length
    }
  }

  return {
    begin(supplied, from) {
      const { start, end: until } = spanOf(supplied)
      const length = Math.max(SHORTEST_WINDOW, emissionWindow(emission, supplied.trials.count, spikesPerWindow))
      run = { emitter: emitterFor(supplied, from), reached: start, length, until }
      if (from !== 'last') passed = 0
    },
    next() {
      pass(run.reached)
      const start = run.reached
      const due = run.emitter.due()
      // Where nothing is emitted for long, one window does.
      const end = due < start + run.length ? start + run.length : Math.max(due + run.length, nextUp(due))
      run.reached = end < Math.min(run.until, endOfEmission(emission)) ? end : run.until
      passed = run.reached
      const window = { start, end: run.reached }
      return { window, trains: run.emitter.emit(run.reached), isLast: run.reached >= run.until }
    },
    columns() {
      const { counts, positions } = run.emitter.state()
      return { counts, positions }
    },
  }
}

function stateOf({ counts, positions }: StateColumns): EmitterState {
  if (counts === undefined || positions === undefined) throw new InternalError('A state of a source lacks a column.')
  return { counts, positions }
}
