import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { GradientResult } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import type { Network } from '../../src/network/description/network.js'
import { type Connection, connect, dense, perSource, perSynapse } from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { trainsOf } from '../learning/trains.js'
import { between } from '../support/arbitraries.js'
import { casesOf } from '../support/cases-of.js'

const [SOURCES, HIDDEN, UNTIL] = [3, 5, 40]
const RUNS = casesOf({ short: 15, long: 40 })
/** One number per source, per hidden neuron, and per pair. */
interface Layout {
  readonly threshold: readonly number[]
  readonly tauMem: readonly number[]
  readonly delays: readonly number[]
  readonly inDelays: readonly number[]
  readonly weights: readonly (readonly number[])[]
  readonly back: readonly (readonly number[])[]
  readonly out: readonly number[]
}

const list = (entry: fc.Arbitrary<number>, count: number) => fc.array(entry, { minLength: count, maxLength: count })
const matrix = (entry: fc.Arbitrary<number>, rows: number, columns: number) =>
  fc.array(list(entry, columns), { minLength: rows, maxLength: rows })

const layout: fc.Arbitrary<Layout> = fc.record({
  threshold: list(between(0.6, 1.4), HIDDEN),
  tauMem: list(between(10, 30), HIDDEN),
  delays: list(between(0.5, 4), HIDDEN),
  inDelays: list(between(0, 3), SOURCES * HIDDEN),
  weights: matrix(between(-1, 5), HIDDEN, SOURCES),
  back: matrix(between(-1, 0.3), HIDDEN, HIDDEN),
  out: list(between(0, 3), HIDDEN),
})

const spikes = fc.array(fc.record({ time: between(0, 20), unit: fc.nat(SOURCES - 1) }), {
  minLength: 4,
  maxLength: 14,
  size: 'max',
})
type Spikes = typeof spikes extends fc.Arbitrary<infer T> ? T : never

function networkOf({ threshold, tauMem, delays, inDelays, weights, back, out }: Layout, isRecurrent: boolean): Network {
  const synaptic = { tauSynExc: 5, tauSynInh: 8 }
  const cycle: readonly Connection<'a', 'a'>[] = [connect('a', 'a', dense(back), { delay: perSource(delays) })]
  return defineNetwork({
    groups: {
      in: source(SOURCES),
      a: lif(HIDDEN, { ...synaptic, tauMem, threshold, tauAdapt: 30, adaptStep: 0.2, refractory: 1 }),
      r: li(2, { ...synaptic, tauMem: 20 }),
    },
    projections: [
      connect('in', 'a', dense(weights), { delay: perSynapse(inDelays) }),
      connect('a', 'r', dense([out, out.map((w) => 1 - w)]), { delay: perSource(delays) }),
      ...(isRecurrent ? cycle : []),
    ],
  })
}

const pick = <T>(values: readonly T[], order: readonly number[]) => order.map((k) => values[k]!)

async function run(network: Network, input: Spikes, shift = 0): Promise<GradientResult> {
  await using session = await open(network)
  const moved = input.map(({ time, unit }) => ({ time: time + shift, unit }))
  const trials = { count: 1, until: UNTIL + shift, inputs: { in: trainsOf([moved]) } }
  return session.gradient(trials, { kind: 'vMax', group: 'r' }, Uint8Array.of(0))
}

/** Spike times per unit. */
function byUnit({ times, units }: SpikeTrains): readonly (readonly number[])[] {
  return Array.from({ length: HIDDEN }, (_, n) => Array.from(times).filter((_time, k) => units[k] === n))
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length)
  actual.forEach((value, k) => {
    expect(Math.abs(value - expected[k]!)).toBeLessThanOrEqual(tolerance)
  })
}

/** A crossing that grazes theta amplifies rounding without bound: such a sample says nothing. */
const isSound = (...results: readonly GradientResult[]) => results.every(({ grazing }) => grazing === 0)
const largest = (values: Iterable<number>) => Math.max(1e-3, ...Array.from(values, Math.abs))
const weightsOf = ({ gradients }: GradientResult) => Array.from(gradients.projections['in->a']!.weights)

describe.each([{ isRecurrent: false }, { isRecurrent: true }])('symmetries hold to rounding, $isRecurrent', (kind) => {
  const permutation = (size: number) =>
    fc.shuffledSubarray(
      Array.from({ length: size }, (_, k) => k),
      { minLength: size },
    )

  test('the names of neurons and of sources mean nothing', async () => {
    let [sound, fired] = [0, 0]
    await fc.assert(
      fc.asyncProperty(layout, spikes, permutation(HIDDEN), permutation(SOURCES), async (plain, input, p, q) => {
        const renamed: Layout = {
          threshold: pick(plain.threshold, p),
          tauMem: pick(plain.tauMem, p),
          delays: pick(plain.delays, p),
          inDelays: p.flatMap((n) => q.map((s) => plain.inDelays[n * SOURCES + s]!)),
          weights: pick(plain.weights, p).map((row) => pick(row, q)),
          back: pick(plain.back, p).map((row) => pick(row, p)),
          out: pick(plain.out, p),
        }
        const before = await run(networkOf(plain, kind.isRecurrent), input)
        const after = await run(
          networkOf(renamed, kind.isRecurrent),
          input.map(({ time, unit }) => ({ time, unit: q.indexOf(unit) })),
        )
        if (!isSound(before, after)) return
        sound++
        const [old, fresh] = [byUnit(before.recording.spikes.a!), byUnit(after.recording.spikes.a!)]
        fresh.forEach((times, n) => void expectClose(times, old[p[n]!]!, 1e-10))
        fired += old.flat().length
        expectClose(Array.from(after.recording.maxima.r!.values), Array.from(before.recording.maxima.r!.values), 1e-11)
        const gradients = weightsOf(before)
        const expected = p.flatMap((n) => q.map((s) => gradients[n * SOURCES + s]!))
        expectClose(weightsOf(after), expected, 1e-8 * largest(gradients))
      }),
      { numRuns: RUNS, seed: 12, endOnFailure: true },
    )
    expect(sound).toBeGreaterThan(0.9 * RUNS)
    expect(fired).toBeGreaterThan(3 * RUNS)
  })

  test('the zero of time means nothing to neurons without bias', async () => {
    let [sound, fired] = [0, 0]
    await fc.assert(
      fc.asyncProperty(layout, spikes, between(0.1, 1000), async (plain, input, shift) => {
        const network = networkOf(plain, kind.isRecurrent)
        const [before, after] = [await run(network, input), await run(network, input, shift)]
        if (!isSound(before, after)) return
        sound++
        const [old, fresh] = [byUnit(before.recording.spikes.a!), byUnit(after.recording.spikes.a!)]
        fresh.forEach(
          (times, n) =>
            void expectClose(
              times.map((t) => t - shift),
              old[n]!,
              1e-9,
            ),
        )
        fired += old.flat().length
        expectClose(weightsOf(after), weightsOf(before), 1e-7 * largest(weightsOf(before)))
        const moved = (result: GradientResult) => Array.from(result.inputTimes.in!)
        expectClose(moved(after), moved(before), 1e-7 * largest(moved(before)))
        // Moving every input moves everything: the maximum itself does not change.
        const ended = before.recording.maxima.r!.times.some((time) => time === UNTIL)
        const sum = moved(before).reduce((total, event) => total + event, 0)
        if (!ended) expect(Math.abs(sum)).toBeLessThanOrEqual(1e-8 * largest(moved(before)))
      }),
      { numRuns: RUNS, seed: 13, endOnFailure: true },
    )
    expect(sound).toBeGreaterThan(0.9 * RUNS)
    expect(fired).toBeGreaterThan(3 * RUNS)
  })
})
