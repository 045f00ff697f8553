import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { StreamingSession } from '../../src/actors/streaming/spike-stream.js'
import type { WatchedSpikes } from '../../src/actors/watch/watched.js'
import { joinTrains } from '../../src/events/join-trains.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { StepOptions } from '../../src/learning/session.js'
import { step } from '../actors/small-networks.js'
import { openWay } from '../suites/session/open-way.js'
import { type SessionCase, sessionCase } from '../suites/session/session-case.js'
import { LOSSES } from '../suites/session/session-losses.js'
import { firstTrial } from '../support/arbitrary-stream.js'
import { casesOf } from '../support/cases-of.js'
import { noisySession } from '../support/noisy-session.js'
import { expectSameBits } from '../support/same-bits.js'
import { streamed } from '../support/streamed.js'
import { type Seen, watchAll } from '../support/watch-all.js'

const SETTINGS = { numRuns: casesOf({ short: 4, long: 200 }), seed: 23, endOnFailure: true }

function stepOf({ loss }: SessionCase, k: number): StepOptions {
  const rates = { weights: 0.003, delays: 0.02, thresholds: 0.003, bias: 0.001 }
  const bounds = { delays: [0.05, 10], thresholds: [0.3, 3] } as const
  // The second one is clipped, and so taken once more.
  return step({ loss: LOSSES[loss]!, rates, bounds, clipNorm: k === 1 ? 1e-4 : Infinity })
}

/** Whatever a session can be asked for. */
async function courseOf(session: StreamingSession, sample: SessionCase, segment: number) {
  const { trials, loss, network } = sample
  const simulated = await session.simulate(trials, { record: network.groups.map(({ name }) => name) })
  const gradient = await session.gradient(trials, LOSSES[loss]!, trials.labels)
  const evaluated = await session.evaluate(trials, LOSSES[loss]!)
  const { until } = trials
  const { spikes } = await streamed(session, { record: ['a'], until, inputs: firstTrial(trials), segment })
  const steps = await Promise.all([0, 1, 2].map((k) => session.train(trials, stepOf(sample, k))))
  return { simulated, gradient, evaluated, steps, spikes, state: await session.save() }
}

const noisily = ({ noise }: SessionCase, session: StreamingSession) =>
  noise === null ? session : noisySession(session, noise)

/** What was seen of one run: the spikes per group, and the gradient events per projection. */
function seenOf({ spikes, gradients, voltages }: Seen, doing: WatchedSpikes['doing']) {
  const of = <Batch extends { readonly doing: string }>(all: readonly Batch[]) =>
    all.filter((each) => each.doing === doing)
  return { spikes: of(spikes), gradients: of(gradients), voltages: of(voltages) }
}

/** Its segments put together. */
function streamOf(seen: Seen) {
  const { spikes } = seenOf(seen, 'stream')
  const names = [...new Set(spikes.map(({ group }) => group))]
  return names.map((name) => joinTrains(spikes.filter(({ group }) => group === name)).trains)
}

/** The voltages of the first trial, its segments put together: of each group those of each unit. */
function voltagesOf(seen: Seen, doing: 'simulate' | 'stream') {
  const { voltages } = seenOf(seen, doing)
  return [...new Set(voltages.map(({ group }) => group))].map((name) => {
    const parts = voltages.filter(({ group }) => group === name)
    const rows = Array.from(parts[0]!.units, (unit, row) => {
      const samples = parts.flatMap(({ times, values }) => [
        ...values.subarray(row * times.length, (row + 1) * times.length),
      ])
      return { unit, samples: Float64Array.from(samples) }
    })
    return { name, times: Float64Array.from(parts.flatMap(({ times }) => [...times])), rows }
  })
}

/** dL/d(input time), added up over the projections that leave the source. */
function inputTimes(seen: Seen): Float64Array {
  const [first, ...others] = seenOf(seen, 'gradient').gradients.filter(({ group }) => group === 'in')
  // A lone returned value may be -0.
  if (others.length === 0) return first!.gradients
  return first!.gradients.map((value, k) => others.reduce((sum, { gradients }) => sum + gradients[k]!, 0 + value))
}

const trainsOf = ({ offsets, times, units }: SpikeTrains) => ({ offsets, times, units })

function expectTold(seen: Seen, { simulated, gradient }: Awaited<ReturnType<typeof courseOf>>): void {
  const { spikes } = seenOf(seen, 'simulate')
  expect(spikes.map(({ group }) => group).sort()).toEqual(Object.keys(simulated.spikes).sort())
  for (const batch of spikes) expectSameBits(trainsOf(batch), trainsOf(simulated.spikes[batch.group]!))
  const returnsGradients = (key: string) => key.startsWith('in->') && seen.inside.includes(key)
  if (!seen.inside.some(returnsGradients)) expectSameBits(inputTimes(seen), gradient.inputTimes.in)
}

const events = ({ gradients }: Seen) => gradients.reduce((sum, each) => sum + Math.sign(each.gradients.length), 0)

test('watching changes no bit, and shows the same wherever a network runs', async () => {
  const tally = { spikes: 0, events: 0, voltages: 0, steps: 0, transports: new Set<string>() }
  await fc.assert(
    fc.asyncProperty(sessionCase, async (sample) => {
      const { network, seed, first, cuts, trials } = sample
      const numbers = { seed, kernel: 'simd' } as const
      await using alone = noisily(sample, await open(network, numbers))
      const expected = await courseOf(alone, sample, trials.until)
      await using whole = noisily(sample, await open(network, numbers))
      await using placed = noisily(sample, await openWay(network, first, numbers))
      const seen = { whole: watchAll(whole), placed: watchAll(placed) }
      expectSameBits(await courseOf(whole, sample, trials.until), expected)
      expectSameBits(await courseOf(placed, sample, cuts.segment), expected)
      for (const doing of ['simulate', 'gradient', 'evaluate', 'train'] as const)
        expectSameBits(seenOf(seen.placed, doing), seenOf(seen.whole, doing))
      expectSameBits(streamOf(seen.placed), streamOf(seen.whole))
      expectTold(seen.placed, expected)
      // Streams know no noise.
      if (sample.noise === null) expectSameBits(voltagesOf(seen.placed, 'stream'), voltagesOf(seen.placed, 'simulate'))
      expect(seenOf(seen.placed, 'simulate').gradients).toEqual([])
      tally.spikes += seen.placed.spikes.reduce((sum, { times }) => sum + times.length, 0)
      tally.events += events(seen.placed)
      tally.voltages += seen.placed.voltages.reduce((sum, { values }) => sum + values.filter((v) => v !== 0).length, 0)
      tally.steps += seenOf(seen.placed, 'train').spikes.length
      tally.transports.add(first.transport)
    }),
    SETTINGS,
  )
  expect(tally.spikes).toBeGreaterThan(50 * SETTINGS.numRuns)
  expect(tally.events).toBeGreaterThan(5 * SETTINGS.numRuns)
  expect(tally.voltages).toBeGreaterThan(100 * SETTINGS.numRuns)
  expect(tally.transports.size).toBeGreaterThan(2)
})
