import * as here from '../../dist/index.js'
import { miniBatch } from '../../dist/learning/mini-batch.js'
import { namedSplits } from '../../dist/learning/named-splits.js'
import { type Contestant, contest, type Turn } from '../measure/contest.js'
import { SEED } from '../measure/count-spikes.js'
import { inTurns } from '../measure/in-turns.js'
import { median } from '../measure/median.js'
import { modelFindings, type StepCosts } from '../measure/replica-model.js'
import { nameOfSpread, openSpread, type Spread } from '../measure/spread.js'
import { createTrainer } from '../measure/trainer.js'
import { SLOW_ADAM } from '../measure/training-cost.js'
import { figureOfTurns, figuresOfTurns, type Opponent } from '../measure/turn-figures.js'
import type { Figure, Finding, Settings } from '../suite.js'
import { imageWorkload, type Workload, yinYangWorkload } from '../workloads.js'

const IMAGES = [imageWorkload({ batch: 128 }), imageWorkload({ batch: 512 })]
const WORKLOADS = [...IMAGES, yinYangWorkload(128)]
const ALONE: Spread = { partitions: 1, transport: null }
const REPLICAS: Spread = { partitions: 1, transport: 'websocket', replicas: 2 }
const SPREADS = [
  ALONE,
  REPLICAS,
  { ...REPLICAS, transport: 'thread' },
  { partitions: 1, transport: 'websocket', copies: 2 },
] as const

/** Turns of an evaluation: seconds of each and of the warm-up, and how often. */
const FULL = { turn: 1, warmUp: 5, rounds: 9 }
const QUICK = { turn: 0, warmUp: 0, rounds: 1 }

/**
 * Two replicas beside one process, and beside two independent trainings; all take turns. Then what they
 * send, and a model of more of them on machines of their own.
 */
export async function* replicasSuite(settings: Settings): AsyncGenerator<Finding> {
  for (const workload of WORKLOADS) {
    const turns = await contest(
      SPREADS.map((spread) => contestantOf(workload, spread)),
      settings,
    )
    for (const [k, spread] of SPREADS.entries())
      yield* figuresOfTurns(`${workload.name}: ${nameOfSpread(spread)}`, turns[k] ?? [], rivalsOf(spread, turns))
    const sent = await bytesOf(workload, settings)
    yield sent.figure
    yield* modelFindings(workload.name, await costsOf(workload, turns, sent.bytes, settings))
  }
  for (const workload of IMAGES) yield* evaluation(workload, settings)
}

function contestantOf(workload: Workload, spread: Spread): Contestant {
  const step = { ...SLOW_ADAM, loss: workload.task.loss }
  return { workload, step, open: () => openSpread(here, spread, workload.task.network) }
}

/** Of a spread: one process, and independent trainings. */
function rivalsOf(spread: Spread, turns: readonly (readonly Turn[])[]): readonly Opponent[] {
  const isRival = (other: Spread) => other !== spread && spread !== ALONE && (other === ALONE || 'copies' in other)
  return SPREADS.flatMap((other, k) => (isRival(other) ? [{ name: nameOfSpread(other), turns: turns[k] ?? [] }] : []))
}

/** What a replica of two sends to the other in a step, beside all gradients of parameters that learn, 8 bytes each. */
async function bytesOf(workload: Workload, { quick }: Settings): Promise<{ figure: Figure; bytes: number }> {
  const { name, task } = workload
  const placement = here.placeOnCores(task.network, 1)
  await using session = await here.openCluster(task.network, placement, {
    seed: SEED,
    transport: 'websocket',
    replicas: 2,
  })
  const steps = quick ? 2 : 20
  const trainer = createTrainer(session, workload, { ...SLOW_ADAM, loss: task.loss })
  const before = await sentBy(session)
  await trainer.train(steps)
  const bytes = ((await sentBy(session)) - before) / (2 * steps)
  const { projections } = await session.parameters()
  const weights = Object.values(projections).reduce((sum, { weights }) => sum + weights.length, 0)
  const against = [{ name: 'one copy of the weights', value: 8 * weights }]
  return { bytes, figure: { name: `${name}: sent by each of 2 replicas`, value: bytes, unit: 'bytes/step', against } }
}

async function sentBy(session: here.ClusterSession): Promise<number> {
  return (await session.traffic()).reduce((sum, { sent }) => sum + sent.bytes, 0)
}

/** What a step costs in one process for the whole mini-batch and for half of it, and what the exchange adds. */
async function costsOf(
  workload: Workload,
  turns: readonly (readonly Turn[])[],
  bytes: number,
  settings: Settings,
): Promise<StepCosts> {
  const { batch } = workload
  const millisecondsOf = (samples: number, of: readonly Turn[]) =>
    (1000 * samples) / median(of.map(({ samplesPerSecond }) => samplesPerSecond))
  const half = { ...workload, batch: batch / 2 }
  const [halfTurns = []] = await contest([contestantOf(half, ALONE)], settings)
  const processorTime = (of: readonly Turn[]) => median(of.map(({ processorTime }) => processorTime)) / 1000
  return {
    batch,
    whole: millisecondsOf(batch, turns[0] ?? []),
    half: millisecondsOf(batch / 2, halfTurns),
    // Both replicas and the coordinator, without what half a mini-batch each costs anyway.
    exchange: Math.max(0, (batch * processorTime(turns[1] ?? []) - batch * processorTime(halfTurns)) / 2),
    bytes,
  }
}

async function* evaluation(workload: Workload, settings: Settings): AsyncGenerator<Figure> {
  const { name, task, batch } = workload
  const { turn, warmUp, rounds } = settings.quick ? QUICK : FULL
  const known = namedSplits(task)(task.train)
  const opened = await Promise.all(SPREADS.map((spread) => openSpread(here, spread, task.network)))
  const evaluateFor = async (session: here.Session, seconds: number): Promise<number> => {
    const end = performance.now() + 1000 * seconds
    let samples = 0
    do {
      const chosen = Uint32Array.from({ length: batch }, (_, trial) => (samples + trial) % task.train.size)
      // As `train` and `evaluate` have it: cores that make a known task themselves are sent the names of samples.
      await session.evaluate(miniBatch(task.train, chosen, task.until, undefined, known), task.loss)
      samples += batch
    } while (performance.now() < end)
    return samples
  }
  const turnOf = async (sessions: readonly here.Session[], seconds: number): Promise<Turn> => {
    const start = performance.now()
    const counts = await Promise.all(sessions.map((session) => evaluateFor(session, seconds)))
    const samples = counts.reduce((sum, count) => sum + count, 0)
    return { samplesPerSecond: (1000 * samples) / (performance.now() - start), processorTime: Number.NaN }
  }
  try {
    for (const { sessions } of opened) await turnOf(sessions, warmUp)
    const turns = await inTurns(opened, rounds, ({ sessions }) => turnOf(sessions, turn))
    for (const [k, spread] of SPREADS.entries()) {
      const title = `${name}, evaluation: ${nameOfSpread(spread)}`
      yield figureOfTurns(title, turns[k] ?? [], 'samplesPerSecond', 'samples/s', rivalsOf(spread, turns))
    }
  } finally {
    await Promise.all(opened.flatMap(({ sessions }) => sessions.map((session) => session.close())))
  }
}
