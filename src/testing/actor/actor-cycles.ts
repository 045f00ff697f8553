import { open } from '../../actors/open.js'
import type { StreamingSession } from '../../actors/streaming/spike-stream.js'
import { entryOf } from '../../events/by-name.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { Placement } from '../../hardware/placement.js'
import { checkGradient, type Probe } from '../../learning/gradient-check.js'
import type { Parameters, StepOptions } from '../../learning/session.js'
import { ACTOR } from './actor-case.js'
import { describeFailure, MOVED, STEP, summedTimes } from './actor-quotients.js'
import type { CycleCase } from './cycle-case.js'
import { numberDifference } from './difference.js'

/** Numbers by what they are called in words. */
type Outcome = ReadonlyMap<string, Float64Array>

const LEARN: Omit<StepOptions, 'loss'> = {
  optimizer: { kind: 'sgd', momentum: 0 },
  rates: { weights: 1e-4, delays: 1e-4 },
  bounds: {},
  clipNorm: 1,
  silentLabelHinge: 0,
  silentHinge: {},
  silentWeightStep: {},
}

/**
 * Where runs, gradients and a training step on one partition differ in a bit from those on many, in words; null if nowhere.
 *
 * @param learns whether the module has a way back
 */
export async function cycleDifference(cycle: CycleCase, learns: boolean): Promise<string | null> {
  const whole = await outcomeOf(cycle, learns)
  const apart = await outcomeOf(cycle, learns, cycle.apart)
  for (const [what, numbers] of whole) {
    const found = numberDifference(what, apart.get(what) ?? new Float64Array(0), numbers)
    if (found !== null) return `on ${cycle.apart.cores.length} partitions ${found}`
  }
  return null
}

/** Where the gradient is none of the difference quotients of runs around the cycle, in words; null if nowhere. */
export async function cycleQuotientDifference(
  cycle: CycleCase,
  random: { integer(at: number, below: number): number },
): Promise<string | null> {
  const { network, recorded, trials, loss, slopeOf, seed } = cycle
  await using session = await open(network, { seed })
  const drawn = await session.parameters()
  const values = numbersOf(drawn)
  const gradient = numbersOf((await session.gradient(trials, loss, trials.labels)).gradients)
  const probe = async (numbers: Float64Array): Promise<Probe> => {
    await session.setParameters(withNumbers(drawn, numbers))
    const { spikes } = await session.simulate(trials, { record: recorded })
    const sums = recorded.map((name) =>
      summedTimes(entryOf(spikes, name) ?? noSpikes(trials.count), (_, unit, n) =>
        name === ACTOR ? slopeOf(unit, n) : 0,
      ),
    )
    return {
      value: sums.reduce((sum, { value }) => sum + value, 0),
      events: sums.map(({ events }) => events).join(' | '),
    }
  }
  // Half of them are numbers of the ring, which come last.
  const around = network.projections
    .slice(1)
    .reduce((sum, { key }) => sum + 2 * (entryOf(drawn.projections, key)?.weights.length ?? 0), 0)
  const chosen = Array.from({ length: MOVED / 2 }, (_, k) => {
    return values.length - 1 - random.integer(k, k % 2 === 0 ? around : values.length)
  })
  const check = await checkGradient({ values, gradient, probe, step: STEP, indices: [...new Set(chosen)] })
  return describeFailure(check, (index) => nameOf(drawn, index))
}

async function outcomeOf(cycle: CycleCase, learns: boolean, placement?: Placement): Promise<Outcome> {
  const { network, recorded, trials, seed } = cycle
  await using session = await open(network, { seed, ...(placement === undefined ? {} : { placement }) })
  const { spikes } = await session.simulate(trials, { record: recorded })
  const found = recorded.flatMap((name): readonly (readonly [string, Float64Array])[] => {
    const { times, units } = entryOf(spikes, name) ?? { times: [], units: [] }
    return [
      [`the time of spikes of "${name}"`, Float64Array.from(times)],
      [`the unit of spikes of "${name}"`, Float64Array.from(units)],
    ]
  })
  return new Map([...found, ...(learns ? await learnedBy(session, cycle) : [])])
}

async function learnedBy(
  session: StreamingSession,
  { trials, loss }: CycleCase,
): Promise<readonly (readonly [string, Float64Array])[]> {
  const { gradients } = await session.gradient(trials, loss, trials.labels)
  await session.train(trials, { ...LEARN, loss })
  return [
    ['the gradient', numbersOf(gradients)],
    ['what is learned', numbersOf(await session.parameters())],
  ]
}

/** Weights and delays, projection by projection. */
function arraysOf({ projections }: Parameters): readonly (readonly [name: string, numbers: Float64Array])[] {
  return Object.entries(projections).flatMap(([key, { weights, delays }]) => {
    return [[`weight of ${key}`, weights] as const, [`delay of ${key}`, delays] as const]
  })
}

function numbersOf(parameters: Parameters): Float64Array {
  return Float64Array.from(arraysOf(parameters).flatMap(([, numbers]) => [...numbers]))
}

function withNumbers(parameters: Parameters, numbers: Float64Array): Parameters {
  const moved = structuredClone(parameters)
  let first = 0
  for (const [, array] of arraysOf(moved)) {
    array.set(numbers.subarray(first, first + array.length))
    first += array.length
  }
  return moved
}

function nameOf(parameters: Parameters, index: number): string {
  let first = 0
  for (const [name, { length }] of arraysOf(parameters)) {
    if (index < first + length) return `${name} in place ${index - first}`
    first += length
  }
  return 'nothing'
}
