import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRecorder } from '../../src/actors/group/recorder.js'
import type { Run } from '../../src/actors/group/run.js'
import { open } from '../../src/actors/open.js'
import type { LabelledTrials } from '../../src/learning/session.js'
import type { Network, SourceGroup } from '../../src/network/description/network.js'
import { arbitraryEmission } from '../../src/testing/arbitrary-emission.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { casesOf } from '../support/cases-of.js'
import { courseOf } from '../support/course-of.js'
import { type CutNetworkCase, cutNetworkCase, denseNetworkCase } from '../support/cut-network-case.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'
import { shuffledDelivery } from '../support/shuffled-delivery.js'
import { runWhole, wireWhole } from '../support/wire-whole.js'

/** A case whose group `in` emits its spikes by itself, and the network in which they are given. */
interface EmissionCase extends Omit<CutNetworkCase, 'trials'> {
  readonly given: Network
  readonly trials: LabelledTrials
}

const emissionCase: fc.Arbitrary<EmissionCase> = fc.oneof(cutNetworkCase, denseNetworkCase).chain((sample) => {
  const { size } = sample.network.groups.find(({ name }) => name === 'in')!
  return arbitraryEmission(size).map((emitting) => ({
    ...sample,
    given: sample.network,
    network: withInput(sample.network, emitting),
    trials: { ...sample.trials, inputs: {} },
  }))
})

function withInput(network: Network, input: SourceGroup): Network {
  return { ...network, groups: network.groups.map((group) => (group.name === 'in' ? { name: 'in', ...input } : group)) }
}

const SETTINGS = { numRuns: casesOf({ short: 3, long: 16 }), seed: 17, endOnFailure: true }

test('what a source emits has the effect of the same spikes given, to the bit', async () => {
  const seen = { spikes: 0, returned: 0 }
  await fc.assert(
    fc.asyncProperty(emissionCase, async ({ network, given, seed, trials }) => {
      const emitted = await courseOf(await open(network, { seed }), trials)
      const input = emitted.simulated.spikes.in!
      const course = await courseOf(await open(given, { seed }), { ...trials, inputs: { in: input } })
      seen.spikes += input.times.length
      seen.returned += course.gradients.filter(({ inputTimes }) => inputTimes.in!.some((g) => g !== 0)).length
      // Nobody gave the spikes, so nobody is told what moving them would do.
      const gradients = course.gradients.map((gradient) => ({ ...gradient, inputTimes: {} }))
      expectSameBits(emitted, { ...course, gradients })
    }),
    SETTINGS,
  )
  expect(seen.spikes).toBeGreaterThan(20 * SETTINGS.numRuns)
  expect(seen.returned).toBeGreaterThan(SETTINGS.numRuns)
})

test('no placement, no order of messages and no frames change it', async () => {
  const seen = { cores: 0, messages: 0 }
  const placed = emissionCase.chain((sample) => fc.tuple(fc.constant(sample), arbitraryPlacement(sample.network, 4)))
  await fc.assert(
    fc.asyncProperty(placed, fc.nat(), async ([{ network, seed, trials }, placement], order) => {
      const whole = await courseOf(await open(network, { seed }), trials)
      const deliver = shuffledDelivery(order)
      expectSameBits(await courseOf(await open(network, { seed, placement, deliver }), trials), whole)
      const limits = { credits: 2, maxFrame: 1000 }
      const session = await openLinked(network, placement, { seed, deliver, limits, spikesPerBatch: 7 })
      expectSameBits(await courseOf(session, trials), whole)
      seen.cores += placement.cores.length
      seen.messages += session.links.reduce((sum, { sent }) => sum + sent.messages, 0)
    }),
    SETTINGS,
  )
  expect(seen.cores).toBeGreaterThan(2.5 * SETTINGS.numRuns)
  expect(seen.messages).toBeGreaterThan(300 * SETTINGS.numRuns)
})

/** Spikes and gradients of one core whose sources emit batches of about so many spikes, and how many those were. */
async function inBatchesOf({ network, seed, trials }: EmissionCase, spikesPerBatch: number) {
  const wired = wireWhole(network, seed, 'reference', { spikesPerBatch })
  const streams = [...wired.sources, ...wired.groups].map(({ spikes$ }) => spikes$)
  const recorders = ['in', 'a', 'b'].map((name) => createRecorder(streams, name, trials))
  let batches = 0
  for (const { spikes$ } of wired.sources) spikes$.subscribe(() => batches++)
  const loss = { kind: 'spikeCount', group: 'a', tau: 20 } as const
  const run: Run = {
    trials,
    loss: { loss, labels: trials.labels, silentLabelHinge: 0, silentHinge: {} },
    gradients: true,
    inputTimes: false,
    biasGradient: true,
    stopAfterFirst: false,
    undefinedSlope: 'ignore',
  }
  await runWhole(wired, run)
  const results = {
    spikes: recorders.map((recorder) => recorder.trains()),
    outcome: wired.loss.outcome(),
    gradients: wired.kernels.map((kernel) => kernel.finishGradient().slice()),
  }
  wired.close()
  return { batches, results }
}

test('no cutting of an emission into batches changes it, forward and backward', async () => {
  let batches = 0
  await fc.assert(
    fc.asyncProperty(emissionCase, fc.constantFrom(2, 10, 30), async (sample, spikesPerBatch) => {
      const whole = await inBatchesOf(sample, Infinity)
      expect(whole.batches).toBe(1)
      const cut = await inBatchesOf(sample, spikesPerBatch)
      expectSameBits(cut.results, whole.results)
      batches += cut.batches
    }),
    { ...SETTINGS, seed: 18 },
  )
  expect(batches).toBeGreaterThan(5 * SETTINGS.numRuns)
})
