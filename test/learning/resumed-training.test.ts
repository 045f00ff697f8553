import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { adam } from '../../src/learning/optimizers/adam.js'
import type { Session, SessionState } from '../../src/learning/session.js'
import type { Task } from '../../src/learning/task.js'
import { type Epoch, train } from '../../src/learning/train.js'
import type { TrainOptions } from '../../src/learning/train-options.js'
import { trainingIdentity } from '../../src/learning/training-identity.js'
import type { TrainingPoint } from '../../src/learning/training-point.js'
import { isLong } from '../support/cases-of.js'
import { tinyTask } from '../support/tiny-task.js'

const task = tinyTask()
const OPTIONS: TrainOptions = {
  optimizer: adam({ learningRate: 0.02 }),
  learn: ['weights', 'delays', 'thresholds', 'taus'],
  epochs: 2,
  batch: 5,
  silentLabelHinge: 1,
}
const STEPS = 5

/** What is learned makes the validation worse, epoch by epoch. */
const unteachable: Task = {
  ...task,
  validation: { ...task.validation, labels: task.validation.labels.map((label) => 1 - label) },
}

async function epochsOf(session: Session, options: Partial<TrainOptions> = {}, given = task): Promise<Epoch[]> {
  const epochs: Epoch[] = []
  for await (const epoch of train(session, given, { ...OPTIONS, ...options })) epochs.push(epoch)
  return epochs
}

/** A whole run, and where it stood after every step. */
async function undisturbed(options: Partial<TrainOptions> = {}, given = task) {
  await using session = await open(task.network, { seed: 5 })
  const moments: { readonly point: TrainingPoint; readonly state: SessionState }[] = []
  const afterStep: TrainOptions['afterStep'] = async (point) =>
    void moments.push({ point: point(), state: await session.save() })
  const epochs = await epochsOf(session, { ...options, afterStep }, given)
  return { epochs, moments, state: await session.save() }
}

let made: ReturnType<typeof undisturbed> | undefined
/** One for all tests. */
const plain = () => {
  made ??= undisturbed()
  return made
}

/** Short runs go on from every fourth step: as an epoch begins, within it, and as it ends. */
const isTried = (step: number) => isLong() || step % 4 === 1

describe('a training that goes on from a point', () => {
  test('after any step ends as the undisturbed one does, with the same epochs', async () => {
    const whole = await plain()
    expect(whole.moments).toHaveLength(2 * STEPS)
    for (const [k, { point, state }] of whole.moments.entries()) {
      expect([point.epoch, point.step]).toEqual([1 + Math.floor(k / STEPS), 1 + (k % STEPS)])
      if (!isTried(k)) continue
      await using session = await open(task.network, { seed: 5 })
      await session.restore(state)
      const seen: (readonly number[])[] = []
      const onStep: TrainOptions['onStep'] = ({ epoch, step }) => void seen.push([epoch, step])
      const epochs = await epochsOf(session, { from: point, onStep })
      expect(epochs).toStrictEqual(whole.epochs.slice(point.epoch - 1))
      expect(seen).toEqual(whole.moments.slice(k + 1).map(({ point: { epoch, step } }) => [epoch, step]))
      expect(await session.save()).toStrictEqual(whole.state)
    }
  })

  test('after the last step of an epoch has no time of that one', async () => {
    const { moments } = await plain()
    const { point, state } = moments[STEPS - 1]!
    await using session = await open(task.network, { seed: 5 })
    await session.restore(state)
    let now = 0
    const clock = { wall: () => now++, cpu: () => now++ }
    const [first, second] = await epochsOf(session, { from: point, clock })
    expect(first).toMatchObject({ number: 1, samplesPerSecond: null, cpuSecondsPerSample: null })
    expect(second).toMatchObject({ samplesPerSecond: 24 / 2, cpuSecondsPerSample: 2 / 24 })
  })

  test('ends at the best epoch and after the same patience, although it is one that was before the point', async () => {
    const options = { epochs: 6, patience: 2, keepBest: true }
    const whole = await undisturbed(options, unteachable)
    const { point: last } = whole.moments.at(-1)!
    expect(last).toMatchObject({ epoch: 3, best: { epoch: 1 } })
    expect(whole.state).toStrictEqual(last.best?.state)
    for (const { point, state } of [2, 7, 11, 14].map((k) => whole.moments[k]!)) {
      await using session = await open(task.network, { seed: 5 })
      await session.restore(state)
      const epochs = await epochsOf(session, { ...options, from: point }, unteachable)
      expect(epochs).toStrictEqual(whole.epochs.slice(point.epoch - 1))
      expect(await session.save()).toStrictEqual(whole.state)
    }
  })

  test('that was its end does nothing but go back to the best epoch', async () => {
    const options = { epochs: 3, keepBest: true }
    await using first = await open(task.network, { seed: 5 })
    const points: TrainingPoint[] = []
    await epochsOf(first, { ...options, onEpoch: (point) => void points.push(point) }, unteachable)
    expect(points.map(({ epoch, step, best }) => [epoch, step, best?.epoch])).toEqual(
      [2, 3, 4].map((epoch) => [epoch, 0, 1]),
    )
    await using later = await open(task.network, { seed: 1 })
    expect(await epochsOf(later, { ...options, from: points.at(-1)! }, unteachable)).toEqual([])
    expect(await later.save()).toStrictEqual(await first.save())
  })

  test.each([
    ['from.epoch', { epoch: 0, step: 0 }],
    ['from.step', { epoch: 1, step: STEPS + 1 }],
    ['from.step', { epoch: 1, step: -1 }],
  ])('that lies nowhere (%s) is refused', async (field, place) => {
    await using session = await open(task.network)
    const { moments } = await plain()
    const { tally } = moments[0]!.point
    expect(() => train(session, task, { ...OPTIONS, from: { ...place, tally } })).toThrow(
      expect.objectContaining({ code: 'TRAIN_OPTION', details: expect.objectContaining({ field }) }),
    )
  })
})

test('the identity of a training tells every setting apart, and nothing else', () => {
  const identity = (options: Partial<TrainOptions>) => trainingIdentity(task.network, task, { ...OPTIONS, ...options })
  const changes: Record<string, Partial<TrainOptions>> = {
    epochs: { epochs: 3 },
    batch: { batch: 4 },
    shuffle: { seed: 1 },
    dropLast: { dropLast: true },
    schedule: { schedule: { kind: 'constant' } },
    optimizer: { optimizer: adam({ learningRate: 0.02, beta1: 0.5 }) },
    bounds: { bounds: { delays: [0, 5] } },
    clipNorm: { clipNorm: 1 },
    silentLabelHinge: { silentLabelHinge: 2 },
    silentHinge: { silentHinge: { hidden: 1 } },
    silentWeightStep: { silentWeightStep: { hidden: 0.1 } },
    decay: { decay: { weights: 0.1 } },
    patience: { patience: 3 },
    spikeBudget: { spikeBudget: { hidden: { target: 1 } } },
    keepBest: { keepBest: true },
    loss: { loss: { kind: 'spikeCount', group: 'out', tau: 20 } },
  }
  const base = identity({})
  expect(identity({ onStep: () => undefined })).toEqual(base)
  for (const [name, change] of Object.entries(changes)) {
    const other = identity(change)
    expect(Object.keys(other).filter((field) => other[field] !== base[field])).toEqual([name])
  }
  // What is not smoothed goes on from checkpoints that knew no smoothing.
  const loss = { ...task.loss, smoothing: 0 } as TrainOptions['loss'] & object
  expect(identity({ loss })).toEqual(base)
  expect(identity({ loss: { ...loss, smoothing: 0.1 } as typeof loss }).loss).toContain('"smoothing":0.1')
  expect(base.clipNorm).toBe('"Infinity"')
})

test('the identity of a training tells the data of its task apart, setting by setting', () => {
  const settings = { shift: 1, inputSpan: 20, sizes: { train: 5, test: 2 } }
  const base = trainingIdentity(task.network, { ...task, settings }, OPTIONS)
  const changes = { shift: 2, inputSpan: 20.5, sizes: { train: 5, test: 3 } }
  for (const [name, value] of Object.entries(changes)) {
    const other = trainingIdentity(task.network, { ...task, settings: { ...settings, [name]: value } }, OPTIONS)
    expect(Object.keys(other).filter((field) => other[field] !== base[field])).toEqual([`data.${name}`])
  }
  expect(trainingIdentity(task.network, { ...task, settings: {} }, OPTIONS)).toEqual(
    trainingIdentity(task.network, task, OPTIONS),
  )
})
