import type { StreamingSession } from '../../../src/actors/streaming/spike-stream.js'
import { totalTraffic } from '../../../src/dynamics/memory-traffic.js'
import type { Session, StepOptions } from '../../../src/learning/session.js'
import { trainedNetwork } from '../../../src/learning/trained-network.js'
import { firstTrial } from '../../support/arbitrary-stream.js'
import { expectSameBits } from '../../support/same-bits.js'
import { joinedTrains, streamed } from '../../support/streamed.js'
import { expectChunkSums } from './chunk-sums.js'
import { recorded } from './recorded.js'
import type { SessionCase, SessionMode } from './session-case.js'
import { LOSSES } from './session-losses.js'
import { type Found, RECORD, type SessionRun } from './session-run.js'

const lossOf = ({ loss }: SessionCase) => LOSSES[loss]!

/** Everything is learned, time constants most of the time, and a little more each time. */
function stepOf(sample: SessionCase, k: number): StepOptions {
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
      // Memory traffic is counted without them.
      ...(sample.seed % 3 === 0 ? {} : { taus: 0.1 }),
      bias: 0.001,
    },
    bounds: { delays: [0.05, 10], thresholds: [0.3, 3], adaptation: [0, 1] },
    clipNorm: k === 0 ? Infinity : 1e-2,
    silentLabelHinge: 0.5,
    silentHinge: { a: 0.1 },
    silentWeightStep: { b: 0.01 },
    rateBand: { a: { low: 1, high: 4, strength: 0.1 } },
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
  if (cuts === null) return (await streamed(session, { ...options, segment: options.until })).spikes
  const { segment, stop } = cuts
  const { spikes, state } = await streamed(session, { ...options, segment }, stop)
  if (state === null || state.time >= options.until) return spikes
  await using other = await later()
  const rest = await streamed(other, { ...options, segment: 1.5 * segment, from: state })
  return joinedTrains(Object.fromEntries(RECORD.map((name) => [name, [spikes[name]!, rest.spikes[name]!]])))
}

/** Nothing of it is to be seen later. */
async function doBefore(session: StreamingSession, { before, trials, loss }: SessionCase): Promise<void> {
  const inputs = firstTrial(trials)
  const { until, labels } = trials
  if (before === 'gradient') await session.gradient({ count: 1, until, inputs }, LOSSES[loss]!, labels.slice(0, 1))
  if (before === 'stream') await streamed(session, { record: [], until: until / 2, inputs, segment: until / 4 })
}

type Mode = (run: SessionRun, session: StreamingSession) => Promise<Omit<Found, 'isTrafficCounted'>>

const simulate: Mode = async ({ sample: { trials } }, session) => {
  const { spikes, maxima } = await session.simulate(trials, { record: [...RECORD, 'r'] })
  return { bits: { spikes, maxima }, told: [{ what: 'a simulation', of: 'all trials', spikes, maxima }] }
}

const gradient: Mode = async ({ sample, cuts }, session) => {
  const { trials } = sample
  const loss = lossOf(sample)
  const found = await session.gradient(trials, loss, trials.labels)
  const { losses, predictions } = await session.evaluate(trials, loss)
  if (cuts !== null) await expectChunkSums(session, sample, loss, found.gradients)
  // Neurons may stop after their first spikes: the loss looks at no others.
  const stops = loss.kind === 'firstSpike'
  const { spikes, maxima } = found.recording
  return {
    bits: { ...found, evaluated: { losses, predictions } },
    told: stops ? [] : [{ what: 'a gradient', of: 'all trials', spikes, maxima }],
  }
}

const stream: Mode = async (run, session) => {
  const spikes = await streamedSpikes(run, session, () => run.open('second'))
  return { bits: spikes, told: [{ what: 'a stream', of: 'the first trial', spikes }] }
}

const recording: Mode = async (run, session) => {
  const spikes = await recorded(run, session)
  return { bits: spikes, told: [{ what: 'a recording', of: 'the first trial', spikes }] }
}

const train: Mode = async ({ sample }, session) => {
  const steps = await learn(session, sample, 0, 1 + sample.steps)
  const parameters = await session.parameters()
  const { spikes, maxima } = await session.simulate(sample.trials, { record: [...RECORD, 'r'] })
  return {
    bits: { steps, parameters, spikes, maxima },
    told: [{ what: 'a simulation of what was learned', of: 'all trials', spikes, maxima }],
    learned: { network: await trainedNetwork(session, sample.seed), parameters },
  }
}

const restore: Mode = async (run, session) => {
  const { sample } = run
  const steps = await learn(session, sample)
  const state = await session.save()
  const learned = { network: await trainedNetwork(session, sample.seed), parameters: await session.parameters() }
  const restored = async () => {
    const other = await run.open('second')
    await other.restore(state)
    return other
  }
  await using other = await restored()
  const { spikes, maxima } = await other.simulate(sample.trials, { record: [...RECORD, 'r'] })
  const streamedAgain = await streamedSpikes(run, other, restored)
  const more = await learn(other, sample, sample.steps, 1)
  const after = await other.save()
  if (run.cuts !== null) {
    // Who was saved goes on alike.
    expectSameBits(await learn(session, sample, sample.steps, 1), more, 'step after a state')
    expectSameBits(await session.save(), after, 'state after a step')
  }
  return {
    bits: { steps, state, spikes, maxima, streamedAgain, more, after },
    told: [
      { what: 'a simulation from a state', of: 'all trials', spikes, maxima },
      {
        what: 'a stream from a state',

        of: 'the first trial',
        spikes: streamedAgain,
      },
    ],
    ...(sample.steps === 0 ? {} : { learned }),
  }
}

const MODES: Readonly<Record<SessionMode, Mode>> = { simulate, gradient, stream, recording, train, restore }

/** Runs a case in its mode. */
export async function runMode(run: SessionRun): Promise<Found> {
  await using session = await run.open('first')
  if (run.cuts !== null) await doBefore(session, run.sample)
  const found = await MODES[run.sample.mode](run, session)
  const isTrafficCounted = await countsTraffic(session)
  return { ...found, isTrafficCounted }
}

/** Whether the memory traffic of everything that a session has run is counted. */
async function countsTraffic(session: StreamingSession): Promise<boolean> {
  try {
    return totalTraffic(await session.memoryTraffic()) > 0
  } catch (error) {
    // Those of threads have errors of their own.
    if (error instanceof Error && 'code' in error && error.code === 'TRAFFIC_UNCOUNTED') return false
    throw error
  }
}
