import type { ActorKernel } from '../../dynamics/kernels/actor/actor-kernel.js'
import type { ReturnedGradients } from '../../dynamics/timeline/received-batches.js'
import type { SpikeTrains } from '../../events/spike-trains.js'

/** dL/dt of the n-th spike of a unit in a trial. */
export type SlopeOf = (trial: number, unit: number, n: number) => number

/** dL/d(parameter) in the places of the kernel's layout, and per input dL/dt of its spikes, in their order. */
export interface ActorGradient {
  readonly parameters: Float64Array
  readonly times: readonly Float64Array[]
}

/** Undoes all steps of a run of L = sum over spikes of slope · time. */
export function undoActor(kernel: ActorKernel, emitted: readonly SpikeTrains[], slopeOf: SlopeOf): ActorGradient {
  const counts = new Map<string, number>()
  const slopes = emitted.map(({ offsets, units }) => {
    const values = new Float64Array(units.length)
    for (let trial = 0; trial + 1 < offsets.length; trial++)
      for (let k = offsets[trial] as number; k < (offsets[trial + 1] as number); k++) {
        const unit = units[k] as number
        const key = `${trial} ${unit}`
        const n = counts.get(key) ?? 0
        counts.set(key, n + 1)
        values[k] = slopeOf(trial, unit, n)
      }
    return values
  })
  kernel.beginBackward()
  const returned: ReturnedGradients[] = [...kernel.takeReturned()]
  for (const values of slopes.reverse()) {
    kernel.backward(values)
    returned.push(...kernel.takeReturned())
  }
  const parameters = kernel.finishGradient().slice()
  return { parameters, times: kernel.inputs.map((_, input) => timesOf(returned, input)) }
}

/** The gradients of all batches of an input, in the order of its spikes: trial by trial, in each batch by batch. */
function timesOf(returned: readonly ReturnedGradients[], input: number): Float64Array {
  const own = returned
    .filter((gradients) => gradients.input === input)
    .sort((a, b) => a.batch.sequence - b.batch.sequence)
  const trials = (own[0]?.batch.offsets.length ?? 1) - 1
  const values: number[] = []
  for (let trial = 0; trial < trials; trial++)
    for (const { batch, values: found } of own)
      values.push(...found.subarray(batch.offsets[trial], batch.offsets[trial + 1]))
  return Float64Array.from(values)
}
