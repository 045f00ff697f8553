import { expect, test } from 'vitest'
import { defineChipPlacement } from '../../../src/hardware/chip-placement/define-chip-placement.js'
import { chipCounts } from '../../../src/hardware/counts/count-chip.js'
import { chipProfile, withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import { chipReport } from '../../../src/hardware/report/report-chip.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, fixedInDegree, oneToOne } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'

const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
const JOULE = 1e12

/** Within 1 % of what was published. */
const expectPublished = (found: number | null | undefined, published: number) =>
  expect(Math.abs((found ?? Number.NaN) / published - 1)).toBeLessThan(0.01)

test('TrueNorth: 2^20 neurons at 20 Hz with 128 synapses take 70.6 mW, 26.3 pJ per synaptic event', () => {
  const profile = chipProfile('truenorth')
  // One of 4096 cores that are all alike, for a second.
  const network = defineNetwork({
    groups: { a: lif(256, NEURON) },
    projections: [connect('a', 'a', fixedInDegree(128, 1, { selfConnections: true }), { delay: 1 })],
  })
  const placement = defineChipPlacement(network, profile, [
    { chip: 0, core: 0, slices: [{ group: 'a', start: 0, end: 256 }] },
  ])
  const counts = chipCounts(network, placement, profile, {
    trials: 1,
    steps: 1000,
    spikes: { a: 20 },
    activeSteps: { a: 1000 },
  })
  const { byComponent } = chipReport(counts, profile).energy.byPhase.forward
  const events = 4096 * counts.forward.synapticEvents
  expect(events).toBe(2 ** 20 * 20 * 128)
  const [marginal, constant] = [4096 * (byComponent.synapse?.value ?? 0), byComponent.staticPerChip?.value ?? 0]
  expectPublished(marginal / JOULE, 6.17e-3)
  expectPublished((marginal + constant) / JOULE, 70.6e-3)
  expectPublished((marginal + constant) / events, 26.3)
})

test('Loihi 2, from Hala Point: 6.84 pJ per synaptic operation at most', () => {
  const profile = chipProfile('loihi2')
  const network = defineNetwork({
    groups: { a: source(10), b: lif(10, NEURON) },
    projections: [connect('a', 'b', oneToOne(1))],
  })
  const placement = defineChipPlacement(network, profile, [
    {
      chip: 0,
      core: 0,
      slices: [
        { group: 'a', start: 0, end: 10 },
        { group: 'b', start: 0, end: 10 },
      ],
    },
  ])
  const counts = chipCounts(network, placement, profile, {
    trials: 1,
    steps: 100,
    spikes: { a: 7, b: 0 },
    activeSteps: { b: 7 },
  })
  const { synapse } = chipReport(counts, profile).energy.byPhase.forward.byComponent
  expectPublished((synapse?.atMost ?? 0) / counts.forward.synapticEvents, 6.84)
  expect(synapse).toMatchObject({ atLeast: 0, kind: 'average' })
})

test('SpiNNaker: a board of 48 chips takes 31.9 W idle, 59.4 W with 806 cores', () => {
  const profile = withChips(chipProfile('spinnaker'), { columns: 8, rows: 6 })
  const network = defineNetwork({ groups: { a: source(806 * 32) }, projections: [] })
  const cores = Array.from({ length: 806 }, (_, k) => {
    const slices = [{ group: 'a', start: 32 * k, end: 32 * k + 32 }]
    return { chip: Math.floor(k / 17), core: k % 17, slices }
  })
  const placement = defineChipPlacement(network, profile, cores)
  const counts = chipCounts(network, placement, profile, { trials: 1, steps: 1000, spikes: { a: 0 }, activeSteps: {} })
  const { seconds, energy } = chipReport(counts, profile)
  expect(seconds).toBe(1)
  const { byComponent, static: all } = energy.byPhase.forward
  expectPublished((byComponent.staticPerChip?.value ?? 0) / JOULE, 16.8)
  expectPublished(((byComponent.staticPerChip?.value ?? 0) + (byComponent.staticPerBoard?.value ?? 0)) / JOULE, 31.9)
  expectPublished((all.value ?? 0) / JOULE, 59.4)
})
