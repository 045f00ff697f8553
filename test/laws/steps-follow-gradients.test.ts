import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { definePlacement } from '../../src/hardware/define-placement.js'
import type { Loss } from '../../src/learning/loss.js'
import type { LabelledTrials, Parameters, Session } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import type { Network } from '../../src/network/description/network.js'
import { type ConnectOptions, connect, dense, perSource } from '../../src/network/description/projections.js'
import { cyclicKeys } from '../../src/network/graph/cyclic-keys.js'
import { MINIMAL_CYCLE_DELAY } from '../../src/network/graph/lookahead.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { step } from '../actors/small-networks.js'
import { trainsOf } from '../learning/trains.js'
import { between } from '../support/arbitraries.js'
import { casesOf, isLong } from '../support/cases-of.js'
import { LOSSES, lossesFor } from '../support/every-loss.js'
import { forthWeight, lifGroup } from '../support/network-case.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'

/** The projections, beside a -> b, that close a cycle through the loss's group b. */
const CYCLES = {
  'a self loop': [['b', 'b']],
  'a cycle of two': [['b', 'a']],
  'a cycle of three': [
    ['b', 'c'],
    ['c', 'a'],
  ],
} as const
/** What each projection on a cycle takes in ms. */
const DELAYS = [0, 0.05, 1.5]
const SIZES = { in: 3, a: 2, b: 2, c: 2, r: 2 }
type Name = keyof typeof SIZES
const RATE = 2 ** -20
const RATES = { weights: RATE, delays: RATE, thresholds: RATE, adaptation: RATE, taus: RATE, bias: RATE }

const spike = fc.record({ time: between(0, 12), unit: fc.nat(SIZES.in - 1) })
/** A single one, for losses that are linear in the spikes of each. */
const trials = fc.array(spike, { minLength: 6, maxLength: 10 }).map((spikes): LabelledTrials => {
  return { count: 1, until: 30, inputs: { in: trainsOf([spikes]) }, labels: Uint8Array.of(1) }
})

/** Neurons with all parameters of their own, driven hard enough to spike several times. */
function cyclicNetwork(cycle: keyof typeof CYCLES, delay: number): fc.Arbitrary<Network> {
  const edge = (from: Name, to: Name, time: number, weight: fc.Arbitrary<number>) => {
    const [sources, targets] = [SIZES[from], SIZES[to]]
    const rows = fc.array(fc.array(weight, { minLength: sources, maxLength: sources }), {
      minLength: targets,
      maxLength: targets,
    })
    const delays: ConnectOptions[] = [{ delay: time }, { delay: perSource(new Array<number>(sources).fill(time)) }]
    if (time === 0) delays.push({})
    return fc.tuple(rows, fc.constantFrom(...delays)).map(([w, options]) => connect(from, to, dense(w), options))
  }
  const back = between(-1.5, 0.3)
  const closing = CYCLES[cycle].map(([from, to]) => edge(from, to, delay, back))
  const forth = (
    [
      ['in', 'a', 1],
      ['in', 'b', 0.5],
      ['a', 'b', delay],
      ['b', 'r', 0],
    ] as const
  ).map(([from, to, time]) => edge(from, to, time, forthWeight(SIZES[from])))
  return fc
    .record({
      ...{ a: lifGroup(SIZES.a), b: lifGroup(SIZES.b), c: lifGroup(SIZES.c) },
      projections: fc.tuple(...forth, ...closing),
    })
    .map(({ a, b, c, projections }) => {
      const r = li(SIZES.r, { tauMem: 20, tauSynExc: 5, tauSynInh: 8, bias: 0.02 })
      return defineNetwork({ groups: { in: source(SIZES.in), a, b, c, r }, projections })
    })
}

/** Every array of parameters: where it lies, and what the model lets its numbers fall to. */
function arraysOf({ projections, groups }: Parameters, cyclic: ReadonlySet<string>) {
  const ways = Object.entries(projections).flatMap(([key, { weights, delays }]) => [
    { place: `weights of ${key}`, values: weights, least: -Infinity },
    { place: `delays of ${key}`, values: delays, least: cyclic.has(key) ? MINIMAL_CYCLE_DELAY : 0 },
  ])
  const neurons = Object.entries(groups).flatMap(([group, fields]) => {
    return Object.entries(fields).map(([field, values]: [string, Float64Array]) => {
      return { place: `${field} of ${group}`, values, least: field === 'adaptStep' ? 0 : -Infinity }
    })
  })
  return [...ways, ...neurons]
}

/** Compares an evaluation and a step with the gradient of each loss. Closes the session. */
async function expectGradientsFollowed(session: Session, trials: LabelledTrials, losses: readonly Loss[]) {
  const cyclic = cyclicKeys(session.network)
  const arrays = (parameters: Parameters) => arraysOf(parameters, cyclic)
  const seen = { moved: 0, later: 0 }
  const before = await session.parameters()
  for (const loss of losses) {
    const { losses: expected, gradients, recording } = await session.gradient(trials, loss, trials.labels)
    const evaluated = await session.evaluate(trials, loss)
    expectSameBits(evaluated.losses, expected, `${loss.kind}, evaluated: losses`)
    const taken = await session.train(trials, step({ loss, rates: RATES }))
    expectSameBits(taken.losses, expected, `${loss.kind}, trained: losses`)
    const slopes = arrays(gradients)
    const after = arrays(await session.parameters())
    for (const [k, { place, values, least }] of arrays(before).entries()) {
      const stepped = values.map((value, i) => Math.max(least, value - RATE * (slopes[k]!.values[i]! / trials.count)))
      expectSameBits(after[k]!.values, stepped, `${loss.kind}, trained: ${place}`)
    }
    if (slopes.some(({ place, values }) => place === 'weights of a->b' && values.some((slope) => slope !== 0)))
      seen.moved++
    if (recording.spikes.b!.times.length > SIZES.b * trials.count) seen.later++
    await session.setParameters(before)
  }
  await session.close()
  return seen
}

const CASES = (Object.keys(CYCLES) as (keyof typeof CYCLES)[])
  .flatMap((cycle) => DELAYS.map((delay) => ({ cycle, delay })))
  .map((each, k) => ({ ...each, startsWhole: k % 4 < 2 }))
  // In short, every cycle and every delay.
  .filter((_, k) => isLong() || k % 2 === 0)

test.each(CASES)(
  'steps and losses are those of the gradient on $cycle with delays of $delay ms',
  async ({ cycle, delay, startsWhole }) => {
    const seen = { moved: 0, later: 0 }
    let isWhole = startsWhole
    await fc.assert(
      fc.asyncProperty(cyclicNetwork(cycle, delay), trials, async (network, sample) => {
        const losses = await lossesFor(network, 0, sample)
        const slices = (names: readonly Name[]) => names.map((group) => ({ group, start: 0, end: SIZES[group] }))
        const cores: readonly (readonly Name[])[] =
          delay < MINIMAL_CYCLE_DELAY ? [['in'], ['a', 'b', 'c'], ['r']] : [['in', 'c'], ['a', 'r'], ['b']]
        const placement = definePlacement(network, cores.map(slices))
        const session = isWhole ? await open(network, { seed: 0 }) : await openLinked(network, placement, { seed: 0 })
        const { moved, later } = await expectGradientsFollowed(session, sample, losses)
        seen.moved += moved
        seen.later += later
        isWhole = !isWhole
      }),
      { numRuns: casesOf({ short: 1, long: 10 }), seed: 3, endOnFailure: true },
    )
    expect(seen.moved).toBeGreaterThan(0)
    expect(seen.later).toBeGreaterThan(0)
  },
)

/** Several spikes of unit 0 of b bring about the first one of unit 1, by way of the cycle. */
function slowlyDriven(cycle: keyof typeof CYCLES, delay: number): Network {
  const neurons = (size: number) => lif(size, { tauMem: 10, tauSyn: 5, threshold: 1 })
  const around = cycle === 'a self loop' ? CYCLES[cycle] : ([...CYCLES[cycle], ['a', 'b']] as const)
  const projections = around.map(([from, to]) => {
    const weights = Array.from({ length: SIZES[to] }, () => new Array<number>(SIZES[from]).fill(0))
    weights[to === 'b' ? 1 : 0]![0] = to === 'b' ? 1.5 : 4
    return connect(from, to, dense(weights), { delay })
  })
  const groups = { in: source(1), a: neurons(SIZES.a), b: neurons(SIZES.b), c: neurons(SIZES.c) }
  return defineNetwork({ groups, projections: [connect('in', 'b', dense([[4], [0]])), ...projections] })
}

test.each(CASES)(
  'later spikes may bring about the first one of another neuron: $cycle with delays of $delay ms',
  async ({ cycle, delay }) => {
    const inputs = { in: trainsOf([[0, 3, 6, 9].map((time) => ({ time, unit: 0 }))]) }
    const trials: LabelledTrials = { count: 1, until: 40, inputs, labels: Uint8Array.of(1) }
    const session = await open(slowlyDriven(cycle, delay), { seed: 0 })
    const { units } = (await session.simulate(trials, { record: ['b'] })).spikes.b!
    expect(units.indexOf(1)).toBeGreaterThan(1)
    await expectGradientsFollowed(session, trials, LOSSES.firstSpike)
  },
)
