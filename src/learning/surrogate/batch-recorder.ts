import { byName, entryOf } from '../../events/by-name.js'
import { noSpikes } from '../../events/no-spikes.js'
import { selectSpikes } from '../../events/select-spikes.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { isReadout, isSpiking } from '../../network/models/models.js'
import type { Maxima, Recording, Trials } from '../session.js'
import type { GridObservation } from './grid-loss.js'
import type { GridNetwork } from './grid-network.js'
import { MaximaRecorder } from './maxima-recorder.js'
import { SpikeRecorder } from './spike-recorder.js'
import type { TimeGrid } from './time-grid.js'

/**
 * Records what some groups do, trial after trial. Exact sessions record from streams of batches; here are rasters and traces.
 */
export class BatchRecorder {
  private readonly observations: ReadonlyMap<string, GridObservation>
  private readonly network: GridNetwork
  private readonly trials: Trials

  /** @param names of groups; sources among them are recorded as they are given */
  constructor(network: GridNetwork, names: Iterable<string>, trials: Trials, grid: TimeGrid) {
    this.network = network
    this.trials = trials
    const { count } = trials
    this.observations = new Map(
      [...new Set(names)].flatMap((name): (readonly [string, GridObservation])[] => {
        const group = network.neurons.find(({ values }) => values.name === name)
        if (group === undefined) return []
        if (isSpiking(group)) return [[name, { kind: 'lif', spikes: new SpikeRecorder(count, grid.dt) }]]
        return [[name, { kind: 'li', maxima: new MaximaRecorder(group, count, grid) }]]
      }),
    )
  }

  /** Of a group of neurons that is recorded. */
  of(name: string): GridObservation {
    return this.observations.get(name) as GridObservation
  }

  /** The next trial. */
  add(): void {
    for (const [name, observation] of this.observations) {
      const raster = this.network.rasterOf(name)
      if (isReadout(observation)) observation.maxima.add()
      else if (raster !== null) observation.spikes.add(raster)
    }
  }

  /** What the groups named have done. */
  recording(names: readonly string[]): Recording {
    const spikes = new Map<string, SpikeTrains>()
    const maxima = new Map<string, Maxima>()
    for (const name of names) {
      const observation = this.observations.get(name)
      if (observation === undefined) spikes.set(name, this.given(name))
      else if (isSpiking(observation)) spikes.set(name, observation.spikes.trains())
      else maxima.set(name, observation.maxima.maxima)
    }
    return { spikes: byName(spikes), maxima: byName(maxima) }
  }

  /** The spikes of a source, as far as a trial goes. */
  private given(name: string): SpikeTrains {
    const { inputs, count, until } = this.trials
    const trains = entryOf(inputs, name) ?? noSpikes(count)
    return selectSpikes(trains, (place) => (trains.times[place] as number) < until).trains
  }
}
