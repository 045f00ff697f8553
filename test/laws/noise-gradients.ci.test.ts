import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { checkGradient } from '../../src/learning/gradient-check.js'
import type { Loss } from '../../src/learning/loss.js'
import type { NoiseOptions } from '../../src/learning/noise/device-noise.js'
import type { Parameters, SessionState, Trials } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import type { Network } from '../../src/network/description/network.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import {
  DROPPING,
  NOISY_LABELS,
  NOISY_TRIALS,
  noisyCycles,
  noisyLayers,
  noisyReadout,
  SMOOTH,
} from '../actors/noisy-networks.js'
import { type Spike, trainsOf } from '../learning/trains.js'

/** Quotients across a change of events are of no use; they show by their estimated error. */
const SHARP = 1e-5

interface Case {
  readonly what: string
  readonly network: Network
  readonly loss: Loss
  readonly kernel: KernelKind
  readonly noise: NoiseOptions
  /** End of the trials in ms. */
  readonly until: number
  /** So many numbers of each array are checked. */
  readonly picks: number
}

const COUNT: Loss = { kind: 'spikeCount', group: 'out', tau: 20 }
const FIRST: Loss = { kind: 'firstSpike', group: 'out', tau0: 2, alpha: 0.003, tau1: 6.4 }
const NOISE: NoiseOptions = { noise: SMOOTH, ...DROPPING }
const READ: NoiseOptions = { noise: { ...SMOOTH, readoutJitter: 0.3 }, ...DROPPING }
/** Delays on cycles that stay below 0.1 ms, where an early spike is not early at all, and a delay counts in full. */
const SHORT: NoiseOptions = { noise: { ...SMOOTH, delayMismatch: 0.1 }, ...DROPPING }

const CASES: readonly Case[] = [
  {
    what: 'layers, readout with jitter',
    network: noisyLayers(),
    loss: COUNT,
    kernel: 'simd',
    noise: READ,
    until: 45,
    picks: 3,
  },
  {
    what: 'layers, on the reference',
    network: noisyLayers(),
    loss: FIRST,
    kernel: 'reference',
    noise: READ,
    until: 45,
    picks: 3,
  },
  {
    what: 'a readout of voltages',
    network: noisyReadout(),
    loss: { kind: 'vMax', group: 'out' },
    kernel: 'simd',
    noise: NOISE,
    until: 45,
    picks: 3,
  },
  { what: 'cycles in windows', network: noisyCycles(), loss: COUNT, kernel: 'simd', noise: NOISE, until: 45, picks: 2 },
  {
    what: 'cycles event by event',
    network: noisyCycles(3, 0.03),
    loss: COUNT,
    kernel: 'simd',
    noise: SHORT,
    until: 12,
    picks: 1,
  },
]

/** The learnable arrays, and the input times; each beside its gradient. */
function arraysOf({ projections, groups }: Parameters, times: Float64Array): readonly [string, Float64Array][] {
  return [
    ...Object.entries(projections).flatMap(([key, { weights, delays }]): [string, Float64Array][] => [
      [`weights of ${key}`, weights],
      [`delays of ${key}`, delays],
    ]),
    ...Object.entries(groups).flatMap(([name, { bias, threshold, adaptStep }]) => {
      const arrays = Object.entries({ bias, threshold, adaptStep })
      return arrays.flatMap(([kind, values]): [string, Float64Array][] =>
        values === undefined ? [] : [[`${kind} of ${name}`, values]],
      )
    }),
    ['input times', times],
  ]
}

function withTimes(times: Float64Array): Trials['inputs'] {
  return { in: { ...NOISY_TRIALS.inputs.in, times } }
}

/** Some of an array, spread over it; what cannot be moved either way is left out. */
function someOf(values: Float64Array, what: string, picks: number, least: number): readonly number[] {
  const movable = [...values.keys()].filter((index) => {
    const value = values[index] as number
    if (what.startsWith('weights')) return value !== 0
    return !/^(delays|adaptStep)/.test(what) || value > least
  })
  return movable.filter((_, k) => k % Math.ceil(movable.length / picks) === 0)
}

describe('under noise that its seed keeps in place, gradients are those of the perturbed network', () => {
  test.each(CASES)('$what', async ({ network, loss, kernel, noise, until, picks }) => {
    const trials = { ...NOISY_TRIALS, until }
    await using session = await open(network, { seed: 2, kernel })
    const state = await session.save()
    const { gradients, inputTimes } = await session.gradient(trials, loss, NOISY_LABELS, noise)
    const exact = new Map(arraysOf(gradients, inputTimes.in as Float64Array))
    let active = 0
    let blunt = 0
    const compared = new Set<string>()
    for (const [what, values] of arraysOf(state.parameters, NOISY_TRIALS.inputs.in.times)) {
      const step = 2 ** -12
      const probe = async (numbers: Float64Array) => {
        const moved: SessionState = structuredClone(state)
        const times = NOISY_TRIALS.inputs.in.times.slice()
        new Map(arraysOf(moved.parameters, times)).get(what)?.set(numbers)
        await session.restore(moved)
        const { losses } = await session.evaluate(
          { ...trials, inputs: withTimes(times), labels: NOISY_LABELS },
          loss,
          noise,
        )
        return { value: losses.reduce<number>((sum, value) => sum + (value ?? 0), 0) }
      }
      const gradient = exact.get(what) as Float64Array
      const indices = someOf(values, what, picks, 2 * step)
      const found = await checkGradient({ values, gradient, probe, step, indices, levels: 3, tolerance: 1e-5 })
      const largest = gradient.reduce((most, each) => Math.max(most, Math.abs(each)), 0)
      for (const { index, exact: slope, quotient, error, ratio } of found.compared) {
        if (error > SHARP * Math.max(Math.abs(quotient), 1e-2 * largest)) {
          blunt++
          continue
        }
        expect(ratio, `${what}[${index}]: ${slope} beside ${quotient}, give or take ${error}`).toBeLessThanOrEqual(1)
        if (slope === 0) continue
        active++
        compared.add(what.split(' ')[0] as string)
      }
    }
    expect([...compared].toSorted()).toEqual(expect.arrayContaining(['delays', 'input', 'threshold', 'weights']))
    expect(active).toBeGreaterThan(9)
    expect(blunt).toBeLessThan(active / 2)
  })
})

test.each<KernelKind>(['simd', 'reference'])(
  'under loss alone a spike at 0 arrives at 0, and gets a gradient, on the %s kernel',
  async (kernel) => {
    const units = 6
    const network = defineNetwork({
      groups: { in: source(units), out: lif(2, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
      projections: [
        connect(
          'in',
          'out',
          dense([
            [2, 2.2, 2.4, 2.6, 2.8, 3],
            [3, 3, 3, 3, 3, 3.1],
          ]),
        ),
      ],
    })
    const trialOf = (inputs: readonly Spike[]): Trials => ({ count: 1, until: 40, inputs: { in: trainsOf([inputs]) } })
    const spikes = Array.from({ length: units }, (_, unit) => ({ time: 0, unit }))
    await using session = await open(network, { kernel })
    const noise: NoiseOptions = { noise: { seed: 4, spikeLoss: 0.4 } }
    const lossy = await session.gradient(trialOf(spikes), COUNT, Uint8Array.of(0), noise)
    const slopes = lossy.inputTimes.in!
    const kept = spikes.filter((_, unit) => slopes[unit] !== 0)
    expect(kept.length).toBeGreaterThan(1)
    expect(kept.length).toBeLessThan(units)
    // The same spikes, and no others, without noise.
    const plain = await session.gradient(trialOf(kept), COUNT, Uint8Array.of(0))
    expect(lossy.recording).toEqual(plain.recording)
    expect(lossy.gradients).toEqual(plain.gradients)
    expect(slopes.filter((slope) => slope !== 0)).toEqual(plain.inputTimes.in)
  },
)
