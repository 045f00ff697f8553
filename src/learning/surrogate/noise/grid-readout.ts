import type { ProjectionNoise } from '../../../dynamics/noise/spike-noise.js'
import { placesInOrder } from '../../../events/natural-merge-sort.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import type { RunNoise } from '../../noise/run-noise.js'
import { readoutNoiseOf } from '../../noise/spike-noise-of.js'
import type { GridLif } from '../grid-lif.js'
import { GridWay } from './grid-way.js'

/** The spikes of one trial as they are read out. */
interface ReadSpikes {
  /** All other trials are empty. */
  readonly trains: SpikeTrains
  /** Where each was among the spikes of the trial; -1 where it stays at 0 if its original moves. */
  readonly places: Int32Array
}

/**
 * What is between the spikes of the group of a loss and the times that the loss sees. Unlike in exact sessions, a point without
 * a spike has a derivative, too.
 */
export interface GridReadout {
  /** What is read out of the present trial, with the times as they are read, not those of the grid. */
  read(trial: number): ReadSpikes
  /**
   * dL/ds at every point, from that of what is read there: a spike at a point is read where the next one of its unit is
   * read from there, at the nearest point, the last one at most.
   */
  restore(explicit: Float32Array): void
}

/** Null where nothing is. */
export function createGridReadout(
  noise: RunNoise | null,
  group: GridLif,
  { trials, dt, steps }: { readonly trials: number; readonly dt: number; readonly steps: number },
): GridReadout | null {
  const readout = noise === null ? null : readoutNoiseOf(noise, group.values.name)
  if (noise === null || readout === null) return null
  const { raster, size, lanes } = group
  const way = new GridWay(raster, size, { ...readout, causal: false } satisfies ProjectionNoise, {
    ...noise,
    trials,
    dt,
  })
  return {
    read(trial) {
      way.beginTrial(trial)
      for (let k = 0; k < steps; k++) way.leave(k)
      return inOrder(way, raster.units, { count: raster.count, trial, trials, dt })
    },
    restore(explicit) {
      const read = explicit.slice()
      way.beginBackward()
      for (let k = steps - 1; k >= 0; k--) {
        way.ask(k)
        for (let unit = 0; unit < size; unit++) {
          const at = Math.min(steps - 1, Math.floor((way.askedPositions[unit] as number) + 0.5))
          explicit[k * lanes + unit] = read[at * lanes + unit] as number
        }
      }
    },
  }
}

interface Sorting {
  readonly count: number
  readonly trial: number
  readonly trials: number
  readonly dt: number
}

function inOrder(way: GridWay, unitOf: Int32Array, { count, trial, trials, dt }: Sorting): ReadSpikes {
  const times = Float64Array.from({ length: count }, (_, k) => (way.positions[k] as number) * dt)
  const order = placesInOrder([0, count], times, (a, b) => (unitOf[a] as number) < (unitOf[b] as number))
  return {
    trains: {
      offsets: new Uint32Array(trials + 1).fill(count, trial + 1),
      times: Float64Array.from(order, (k) => times[k] as number),
      units: Uint32Array.from(order, (k) => unitOf[k] as number),
    },
    places: order.map((k) => (way.isHeld(k) ? -1 : k)),
  }
}
