import { balancedNetwork } from '../../dist/data/index.js'
import type { Network, SpikeTrains, Trials } from '../../dist/index.js'
import * as here from '../../dist/index.js'
import { drawnImages } from '../drawn-images.js'
import { FEATURES, FULL_RESOLUTION, LARGE, networkOf, SMALL, trialsOf } from '../feature-networks.js'
import { type Contestant, contest, type Turn } from '../measure/contest.js'
import { costOfRuns, gradientOf, LOSS } from '../measure/cost-of-runs.js'
import { SEED } from '../measure/count-spikes.js'
import { inTurns } from '../measure/in-turns.js'
import { type Build, openOther, VERSION_010, workloadFor } from '../measure/other-version.js'
import { ownSeconds } from '../measure/processor-time.js'
import { SLOW_ADAM } from '../measure/training-cost.js'
import { figureOfTurns } from '../measure/turn-figures.js'
import type { Figure, Finding, Settings } from '../suite.js'
import { IMAGES, imageWorkload, layerNetwork, type Workload, yinYangWorkload } from '../workloads.js'

const IN_DEGREE = 1000
/** Trials of a layer that is run forward. */
const BATCH = 128

/** What is timed of a network that only simulates: turns of so many ms, and how often. */
const FULL = { rounds: 9, until: 500, warmUps: 3 }
const QUICK = { rounds: 1, until: 20, warmUps: 0 }
/** Turns of runs without a step, seconds of each, and of the warm-up of each session. */
const RUNS = { rounds: 9, turn: 0.5, warmUp: 2 }
const QUICK_RUNS = { rounds: 1, turn: 0, warmUp: 0 }
/** Means of the weights of a layer that make about so many spikes per neuron and trial. */
const RATES = [
  [0.1, 0.044],
  [1, 0.068],
  [4, 0.15],
] as const

/** What was fast in version 0.1.0, beside that or another version, in turns on one thread of one process: CPU time. */
export async function* beforeSuite(settings: Settings): AsyncGenerator<Finding> {
  const other = yield* openOther(settings)
  const builds: readonly Build[] = other === null ? [here] : [here, other.build]
  for (const workload of workloads()) yield* trainingOf(workload, builds, settings)
  // Version 0.1.0 has neither the networks nor the gradients.
  if (other !== null && settings.against.commit !== VERSION_010.commit)
    for (const each of runs()) yield await runsOf(each, builds, settings)
  for (const neurons of settings.quick ? [100] : [1000, 10_000])
    yield await simulationOf(
      `balanced network of ${neurons}`,
      balancedNetwork({ neurons, inDegree: IN_DEGREE }),
      builds,
      settings,
    )
}

function* workloads(): Generator<Workload> {
  for (const tauRatio of [4, 2]) for (const batch of [32, 64, 128]) yield imageWorkload({ batch, tauRatio })
  yield yinYangWorkload(32)
  yield delayedWorkload()
}

/** The shape of MNIST with delays of the input synapses that learn. */
function delayedWorkload(): Workload {
  const workload = imageWorkload({ batch: 128, longestDelay: 10 })
  return { ...workload, name: `${workload.name}, delays of input synapses` }
}

async function* trainingOf(workload: Workload, builds: readonly Build[], settings: Settings): AsyncGenerator<Figure> {
  const { name, task } = workload
  const step = stepOf(task.loss)
  const contestants = builds.map((build): Contestant => {
    const open = async () => ({ sessions: [await openAlone(build, task.network)], processes: [] })
    return { workload: workloadFor(build, workload), step, open }
  })
  const [turns = [], others] = await contest(contestants, settings)
  yield figureOfTurns(`${name}: CPU`, turns, 'processorTime', 'us/sample', rivalsOf(settings, others))
}

/** What is run again and again, without learning. */
interface Run {
  readonly name: string
  readonly network: Network
  readonly trials: Trials
  run(session: here.Session, trials: Trials): Promise<unknown>
}

function* runs(): Generator<Run> {
  const input = drawnImages(IMAGES).encode(Uint32Array.from({ length: BATCH }, (_, k) => k)).input as SpikeTrains
  for (const [spikes, mean] of RATES)
    yield {
      name: `layer 784-350 at ${spikes} spikes a neuron, forward`,
      network: layerNetwork({ delays: 'shared', adaptation: false, mean }),
      trials: { count: BATCH, until: 40, inputs: { input } },
      run: (session, trials) => session.simulate(trials, { record: [] }),
    }
  for (const feature of FEATURES)
    yield {
      name: `200-128-10, ${feature.name}, gradients`,
      network: networkOf(SMALL, feature),
      trials: trialsOf(SMALL),
      run: gradientOf,
    }
  yield {
    name: `700-256-20, ${FULL_RESOLUTION.name}, weights and delays learn`,
    network: networkOf(LARGE, FULL_RESOLUTION),
    trials: trialsOf(LARGE),
    run: (session, trials) => session.train({ ...trials, labels: new Uint8Array(trials.count) }, stepOf(LOSS)),
  }
}

async function runsOf({ name, network, trials, run }: Run, builds: readonly Build[], settings: Settings) {
  const { rounds, turn, warmUp } = settings.quick ? QUICK_RUNS : RUNS
  const sessions = await Promise.all(builds.map((build) => openAlone(build, network)))
  const costOf = (session: here.Session, seconds: number) => costOfRuns(() => run(session, trials), seconds)
  try {
    for (const session of sessions) await costOf(session, warmUp)
    const [own = [], others] = await inTurns(sessions, rounds, async (session): Promise<Turn> => {
      const processorTime = (await costOf(session, turn)) / (1000 * trials.count)
      return { samplesPerSecond: 1e6 / processorTime, processorTime }
    })
    return figureOfTurns(`${name}: CPU`, own, 'processorTime', 'us/sample', rivalsOf(settings, others))
  } finally {
    await Promise.all(sessions.map((session) => session.close()))
  }
}

async function simulationOf(
  name: string,
  network: Network,
  builds: readonly Build[],
  settings: Settings,
): Promise<Figure> {
  const { rounds, until, warmUps } = settings.quick ? QUICK : FULL
  const sessions = await Promise.all(builds.map((build) => openAlone(build, network)))
  const turn = async (session: here.Session): Promise<Turn> => {
    const [cpu, wall] = [ownSeconds(), performance.now()]
    const { spikes } = await session.simulate({ count: 1, inputs: {}, until }, { record: ['exc', 'inh'] })
    const events = (IN_DEGREE * Object.values(spikes).reduce((sum, { times }) => sum + times.length, 0)) / 1000
    return {
      samplesPerSecond: (1000 * events) / (performance.now() - wall),
      processorTime: (1e6 * (ownSeconds() - cpu)) / events,
    }
  }
  try {
    for (const session of sessions) for (let k = 0; k < warmUps; k++) await turn(session)
    const [own = [], others] = await inTurns(sessions, rounds, turn)
    return figureOfTurns(
      `${name}: CPU`,
      own,
      'processorTime',
      'us/1000 recurrent synaptic events',
      rivalsOf(settings, others),
    )
  } finally {
    await Promise.all(sessions.map((session) => session.close()))
  }
}

function stepOf(loss: here.Loss): here.StepOptions {
  return { ...SLOW_ADAM, rates: { weights: 1e-9, delays: 1e-9 }, loss }
}

/** On one thread. */
function openAlone(build: Build, network: Network): Promise<here.Session> {
  return build.open(build.parseNetwork(here.formatNetwork(network)), { seed: SEED })
}

function rivalsOf({ against: { name } }: Settings, turns: readonly Turn[] | undefined) {
  return turns === undefined ? [] : [{ name, turns }]
}
