import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openCluster } from '../../src/actors/open-cluster.js'
import { defineChipPlacement } from '../../src/hardware/chip-placement/define-chip-placement.js'
import { chipCounts } from '../../src/hardware/counts/count-chip.js'
import { chipProfile } from '../../src/hardware/profile/packaged-profiles.js'
import { tallyOf } from '../../src/hardware/tally/tally-of.js'
import { spikeCount } from '../../src/learning/define-loss.js'
import { arbitraryEmission } from '../../src/testing/arbitrary-emission.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { casesOf } from '../support/cases-of.js'
import { cutNetworkCase, denseNetworkCase } from '../support/cut-network-case.js'

const MOST = 4
const BITS = { value: 32, unit: 'bit', provenance: 'assumed', source: 'a double is told in one packet' } as const
const MESH = chipProfile(`mesh:${MOST}x1`)
/** A core a tile, with packets that carry a value each. */
const PROFILE = { ...MESH, formats: { ...MESH.formats, payloadBits: BITS } }

const sampled = fc.oneof(cutNetworkCase, cutNetworkCase, denseNetworkCase).chain((sample) => {
  const { size } = sample.network.groups.find(({ name }) => name === 'in')!
  return fc.option(arbitraryEmission(size)).map((emitting) => {
    if (emitting === null) return { ...sample, isGiven: true }
    const groups = sample.network.groups.map((group) => (group.name === 'in' ? { name: 'in', ...emitting } : group))
    return {
      ...sample,
      isGiven: false,
      network: { ...sample.network, groups },
      trials: { ...sample.trials, inputs: {} },
    }
  })
})

const placed = sampled.chain((sample) =>
  fc.record({ sample: fc.constant(sample), placement: arbitraryPlacement(sample.network, MOST) }),
)

test('what is counted of a chip without running it is what goes over links in a run on that placement', async () => {
  const numRuns = casesOf({ short: 8, long: 40 })
  const seen = { spikes: 0, gradients: 0, loss: 0, recurrent: 0 }
  await fc.assert(
    fc.asyncProperty(placed, async ({ sample, placement }) => {
      const { network, seed, trials, isGiven } = sample
      // On other kernels spikes go to all of a group that meets the same arrivals, a chip's only to cores with a target.
      const kernel = 'reference'
      await using session = await openCluster(network, placement, { seed, transport: 'local', kernel })
      const { recording } = await session.gradient(trials, spikeCount('a', { tau: 20 }), trials.labels)
      const sums = { spikes: 0, gradients: 0, lossSpikes: 0, lossGradients: 0 }
      for (const { sent } of await session.traffic())
        for (const part of Object.keys(sums) as (keyof typeof sums)[]) sums[part] += sent.split[part]
      const emitted = isGiven ? {} : (await session.simulate(trials, { record: ['in'] })).spikes
      const raster = { ...trials.inputs, ...emitted, ...recording.spikes }
      const tally = tallyOf(raster, network, { tickMs: 1, until: trials.until, seed })
      // What a source is given goes with the order of a run to every core that listens, and over no link.
      const ofNeurons = isGiven ? { ...tally, spikes: { ...tally.spikes, in: 0 } } : tally
      const cores = placement.cores.map(({ core, slices }) => ({ chip: 0, core, slices }))
      const onChip = defineChipPlacement(network, PROFILE, cores)
      const counts = chipCounts(network, onChip, PROFILE, ofNeurons, { seed, loss: ['a'] })
      expect({
        spikes: counts.forward.packets.betweenTiles,
        gradients: counts.backward.packets.betweenTiles,
        lossSpikes: counts.loss.spikes.packets.betweenTiles,
        lossGradients: counts.loss.gradients.packets.betweenTiles,
      }).toEqual(sums)
      seen.spikes += sums.spikes
      seen.gradients += sums.gradients
      seen.loss += sums.lossSpikes
      if (sample.isRecurrent) seen.recurrent++
    }),
    { numRuns, seed: 22, endOnFailure: true },
  )
  expect(seen.spikes).toBeGreaterThan(10 * numRuns)
  expect(seen.gradients).toBeGreaterThan(10 * numRuns)
  expect(seen.loss).toBeGreaterThan(numRuns)
  expect(seen.recurrent).toBeGreaterThan(0)
})
