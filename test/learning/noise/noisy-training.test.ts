import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { evaluateSplit } from '../../../src/learning/evaluate-split.js'
import { adam } from '../../../src/learning/optimizers/adam.js'
import type { Session, SessionState, StepOptions } from '../../../src/learning/session.js'
import { type Epoch, train } from '../../../src/learning/train.js'
import type { TrainOptions } from '../../../src/learning/train-options.js'
import { trainingIdentity } from '../../../src/learning/training-identity.js'
import type { TrainingPoint } from '../../../src/learning/training-point.js'
import { tinyTask } from '../../support/tiny-task.js'

const task = tinyTask()
const NOISE = { jitter: 0.2, weightMismatch: 0.1, mismatch: 'redrawn' } as const
const OPTIONS: TrainOptions = {
  optimizer: adam({ learningRate: 0.02 }),
  learn: ['weights', 'delays'],
  epochs: 2,
  batch: 5,
  seed: 6,
  dropout: { rates: { input: 0.1 } },
  noise: NOISE,
}

async function epochsOf(session: Session, options: Partial<TrainOptions> = {}): Promise<Epoch[]> {
  const epochs: Epoch[] = []
  for await (const epoch of train(session, task, { ...OPTIONS, ...options })) epochs.push(epoch)
  return epochs
}

test('a noisy training that goes on from a point meets the noise that it would have met', async () => {
  const moments: { readonly point: TrainingPoint; readonly state: SessionState }[] = []
  await using session = await open(task.network, { seed: 5 })
  const epochs = await epochsOf(session, {
    afterStep: async (point) => void moments.push({ point: point(), state: await session.save() }),
  })
  const end = await session.save()
  for (const { point, state } of [moments[2]!, moments[6]!]) {
    await using later = await open(task.network, { seed: 5 })
    await later.restore(state)
    expect(await epochsOf(later, { from: point })).toStrictEqual(epochs.slice(point.epoch - 1))
    expect(await later.save()).toStrictEqual(end)
  }
})

test('every step is a draw of its own, of a device with the seed of the training', async () => {
  await using session = await open(task.network, { seed: 5 })
  const steps: StepOptions[] = []
  const measured: unknown[] = []
  const watched: Session = {
    ...session,
    train: (trials, step) => {
      steps.push(step)
      return session.train(trials, step)
    },
    evaluate: (trials, loss, options) => {
      measured.push(options)
      return session.evaluate(trials, loss, options)
    },
  }
  await epochsOf(watched)
  expect(steps.map(({ draw }) => draw)).toEqual(Array.from({ length: 10 }, (_, k) => k))
  for (const { noise, dropout } of steps) {
    expect(noise).toEqual({ seed: 6, ...NOISE })
    expect(dropout).toEqual({ seed: 6, rates: { input: 0.1 } })
  }
  const noise = { seed: 6, ...NOISE }
  const at = (draw: number, firstTrial: number) => ({ noise, draw, firstTrial })
  expect(measured).toEqual([at(1, 0), at(1, 5), at(2, 0), at(2, 5)])
  steps.length = measured.length = 0
  await epochsOf(watched, { noiseIn: 'train' })
  // Operators are told the trials that they are asked about; there is nothing else.
  const plain = (firstTrial: number) => ({ draw: 0, firstTrial })
  expect(measured).toEqual([plain(0), plain(5), plain(0), plain(5)])
  steps.length = 0
  await epochsOf(watched, { noiseIn: 'test' })
  expect(steps.some((step) => step.noise !== undefined)).toBe(false)
})

test('measuring does not depend on the number of trials per message', async () => {
  await using session = await open(task.network, { seed: 5 })
  const { until, loss } = task
  const at = (batch: number) =>
    evaluateSplit(session, task.test, { until, loss, batch, noise: { seed: 1, jitter: 0.5, spikeLoss: 0.1 }, draw: 2 })
  const [small, large] = [await at(4), await at(35)]
  expect(small.predictions).toEqual(large.predictions)
  expect(small.loss).toBeCloseTo(large.loss as number, 12)
})

test('measuring under noise is the first draw unless another one is asked for', async () => {
  await using session = await open(task.network, { seed: 5 })
  const { until, loss } = task
  const noise = { seed: 1, jitter: 0.5, spikeLoss: 0.1 }
  const at = (chances: { readonly draw?: number; readonly firstTrial?: number }) =>
    evaluateSplit(session, task.test, { until, loss, noise, ...chances })
  const plain = await at({})
  expect(plain).toEqual(await at({ draw: 0, firstTrial: 0 }))
  expect(plain).not.toEqual(await at({ draw: 1 }))
  expect(plain).not.toEqual(await at({ firstTrial: 1 }))
})

test('the identity of a training tells its noise, and a training without says nothing of it', () => {
  const identity = (options: Partial<TrainOptions>) => trainingIdentity(task.network, task, { ...OPTIONS, ...options })
  const fields = (options: Partial<TrainOptions>) => {
    const [base, other] = [identity({}), identity(options)]
    return Object.keys({ ...base, ...other }).filter((field) => other[field] !== base[field])
  }
  expect(fields({ dropout: { rates: { input: 0.2 } } })).toEqual(['dropout'])
  expect(fields({ noise: { ...NOISE, jitter: 0.3 } })).toEqual(['noise', 'testNoise'])
  expect(fields({ noiseIn: 'train' })).toEqual(['testNoise'])
  expect(fields({ noiseIn: 'test' })).toEqual(['noise'])
  const { dropout: _, noise: __, ...quiet } = OPTIONS
  const names = Object.keys(trainingIdentity(task.network, task, quiet))
  expect(names.filter((name) => /noise|dropout|draw/i.test(name))).toEqual([])
})

test.each([
  ['weights', { weightBits: 4, weightRange: { 'input->hidden': 0 } }, 'noise.weightRange.input->hidden', '4 bits'],
  ['weights', { weightLevels: 9, weightRange: 0 }, 'noise.weightRange.input->hidden', '9 levels'],
  ['weights', { weightBits: 4, weightRange: { 'hidden->out': 0 } }, 'noise.weightRange.hidden->out', '4 bits'],
  ['thresholds', { thresholdBits: 4, thresholdRange: 0 }, 'noise.thresholdRange.hidden', '4 bits'],
  ['delays', { delayStep: 1, delayMax: 0.5 }, 'noise.delayMax', 'from 0 to 0 ms'],
  ['delays', { delayMin: 2, delayMax: 2 }, 'noise.delayMax', 'from 2 to 2 ms'],
] as const)('%s cannot be learned where the device has one alone', (kind, noise, field, found) => {
  const options = { ...OPTIONS, learn: [kind], noise }
  const refusal = expect.objectContaining({ code: 'FORMAT_LEVELS', details: expect.objectContaining({ field }) })
  expect(() => trainingIdentity(task.network, task, options)).toThrow(refusal)
  expect(() => trainingIdentity(task.network, task, options)).toThrow(found)
  // Where nothing of it is learned, a device may have what it likes.
  const other = { ...options, learn: [kind === 'weights' ? 'delays' : 'weights'] as const }
  expect(() => trainingIdentity(task.network, task, other)).not.toThrow()
  expect(() => trainingIdentity(task.network, task, { ...options, noiseIn: 'test' })).not.toThrow()
})

test.each(['train', 'test', 'both'] as const)(
  'a tick that ends no sooner than a trial is refused, in %s',
  (noiseIn) => {
    const { until } = task
    const identified = (tick: number) => trainingIdentity(task.network, task, { ...OPTIONS, noise: { tick }, noiseIn })
    const details = expect.objectContaining({
      ...{ field: 'noise.tick', found: expect.stringContaining(`${until} ms`) },
      expected: `less than the trial of ${until} ms`,
    })
    expect(() => identified(until)).toThrow(expect.objectContaining({ code: 'FORMAT_TICK', details }))
    expect(() => identified(0.99 * until)).not.toThrow()
  },
)
