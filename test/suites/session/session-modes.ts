import type { StreamingSession } from '../../../src/actors/streaming/spike-stream.js'
import { type BandedStep, RATE_BANDS } from '../../../src/learning/banded-step.js'
import type { Session } from '../../../src/learning/session.js'
import { trainedNetwork } from '../../../src/learning/trained-network.js'
import { firstTrial } from '../../support/arbitrary-stream.js'
import { expectSameBits } from '../../support/same-bits.js'
import { joinedTrains, streamed } from '../../support/streamed.js'
import { expectChunkSums } from './chunk-sums.js'
import { recorded } from './recorded.js'
import type { SessionCase, SessionMode } from './session-case.js'
import { LOSSES } from './session-losses.js'
import { type Found, RECORD, type SessionRun } from './session-run.js'
import { sumOf, trafficOf } from './session-traffic.js'

const lossOf = ({ loss }: SessionCase) => LOSSES[loss]!

/** Everything is learned, and a little more each time. */
function stepOf(sample: SessionCase, k: number): BandedStep {
  return {
    loss: lossOf(sample),
    optimizer:
      sample.loss % 2 === 0
        ? { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
        : { kind: 'sgd', momentum: 0.5 },
    rates: {
      weights: 0.003,
      delays: 0.02,
      thresholds: 0.003,
      adaptation: 0.01,
      taus: 0.1,
      bias: 0.001,
    },
    bounds: { delays: [0.05, 10], thresholds: [0.3, 3], adaptation: [0, 1] },
    clipNorm: k === 0 ? Infinity : 1e-2,
    silentLabelHinge: 0.5,
    silentHinge: { a: 0.1 },
    silentWeightStep: { b: 0.01 },
    [RATE_BANDS]: { a: { low: 1, high: 4, strength: 0.1 } },
  }
}

async function learn(session: Session, sample: SessionCase, first = 0, count = sample.steps) {
  const steps = []
  for (let k = first; k < first + count; k++) steps.push(await session.train(sample.trials, stepOf(sample, k)))
  return steps
}

/** The first trial, stopped and gone on with elsewhere where it is cut. */
async function streamedSpikes(run: SessionRun, session: StreamingSession, later: () => Promise<StreamingSession>) {
  const { sample, cuts } = run
  const options = { record: RECORD, until: sample.trials.until, inputs: firstTrial(sample.trials) }
  if (cuts === null) {
    const { spikes } = await streamed(session, { ...options, segment: options.until })
    return { spikes, traffic: await trafficOf(run, session) }
  }
  const { segment, stop } = cuts
  const { spikes, state } = await streamed(session, { ...options, segment }, stop)
  const traffic = await trafficOf(run, session)
  if (state === null || state.time >= options.until) return { spikes, traffic }
  await using other = await later()
  const rest = await streamed(other, { ...options, segment: 1.5 * segment, from: state })
  const joined = joinedTrains(Object.fromEntries(RECORD.map((name) => [name, [spikes[name]!, rest.spikes[name]!]])))
  return { spikes: joined, traffic: sumOf(traffic, await trafficOf(run, other)) }
}

/** Nothing of it is to be seen later. */
async function doBefore(session: StreamingSession, { before, trials, loss }: SessionCase): Promise<void> {
  const inputs = firstTrial(trials)
  const { until, labels } = trials
  if (before === 'gradient') await session.gradient({ count: 1, until, inputs }, LOSSES[loss]!, labels.slice(0, 1))
  if (before === 'stream') await streamed(session, { record: [], until: until / 2, inputs, segment: until / 4 })
}

type Mode = (run: SessionRun, session: StreamingSession) => Promise<Found>

const simulate: Mode = async (run, session) => {
  const { trials } = run.sample
  const { spikes, maxima } = await session.simulate(trials, { record: [...RECORD, 'r'] })
  const traffic = await trafficOf(run, session)
  return { traffic, bits: { spikes, maxima }, told: [{ what: 'a simulation', of: 'all trials', spikes, maxima }] }
}

const gradient: Mode = async (run, session) => {
  const { sample, cuts } = run
  const { trials } = sample
  const loss = lossOf(sample)
  const found = await session.gradient(trials, loss, trials.labels)
  const { losses, predictions } = await session.evaluate(trials, loss)
  const traffic = await trafficOf(run, session)
  if (cuts !== null) await expectChunkSums(session, sample, loss, found.gradients)
  // Neurons may stop after their first spikes: the loss looks at no others.
  const stops = loss.kind === 'firstSpike'
  const { spikes, maxima } = found.recording
  return {
    traffic,
    bits: { ...found, evaluated: { losses, predictions } },
    told: stops ? [] : [{ what: 'a gradient', of: 'all trials', spikes, maxima }],
  }
}

const stream: Mode = async (run, session) => {
  const { spikes, traffic } = await streamedSpikes(run, session, () => run.open('second'))
  return { traffic, bits: spikes, told: [{ what: 'a stream', of: 'the first trial', spikes }] }
}

const recording: Mode = async (run, session) => {
  const { spikes, traffic } = await recorded(run, session)
  return { traffic, bits: spikes, told: [{ what: 'a recording', of: 'the first trial', spikes }] }
}

const train: Mode = async (run, session) => {
  const { sample } = run
  const steps = await learn(session, sample, 0, 1 + sample.steps)
  const parameters = await session.parameters()
  const { spikes, maxima } = await session.simulate(sample.trials, { record: [...RECORD, 'r'] })
  return {
    traffic: await trafficOf(run, session),
    bits: { steps, parameters, spikes, maxima },
    told: [{ what: 'a simulation of what was learned', of: 'all trials', spikes, maxima }],
    learned: { network: await trainedNetwork(session, sample.seed), parameters },
  }
}

const restore: Mode = async (run, session) => {
  const { sample } = run
  const steps = await learn(session, sample)
  const learning = await trafficOf(run, session)
  const state = await session.save()
  const learned = { network: await trainedNetwork(session, sample.seed), parameters: await session.parameters() }
  const restored = async () => {
    const other = await run.open('second')
    await other.restore(state)
    return other
  }
  await using other = await restored()
  const { spikes, maxima } = await other.simulate(sample.trials, { record: [...RECORD, 'r'] })
  const { spikes: streamedAgain, traffic: again } = await streamedSpikes(run, other, restored)
  const more = await learn(other, sample, sample.steps, 1)
  const after = await other.save()
  if (run.cuts !== null) {
    // Who was saved goes on alike.
    expectSameBits(await learn(session, sample, sample.steps, 1), more, 'step after a state')
    expectSameBits(await session.save(), after, 'state after a step')
  }
  return {
    traffic: sumOf(learning, again),
    bits: { steps, state, spikes, maxima, streamedAgain, more, after },
    told: [
      { what: 'a simulation from a state', of: 'all trials', spikes, maxima },
      { what: 'a stream from a state', of: 'the first trial', spikes: streamedAgain },
    ],
    ...(sample.steps === 0 ? {} : { learned }),
  }
}

const MODES: Readonly<Record<SessionMode, Mode>> = { simulate, gradient, stream, recording, train, restore }

/** Runs a case in its mode. */
export async function runMode(run: SessionRun): Promise<Found> {
  await using session = await run.open('first')
  if (run.cuts !== null) await doBefore(session, run.sample)
  return await MODES[run.sample.mode](run, session)
}
