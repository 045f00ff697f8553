import type { Floors } from '../floor/open-floors.js'
import type { Rival } from '../suite.js'
import type { Workload } from '../workloads.js'
import type { SpikeCounts } from './count-spikes.js'

/** Microseconds a sample of adding all its weight rows, of the hidden and the output layer, once forward and once backward. */
export async function leastCost(
  { input, hidden }: SpikeCounts,
  { task }: Workload,
  floors: Floors,
): Promise<readonly Rival[]> {
  const [sources = 0, neurons = 0, outputs = 0] = task.network.groups.map(({ size }) => size)
  const layers = [
    { sources, neurons, spikes: Math.round(input), trials: 32 },
    { sources: neurons, neurons: outputs, spikes: Math.round(hidden), trials: 32 },
  ]
  const measured: (readonly Rival[])[] = []
  for (const layer of layers) measured.push(await floors.measure(layer))
  const names = measured[0]?.map((rival) => rival.name) ?? []
  return names.map((name, floor) => {
    const microseconds = layers.map((layer, k) => {
      return 2e-3 * layer.spikes * layer.neurons * (measured[k]?.[floor]?.value ?? Number.NaN)
    })
    return { name: `${name}, both ways`, value: microseconds.reduce((sum, each) => sum + each, 0) }
  })
}
