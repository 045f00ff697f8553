import type { Kernel } from '../../src/dynamics/kernels/kernel.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { LifValues } from '../../src/network/instance/instance.js'
import type { BruteNeuron } from './brute-voltage.js'
import type { DrawnKernelCase } from './kernel-case.js'

/** The neurons of group x in a trial that it ran, with the parameters that it has now. */
export function bruteNeurons(
  sample: DrawnKernelCase,
  kernel: Kernel,
  { offsets, times, units }: SpikeTrains,
  trial: number,
) {
  const { values, layout, parameters, synapses } = kernel
  const lif = values as LifValues
  return Array.from({ length: lif.size }, (_, n): BruteNeuron => {
    const arrivals = kernel.inputs.flatMap(({ projection }, input) => {
      const { sources, targets, delays, delayShape, absent } = kernel.projections[projection]!
      const weights = parameters.subarray(layout.weights + synapses.afferents[projection]!.base)
      const train = sample.trains[input]!
      const delayOf = (synapse: number, unit: number) =>
        delayShape === 'none' ? 0 : delays[{ scalar: 0, perSource: unit, perSynapse: synapse }[delayShape]]!
      return Array.from(targets).flatMap((target, synapse) => {
        if (target !== n || absent?.[synapse] === 1) return []
        const unit = sources[synapse]!
        return Array.from(train.times.subarray(train.offsets[trial], train.offsets[trial + 1])).flatMap((time, k) => {
          const isOwn = train.units[train.offsets[trial]! + k] === unit
          const at = time + delayOf(synapse, unit)
          return isOwn && at < sample.until ? [{ time: at, weight: weights[synapse]! }] : []
        })
      })
    })
    const own = Array.from(times.subarray(offsets[trial], offsets[trial + 1]))
    return {
      tauMem: lif.tauMem[n]!,
      tauSynExc: lif.tauSynExc[n]!,
      tauSynInh: lif.tauSynInh[n]!,
      tauAdapt: lif.tauAdapt[n]!,
      threshold: parameters[layout.threshold + n]!,
      adaptStep: parameters[layout.adaptStep + n]!,
      bias: parameters[layout.bias + n]!,
      vReset: lif.vReset[n]!,
      refractory: lif.refractory[n]!,
      arrivals: arrivals.toSorted((a, b) => a.time - b.time),
      spikes: own.filter((_, k) => units[offsets[trial]! + k] === n),
    }
  })
}
