import { yinYang } from '../dist/data/index.js'
import { TRIAL_CHUNK } from '../dist/dynamics/parameters/trial-sum.js'
import { adam, type Session, type Task, type TrainOptions, train } from '../dist/index.js'
import { runDigest } from '../dist/storage/index.js'

/** A training that is disturbed in every scenario, and what it must come to. */
export interface Course {
  readonly task: Task
  /** Of the network's numbers, and of the order of samples. */
  readonly seed: number
  /** Training steps in all. */
  readonly steps: number
  /** Trains a fresh session to the end; resolves to the digest of what it has learned and does. */
  run(session: Session, onStep?: () => void): Promise<string>
}

/** The last chunk of every mini-batch has half of the trials that a chunk may have. */
const LAST_CHUNK = TRIAL_CHUNK / 2
const STEPS_PER_EPOCH = 20

/**
 * Yin-Yang with few samples, so that a run has the given number of steps, or a few more.
 *
 * @param replicas that can share a mini-batch: it has a chunk of trials for each
 */
export function createCourse(seed: number, least: number, replicas = 1): Course {
  const batch = TRIAL_CHUNK * (replicas - 1) + LAST_CHUNK
  // The last mini-batch of an epoch has one chunk alone.
  const size = batch * (STEPS_PER_EPOCH - 1) + LAST_CHUNK
  const task = shortened(yinYang({ hidden: 64, learnDelays: true }), size)
  const epochs = Math.ceil(least / STEPS_PER_EPOCH)
  const options: TrainOptions = { optimizer: adam({ learningRate: 0.01 }), learn: ['weights', 'delays'], epochs }
  return {
    task,
    seed,
    steps: epochs * STEPS_PER_EPOCH,
    async run(session, onStep = () => undefined) {
      for await (const epoch of train(session, task, { ...options, batch, seed, onStep }))
        if (epoch.samples !== task.train.size) throw new Error(`epoch ${epoch.number} has ${epoch.samples} samples`)
      return runDigest(session, task)
    },
  }
}

function shortened(task: Task, size: number): Task {
  const cut = (split: Task['train'], length: number) => ({
    ...split,
    size: length,
    labels: split.labels.subarray(0, length),
  })
  return { ...task, train: cut(task.train, size), validation: cut(task.validation, 32), test: cut(task.test, 32) }
}
