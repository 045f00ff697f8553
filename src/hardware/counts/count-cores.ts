import type { Network } from '../../network/description/network.js'
import type { PlacedCore } from '../fit/chip-fit.js'
import type { Incoming } from '../reach/incoming.js'
import type { UnitTally } from '../tally/read-tally.js'
import type { CoreCounts } from './chip-counts.js'
import { eventsInto } from './synaptic-events.js'

/** What the neurons of each core do. */
export function countCores(
  { groups }: Network,
  cores: readonly PlacedCore[],
  incoming: ReadonlyMap<string, readonly Incoming[]>,
  { steps, spikes, activeSteps }: UnitTally,
): readonly CoreCounts[] {
  const sources = new Set(groups.filter(({ kind }) => kind === 'source').map(({ name }) => name))
  return cores.map(({ chip, core, slices }) => {
    let [neurons, active, neuronSpikes, synapticEvents] = [0, 0, 0, 0]
    for (const slice of slices) {
      if (sources.has(slice.group)) continue
      neurons += slice.end - slice.start
      active += sumOf(activeSteps.get(slice.group), slice)
      neuronSpikes += sumOf(spikes.get(slice.group), slice)
      for (const into of incoming.get(slice.group) ?? [])
        synapticEvents += eventsInto(into, slice, spikes.get(into.source) as Float64Array)
    }
    return {
      chip,
      core,
      neurons,
      neuronSteps: { active, idle: neurons * steps - active },
      neuronSpikes,
      synapticEvents,
    }
  })
}

export function totalOf(cores: readonly CoreCounts[], countOf: (core: CoreCounts) => number): number {
  return cores.reduce((sum, core) => sum + countOf(core), 0)
}

function sumOf(
  numbers: Float64Array | undefined,
  { start, end }: { readonly start: number; readonly end: number },
): number {
  return (numbers ?? new Float64Array(0)).subarray(start, end).reduce((sum, each) => sum + each, 0)
}
