import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { firstSpike, spikeCount, vanRossum } from '../../../src/learning/define-loss.js'
import type { Loss } from '../../../src/learning/loss.js'
import type { NoiseOptions } from '../../../src/learning/noise/device-noise.js'
import type { Session } from '../../../src/learning/session.js'
import { openSurrogate } from '../../../src/learning/surrogate/open-surrogate.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { LABELS, LIF, step, TWO_TRIALS, twoLayers } from '../../actors/small-networks.js'
import { inTurn } from '../../support/in-turn.js'
import { expectSameBits } from '../../support/same-bits.js'
import { trainsOf } from '../trains.js'

const labelled = { ...TWO_TRIALS, labels: LABELS }
const FIRST = firstSpike('out')

/** Layers, and a cycle, on which nothing may come before it was sent. */
function ring() {
  return defineNetwork({
    groups: { in: source(2), a: lif(3, { ...LIF, refractory: 4 }), out: lif(2, LIF) },
    projections: [
      connect('in', 'a', dense(7), { delay: 1 }),
      connect('a', 'a', dense(1.5), { delay: 3 }),
      connect('a', 'out', dense(5)),
    ],
  })
}

const DEVICES: readonly (readonly [string, NoiseOptions])[] = [
  ['jitter', { noise: { seed: 1, jitter: 0.4 } }],
  ['lost spikes', { noise: { seed: 2, spikeLoss: 0.3 } }],
  ['ticks', { noise: { seed: 3, jitter: 0.3, tick: 1 } }],
  ['mismatch', { noise: { seed: 4, weightMismatch: 0.1, delayMismatch: 0.1, thresholdMismatch: { absolute: 0.05 } } }],
  ['formats', { noise: { seed: 5, weightBits: 5, delayStep: 0.5, thresholdBits: 8, delayMin: 0.5 } }],
  ['dropout', { dropout: { seed: 6, rates: { in: 0.2 }, scale: 'inverted' } }],
]

/** The spikes of each group, unit by unit and trial by trial. */
async function trainsIn(
  session: Session,
  groups: readonly string[],
  noise: NoiseOptions,
): Promise<readonly (readonly number[][])[]> {
  const { spikes } = await session.simulate(TWO_TRIALS, noise)
  return groups.map((group) => trainsOfUnits(spikes[group] ?? trainsOf([[], []])))
}

function trainsOfUnits({ offsets, times, units }: SpikeTrains): readonly number[][] {
  return [0, 1].flatMap((trial) => {
    const places = Array.from(times, (_, k) => k).filter((k) => k >= offsets[trial]! && k < offsets[trial + 1]!)
    return [0, 1, 2].map((unit) => places.filter((k) => units[k] === unit).map((k) => times[k]!))
  })
}

/** The largest distance between spikes that both have; Infinity where numbers differ. */
function distance(one: readonly number[][], other: readonly number[][]): number {
  const gaps = one.flatMap((times, k) => {
    if (times.length !== other[k]?.length) return [Number.POSITIVE_INFINITY]
    return times.map((time, spike) => Math.abs(time - (other[k]?.[spike] ?? Number.NaN)))
  })
  return Math.max(...gaps)
}

const NETWORKS = [
  ['layers', twoLayers(), ['hidden', 'out']],
  ['a cycle', ring(), ['a', 'out']],
] as const
/** Short runs have each device in one of the networks, in turn. */
const DEVICES_IN = DEVICES.flatMap(([device, noise], k) => {
  return inTurn(NETWORKS, k).map(([where, network, groups]) => {
    return { device, noise, where, network, groups }
  })
})

test.each(DEVICES_IN)(
  'as dt becomes small, a device with $device becomes that of exact sessions, in $where',
  async ({ noise, network, groups }) => {
    await using exact = await open(network)
    const expected = await trainsIn(exact, groups, { ...noise, draw: 1 })
    for (const trains of expected) expect(trains.flat().length).toBeGreaterThan(9)
    const errors = async (dt: number) => {
      await using grid = openSurrogate(network, { dt })
      const found = await trainsIn(grid, groups, { ...noise, draw: 1 })
      return found.map((trains, k) => distance(trains, expected[k]!))
    }
    const [fine, coarse] = [await errors(1 / 1024), await errors(1 / 64)]
    for (const [k, error] of fine.entries()) {
      expect(error).toBeLessThan(0.15)
      expect(error).toBeLessThan(coarse[k]! / 3)
    }
  },
)

describe('what is read out late', () => {
  const READ = { noise: { seed: 2, readoutJitter: 0.7, tick: 0.5 }, draw: 3 }
  const wanted = { targets: trainsOf([[{ time: 9, unit: 0 }], [{ time: 12, unit: 1 }]]) }
  test.each<readonly [string, Loss]>([
    ['first spikes', FIRST],
    ['counts', spikeCount('out', { tau: 8 })],
    ['distances to targets', vanRossum('out', { tau: 6, ...wanted })],
  ])('is what losses see: %s', async (_, loss) => {
    await using exact = await open(twoLayers())
    await using grid = openSurrogate(twoLayers(), { dt: 1 / 1024 })
    const expected = await exact.evaluate(labelled, loss, READ)
    const quiet = await exact.evaluate(labelled, loss)
    const found = await grid.evaluate(labelled, loss, READ)
    expected.losses.forEach((value, trial) => {
      expect(value).not.toBe(quiet.losses[trial])
      // A spike next to a tick is read half a ms later.
      expect(Math.abs((found.losses[trial] as number) - (value as number))).toBeLessThan(0.02)
    })
    expect(found.predictions).toEqual(expected.predictions)
  })
})

/** Two neurons that race each other. */
const race = defineNetwork({
  groups: { in: source(2), out: lif(2, LIF) },
  projections: [
    connect(
      'in',
      'out',
      dense([
        [6, 5],
        [4, 6],
      ]),
    ),
  ],
})
const racing = {
  count: 1,
  until: 30,
  inputs: {
    in: trainsOf([
      [
        { time: 4, unit: 0 },
        { time: 6, unit: 1 },
      ],
    ]),
  },
}

test.each<readonly [string, NoiseOptions]>([
  ['jitter', { noise: { seed: 3, jitter: 0.5 } }],
  ['late reading', { noise: { seed: 3, readoutJitter: 1 } }],
  ['mismatch', { noise: { seed: 3, weightMismatch: 0.2, thresholdMismatch: 0.1 } }],
])(
  'with a steep surrogate and a fine grid, the gradient of a first spike under %s becomes the exact one',
  async (_, noise) => {
    const loss = firstSpike('out', { tau0: 5 })
    const weightsOf = async (session: Session) => {
      const { gradients } = await session.gradient(racing, loss, Uint8Array.of(1), noise)
      return gradients.projections['in->out']?.weights as Float64Array
    }
    await using exact = await open(race)
    const expected = await weightsOf(exact)
    const top = Math.max(...expected.map(Math.abs))
    const off = async (dt: number, slope: number) => {
      await using session = openSurrogate(race, { dt, slope })
      const found = await weightsOf(session)
      return Math.max(...expected.map((value, k) => Math.abs(value - (found[k] as number)))) / top
    }
    const fine = await off(1 / 1024, 300)
    expect(fine).toBeLessThan(0.1)
    expect(fine).toBeLessThan(await off(1 / 256, 50))
  },
)

describe('a noisy surrogate session', () => {
  const NOISE = {
    noise: { seed: 1, jitter: 1, spikeLoss: 0.1, weightMismatch: 0.1 },
    dropout: { seed: 2, rates: { in: 0.2 } },
  }

  test('meets the same chances in every run of a draw, and others in another', async () => {
    await using one = openSurrogate(twoLayers(), { dt: 0.5 })
    await using other = openSurrogate(twoLayers(), { dt: 0.5 })
    const first = await one.simulate(TWO_TRIALS, { ...NOISE, draw: 4 })
    expectSameBits(await other.simulate(TWO_TRIALS, { ...NOISE, draw: 4 }), first)
    await one.simulate(TWO_TRIALS)
    expectSameBits(await one.simulate(TWO_TRIALS, { ...NOISE, draw: 4 }), first)
    expect((await one.simulate(TWO_TRIALS, { ...NOISE, draw: 5 })).spikes).not.toEqual(first.spikes)
  })

  test('has the chances of each trial by its number', async () => {
    await using session = openSurrogate(twoLayers(), { dt: 0.5 })
    const { offsets, times } = (await session.simulate(TWO_TRIALS, NOISE)).spikes.hidden!
    const given = TWO_TRIALS.inputs.in
    const [from, to] = [given.offsets[1]!, given.offsets[2]!]
    const alone = {
      offsets: Uint32Array.of(0, to - from),
      times: given.times.slice(from, to),
      units: given.units.slice(from, to),
    }
    const trials = { count: 1, until: TWO_TRIALS.until, inputs: { in: alone } }
    const { spikes } = await session.simulate(trials, { ...NOISE, firstTrial: 1 })
    expect(spikes.hidden?.times).toEqual(times.slice(offsets[1], offsets[2]))
    expect(times.length).toBeGreaterThan(offsets[1]!)
  })

  test('leaves parameters as they are, and quiet runs', async () => {
    await using session = openSurrogate(twoLayers(), { dt: 0.5 })
    const [parameters, quiet] = [await session.parameters(), await session.evaluate(labelled, FIRST)]
    const noisy = await session.evaluate(labelled, FIRST, NOISE)
    expect(noisy.losses).not.toEqual(quiet.losses)
    const { losses } = await session.gradient(TWO_TRIALS, FIRST, LABELS, NOISE)
    expect(losses).toEqual(noisy.losses)
    expectSameBits(await session.parameters(), parameters)
    expectSameBits(await session.evaluate(labelled, FIRST), quiet)
  })

  test('learns under what it is hardened against', async () => {
    const hardening = { noise: { seed: 1, jitter: 0.5, weightMismatch: 0.05, mismatch: 'redrawn' as const } }
    await using session = openSurrogate(twoLayers(), { dt: 0.5 })
    const lossUnder = async () => {
      const draws = Array.from({ length: 20 }, (_, draw) => 1000 + draw)
      const results = await Promise.all(draws.map((draw) => session.evaluate(labelled, FIRST, { ...hardening, draw })))
      const losses = results.flatMap(({ losses }) => losses).filter((loss) => loss !== null)
      return losses.reduce((sum, loss) => sum + loss, 0) / losses.length
    }
    const before = await lossUnder()
    const options = { loss: FIRST, rates: { weights: 0.1, delays: 0.1 }, bounds: { delays: [0, 10] as const } }
    for (let draw = 0; draw < 100; draw++) await session.train(labelled, step({ ...options, ...hardening, draw }))
    expect(await lossUnder()).toBeLessThan(0.6 * before)
  })
})
