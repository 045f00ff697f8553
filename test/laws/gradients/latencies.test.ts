import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { defineChipPlacement } from '../../../src/hardware/chip-placement/define-chip-placement.js'
import { executionPlacement } from '../../../src/hardware/chip-placement/execution-placement.js'
import { chipProfile, withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import type { Parameters } from '../../../src/learning/session.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import { connect, dense, perSynapse } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { createRandomStream } from '../../../src/numerics/random-stream.js'
import { trainsOf } from '../../learning/trains.js'
import { isLong } from '../../support/cases-of.js'

const neurons = { tauMem: 20, tauSyn: 5, threshold: 1 }
const network = defineNetwork({
  groups: { in: source(64), a: lif(64, neurons), b: lif(64, neurons), r: li(3, { tauMem: 20, tauSyn: 5 }) },
  projections: [
    connect('in', 'a', dense(normal(0.5, 0.3)), { delay: perSynapse(uniform(0.2, 3)) }),
    connect('a', 'b', dense(normal(0.3, 0.2)), { delay: perSynapse(uniform(0.2, 3)) }),
    connect('b', 'a', dense(normal(-0.05, 0.1)), { delay: 1 }),
    connect('b', 'r', dense(normal(0.1, 0.2))),
  ],
})
const random = createRandomStream(5, 'input')
const spikes = Array.from({ length: 30 }, (_, k) => ({
  time: 12 * random.uniform(2 * k),
  unit: random.integer(2 * k + 1, 64),
}))
const trials = { count: 1, until: 30, inputs: { in: trainsOf([spikes]) }, labels: Uint8Array.of(1) }
const LOSS = { kind: 'vMax', group: 'r' } as const

/** The halves of every group on chips of their own, as far as there are chips. */
function placementOn(chips: number) {
  const profile = withChips(chipProfile('brainscales2'), { columns: chips, rows: 1 })
  const held = Array.from({ length: chips }, () => [] as { group: string; start: number; end: number }[])
  network.groups.forEach(({ name, size }, g) => {
    if (size < 64 || chips === 1) held[g % chips]?.push({ group: name, start: 0, end: size })
    else
      for (const half of [0, 1])
        held[(g + half * Math.ceil(chips / 2)) % chips]?.push({ group: name, start: 32 * half, end: 32 * half + 32 })
  })
  const cores = held.map((slices, chip) => ({ chip, core: 0, slices }))
  return executionPlacement(network, defineChipPlacement(network, profile, cores), { latency: profile })
}

type Pick = (parameters: Parameters) => Float64Array
const KINDS: Readonly<Record<string, Pick>> = {
  'weights of in->a': ({ projections }) => projections['in->a']!.weights,
  'weights of b->a': ({ projections }) => projections['b->a']!.weights,
  'delays of in->a': ({ projections }) => projections['in->a']!.delays,
  'delays of a->b': ({ projections }) => projections['a->b']!.delays,
  'thresholds of a': ({ groups }) => groups.a!.threshold!,
}

test.each(isLong() ? [1, 2, 4] : [1, 4])(
  'gradients are those of difference quotients with latencies of %i chips in between',
  async (chips) => {
    const placement = placementOn(chips)
    expect(new Set(placement.latencies?.flat())).toEqual(chips === 1 ? new Set() : new Set([0, 1.3]))
    await using session = await open(network, { seed: 2, placement })
    const { gradients } = await session.gradient(trials, LOSS, trials.labels)
    const lossAt = async (pick: Pick, k: number, change: number) => {
      const parameters = await session.parameters()
      const own = pick(parameters)
      const before = own[k]!
      own[k] = before + change
      await session.setParameters(parameters)
      const { losses } = await session.gradient(trials, LOSS, trials.labels)
      own[k] = before
      await session.setParameters(parameters)
      return losses[0]!
    }
    const quotient = async (pick: Pick, k: number, h: number) =>
      ((await lossAt(pick, k, h)) - (await lossAt(pick, k, -h))) / (2 * h)
    for (const [kind, pick] of Object.entries(KINDS)) {
      const exact = pick(gradients)
      const largest = [...exact.keys()]
        .sort((x, y) => Math.abs(exact[y]!) - Math.abs(exact[x]!))
        .slice(0, isLong() ? 2 : 1)
      for (const k of largest) {
        expect(Math.abs(exact[k]!)).toBeGreaterThan(0)
        const [coarse, fine] = [await quotient(pick, k, 4e-6), await quotient(pick, k, 2e-6)]
        const apart = Math.abs((4 * fine - coarse) / 3 - exact[k]!) / Math.abs(exact[k]!)
        expect({ kind, k, apart: Math.max(apart, 5e-5) }).toEqual({ kind, k, apart: 5e-5 })
      }
    }
  },
)

test('a learned delay never hides a latency', async () => {
  const early = defineNetwork({
    groups: { in: source(32), out: lif(32, neurons) },
    projections: [connect('in', 'out', dense(0.6), { delay: 2 })],
  })
  const profile = withChips(chipProfile('brainscales2'), { columns: 2, rows: 1 })
  const placed = defineChipPlacement(early, profile, [
    { chip: 0, core: 0, slices: [{ group: 'in', start: 0, end: 32 }] },
    { chip: 1, core: 0, slices: [{ group: 'out', start: 0, end: 32 }] },
  ])
  await using session = await open(early, { placement: executionPlacement(early, placed, { latency: profile }) })
  const all = Array.from({ length: 32 }, (_, unit) => ({ time: 1, unit }))
  const given = { count: 1, until: 20, inputs: { in: trainsOf([all]) }, labels: Uint8Array.of(0) }
  const step = {
    loss: { kind: 'firstSpike', group: 'out', tau0: 0.5, alpha: 0.5, tau1: 6.4 },
    optimizer: { kind: 'sgd', momentum: 0 },
    rates: { delays: 0.5 },
    clipNorm: Infinity,
    silentLabelHinge: 0,
    silentHinge: {},
    silentWeightStep: {},
    bounds: { delays: [0, 10] },
  } as const
  const firstSpike = async () => (await session.simulate(given)).spikes.out!.times[0]!
  const before = await firstSpike()
  for (let k = 0; k < 80; k++) await session.train(given, step)
  const { projections } = await session.parameters()
  expect(projections['in->out']!.delays[0]).toBe(0)
  const after = await firstSpike()
  expect(after).toBeLessThan(before - 1.9)
  expect(after).toBeGreaterThan(1 + 1.3)
})
