import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstSpike, liIntegral, spikeCount, vanRossum, vMax } from '../../../src/learning/define-loss.js'
import type { Loss } from '../../../src/learning/loss.js'
import type { GradientResult, Trials } from '../../../src/learning/session.js'
import { openSurrogate } from '../../../src/learning/surrogate/open-surrogate.js'
import { hasNeurons } from '../../../src/network/description/has-neurons.js'
import type { Group, Network } from '../../../src/network/description/network.js'
import type { NetworkInstance } from '../../../src/network/instance/instance.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { arbitraryNetwork } from '../../../src/testing/arbitrary-network.js'
import { arbitraryTrials } from '../../../src/testing/arbitrary-trials.js'
import { trainsOf } from '../trains.js'
import { type DualOptions, dualTrial, type Probe } from './dual-grid.js'
import { singleCurrent } from './single-current.js'

const UNTIL = 40

/** Of one unit. */
const TARGETS = {
  tau: 8,
  targets: trainsOf([
    [
      { time: 5.3, unit: 0 },
      { time: 20, unit: 0 },
    ],
  ]),
}

/** Every number that can be learned. */
function probesOf({ groups, projections }: NetworkInstance): readonly Probe[] {
  const each = (kind: Probe['kind'], of: string, { length }: Float64Array) =>
    Array.from({ length }, (_, index): Probe => ({ kind, of, index }))
  return [
    ...projections.flatMap(({ key, weights, delays, absent }) => [
      ...each('weights', key, weights).filter(({ index }) => absent?.[index] !== 1),
      ...each('delays', key, delays).filter(() => true),
    ]),
    ...groups.flatMap((values) => {
      if (!hasNeurons(values)) return []
      const bias = each('bias', values.name, values.bias)
      if (values.kind === 'li') return bias
      return [
        ...bias,
        ...each('threshold', values.name, values.threshold),
        ...each('adaptStep', values.name, values.adaptStep),
      ]
    }),
  ]
}

function entry({ gradients }: GradientResult, { kind, of, index }: Probe): number {
  if (kind === 'weights' || kind === 'delays') return gradients.projections[of]?.[kind][index] as number
  return gradients.groups[of]?.[kind]?.[index] as number
}

interface Tally {
  compared: number
  skipped: number
  /** Numbers that were compared, and those that agree as closely as 32 bits mostly allow. */
  numbers: number
  close: number
}

async function compare(network: Network, trials: Trials, loss: Loss, dt: number, slope: number, tally: Tally) {
  await using session = openSurrogate(network, { dt, slope })
  const found = await session.gradient(trials, loss, Uint8Array.of(0))
  const instance = instantiate(network, 0)
  const options: DualOptions = { dt, slope, until: trials.until, loss, label: 0, stopAfterFirst: null }
  const probes = probesOf(instance)
  const expected = probes.map((probe) => dualTrial(instance, trials.inputs, probe, options))
  const [first] = expected
  if (first === undefined) return
  for (const [name, spikes] of Object.entries(first.spikes)) {
    const { times, units } = found.recording.spikes[name] ?? { times: [], units: [] }
    // A voltage next to its threshold falls on the other side in 32 bits; everything after it differs.
    const isSame = spikes.length === times.length && spikes.every(([k, n], i) => times[i] === k * dt && units[i] === n)
    if (isSame || network.groups.find((group) => group.name === name)?.kind !== 'lif') continue
    tally.skipped++
    return
  }
  tally.compared++
  if (first.loss === null) expect(found.losses).toEqual([null])
  else expect(found.losses[0]).toBeCloseTo(first.loss, 3)
  const top = Math.max(...expected.map(({ derivative }) => Math.abs(derivative)))
  probes.forEach((probe, k) => {
    const { derivative } = expected[k] as { derivative: number }
    const gap = Math.abs(entry(found, probe) - derivative)
    tally.numbers++
    if (gap <= 1e-3 * Math.abs(derivative) + 1e-4 * top + 1e-7) tally.close++
    // Where large terms cancel along a cycle, 32 bits lose more.
    if (!(gap <= 0.02 * Math.abs(derivative) + 5e-3 * top + 1e-7))
      expect({ probe, gradient: entry(found, probe) }).toEqual({ probe, gradient: derivative })
  })
}

function check(readout: 'li' | 'none', recurrence: 'never' | 'always', lossOf: (group: string) => Loss, numRuns = 12) {
  const cases = arbitraryNetwork({ neurons: 3, readout, recurrence })
    .map(singleCurrent)
    .chain((network) => {
      const trials = arbitraryTrials(network, { count: [1, 1], until: UNTIL })
      return fc.record({
        network: fc.constant(network),
        trials,
        dt: fc.constantFrom(0.5, 1),
        slope: fc.constantFrom(2, 10),
      })
    })
  return async () => {
    const tally: Tally = { compared: 0, skipped: 0, numbers: 0, close: 0 }
    await fc.assert(
      fc.asyncProperty(cases, async ({ network, trials, dt, slope }) => {
        const last = network.groups[network.groups.length - 1] as Group
        await compare(network, trials, lossOf(last.name), dt, slope, tally)
      }),
      { numRuns, endOnFailure: true },
    )
    expect(tally.compared).toBeGreaterThan(numRuns / 2)
    expect(tally.close / tally.numbers).toBeGreaterThan(0.97)
  }
}

describe('the surrogate gradient is that of the same network in dual numbers', () => {
  test('on a readout', check('li', 'never', vMax))
  test('with cycles', check('li', 'always', vMax))
  test(
    'on integrals',
    check('li', 'never', (group) => liIntegral(group, { tau: 20 })),
  )
  test(
    'of distances to target spikes',
    check('none', 'never', (group) => vanRossum(group, TARGETS)),
  )
  test(
    'of spike counts',
    check('none', 'never', (group) => spikeCount(group, { tau: 30 })),
  )
  test(
    'of first spikes',
    check('none', 'always', (group) => firstSpike(group, { tau0: 2 })),
  )
  test(
    'of first spikes with smoothing',
    check('none', 'never', (group) => firstSpike(group, { tau0: 2, smoothing: 0.2 }), 6),
  )
  test(
    'of spike counts with smoothing',
    check('none', 'never', (group) => spikeCount(group, { tau: 30, smoothing: 0.2 }), 6),
  )
  test(
    'of maxima with smoothing',
    check('li', 'never', (group) => vMax(group, { smoothing: 0.2 }), 6),
  )
})
