import type { SpikeTrains } from '../../../../events/spike-trains.js'
import type { WindowNeurons } from '../neurons/window-neurons.js'
import type { DelayRule } from '../rows/window-parameters.js'

/**
 * Lets spikes arrive that come through a projection, trial by trial.
 *
 * @param slotOf number of the k-th spike among those received
 */
export function queueSpikes(
  neurons: WindowNeurons,
  projection: number,
  delayOf: DelayRule,
  { offsets, times, units }: SpikeTrains,
  slotOf: (k: number) => number,
): void {
  for (let trial = 0; trial + 1 < offsets.length; trial++)
    for (let k = offsets[trial] as number; k < (offsets[trial + 1] as number); k++) {
      const [unit, sent] = [units[k] as number, times[k] as number]
      const time = sent + (delayOf === null ? 0 : delayOf(unit))
      neurons.arrive(trial, { projection, unit, sent, time, slot: slotOf(k) })
    }
}
