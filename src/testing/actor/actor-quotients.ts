import type { SpikeTrains } from '../../events/spike-trains.js'
import { checkGradient, type GradientCheck, type Probe } from '../../learning/gradient-check.js'
import type { ActorCase } from './actor-case.js'
import { runActor } from './run-actor.js'
import type { SlopeOf } from './undo-actor.js'

/** How many numbers are moved. */
export const MOVED = 12

/** In ms, or units of the weights. */
export const STEP = 2 ** -10

/** Where the gradient of L = sum of slope · time is none of its difference quotients, in words; null if nowhere. */
export async function quotientDifference(sample: ActorCase, slopeOf: SlopeOf): Promise<string | null> {
  const { gradient } = runActor(sample, { slopeOf })
  if (gradient === null) return 'there is no gradient'
  const { layout } = sample.kernelOf()
  const parameters = sample.kernelOf().parameters.slice()
  // Behind weights and delays lies nothing that an actor has.
  const [own, times] = [layout.bias, sample.inputs.flatMap((trains) => [...trains.times])]
  const values = Float64Array.from([...parameters.subarray(0, own), ...times])
  const exact = Float64Array.from([
    ...gradient.parameters.subarray(0, own),
    ...gradient.times.flatMap((all) => [...all]),
  ])
  const probe = (numbers: Float64Array): Probe => {
    const moved = parameters.slice()
    moved.set(numbers.subarray(0, own))
    const outcome = runActor(sample, { parameters: moved, inputs: withTimes(sample.inputs, numbers.subarray(own)) })
    return summedTimes(outcome.spikes, slopeOf)
  }
  const random = sample.random('moved')
  const chosen = Array.from({ length: MOVED }, (_, k) => random.integer(k, values.length))
  const indices = [...new Set(chosen)].filter((index) => index < own || isFree(sample.inputs, index - own))
  const check = await checkGradient({ values, gradient: exact, probe, step: STEP, indices })
  return describeFailure(check, (index) => {
    return index < layout.delays ? 'a weight' : index < own ? 'a delay' : 'the time of an input spike'
  })
}

/** The worst number of a check that has failed, in words; null if it has not. */
export function describeFailure({ worst, failures }: GradientCheck, nameOf: (index: number) => string): string | null {
  if (worst === null || failures.length === 0) return null
  const { index, exact, quotient, error } = worst
  return `the gradient by ${nameOf(index)} is ${exact}, but the quotient is ${quotient}, give or take ${error}`
}

/** sum of slope · time over spikes; what happened is how often each unit spiked. */
export function summedTimes({ offsets, times, units }: SpikeTrains, slopeOf: SlopeOf): Probe {
  let value = 0
  const events: string[] = []
  for (let trial = 0; trial + 1 < offsets.length; trial++) {
    const counts = new Map<number, number>()
    for (let k = offsets[trial] as number; k < (offsets[trial + 1] as number); k++) {
      const unit = units[k] as number
      const n = counts.get(unit) ?? 0
      counts.set(unit, n + 1)
      value += slopeOf(trial, unit, n) * (times[k] as number)
    }
    events.push([...counts].sort(([a], [b]) => a - b).join(' '))
  }
  return { value, events: events.join('; ') }
}

/** Whether a spike stays in order, and in its trial, when it moves. */
function isFree(inputs: readonly SpikeTrains[], index: number): boolean {
  let first = 0
  for (const { times, offsets } of inputs) {
    const k = index - first
    first += times.length
    if (k >= times.length) continue
    const [time, before, after] = [times[k] as number, times[k - 1] ?? 0, times[k + 1] ?? Infinity]
    const isFirst = offsets.includes(k)
    const isLast = offsets.includes(k + 1)
    return (isFirst ? 0 : before) < time - STEP && time + STEP < (isLast ? Infinity : after)
  }
  return false
}

function withTimes(inputs: readonly SpikeTrains[], moved: Float64Array): readonly SpikeTrains[] {
  let first = 0
  return inputs.map((trains) => {
    const times = moved.slice(first, first + trains.times.length)
    first += trains.times.length
    return { ...trains, times }
  })
}
