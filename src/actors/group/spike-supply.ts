import { emissionWindow } from '../../dynamics/emission/emission-window.js'
import { createEmitter, type Emitter, type EmitterState, type EmittingValues } from '../../dynamics/emission/emitter.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'
import type { Trials } from '../../learning/session.js'
import { endOfEmission } from '../../network/emission.js'

/** The spikes of a source within one window. */
export interface SuppliedSpikes {
  readonly window: Window
  readonly trains: SpikeTrains
}

/** Where a source slice has its spikes from. */
export interface SpikeSupply {
  /** From the start of a run. */
  begin(trials: Trials): void
  /** The spikes of the next window; the last one ends with the trials. */
  next(): SuppliedSpikes
}

/** The spikes that are given as input, all at once. */
export function createGivenSupply(name: string): SpikeSupply {
  let supplied: SuppliedSpikes | null = null
  return {
    begin({ inputs, count, until }) {
      supplied = { window: { start: 0, end: until }, trains: inputs[name] ?? noSpikes(count) }
    },
    next: () => supplied as SuppliedSpikes,
  }
}

/** No window is shorter, in ms: time must get on. */
const SHORTEST_WINDOW = 1e-6

/** Spikes that a slice emits by itself, in windows that hold about `spikesPerWindow` of them. */
export function createEmittedSupply(values: EmittingValues, seed: number, spikesPerWindow: number): SpikeSupply {
  const { emission } = values
  /** For the number of trials of the last run, which mostly stays the same. */
  let known: { readonly trials: number; readonly emitter: Emitter; readonly fresh: EmitterState } | null = null
  let run = { emitter: createEmitter(values, { seed, trials: 0 }), reached: 0, length: 0, until: 0 }

  function emitterFor(trials: number): Emitter {
    if (known?.trials !== trials) {
      const emitter = createEmitter(values, { seed, trials })
      known = { trials, emitter, fresh: emitter.state() }
    }
    known.emitter.resume(known.fresh)
    return known.emitter
  }

  return {
    begin({ count, until }) {
      const length = Math.max(SHORTEST_WINDOW, emissionWindow(emission, count, spikesPerWindow))
      run = { emitter: emitterFor(count), reached: 0, length, until }
    },
    next() {
      const start = run.reached
      const end = start + run.length
      run.reached = end < Math.min(run.until, endOfEmission(emission)) ? end : run.until
      return { window: { start, end: run.reached }, trains: run.emitter.emit(run.reached) }
    },
  }
}
