import type { Network } from '../../network/description/network.js'
import type { PlacedCore } from '../placement.js'
import type { Incoming } from '../reach/incoming.js'
import type { UnitTally } from '../tally/read-tally.js'
import type { CoreCounts } from './chip-counts.js'
import type { Flow } from './flows.js'
import { eventsInto } from './synaptic-events.js'

/** What each core does: its neurons, and the packets of its units and to them. */
export function countCores(
  { groups }: Network,
  cores: readonly PlacedCore[],
  incoming: ReadonlyMap<string, readonly Incoming[]>,
  { steps, spikes, activeSteps }: UnitTally,
  { flows, multicast }: { readonly flows: readonly Flow[]; readonly multicast: boolean },
): readonly CoreCounts[] {
  const [packetsOut, packetsIn] = [new Float64Array(cores.length), new Float64Array(cores.length)]
  for (const { from, targets, spikes: count } of flows) {
    packetsOut[from] = (packetsOut[from] as number) + count * (multicast ? 1 : targets.length)
    for (const target of targets) packetsIn[target] = (packetsIn[target] as number) + count
  }
  const sources = new Set(groups.filter(({ kind }) => kind === 'source').map(({ name }) => name))
  return cores.map(({ chip, core, slices }, k) => {
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
      packetsOut: packetsOut[k] as number,
      packetsIn: packetsIn[k] as number,
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
