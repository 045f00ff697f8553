import { describe, expect, test } from 'vitest'
import { createDataset } from '../../../src/data/user/create-dataset.js'
import { createTask, type TaskDescription } from '../../../src/data/user/create-task.js'
import { OWN_TASK_DEFAULTS } from '../../../src/data/user/user-network.js'
import type { InputError } from '../../../src/events/errors.js'
import {
  adam,
  connect,
  defineNetwork,
  dense,
  evaluateSplit,
  firstSpike,
  lif,
  normal,
  open,
  source,
  train,
  untilSpiking,
} from '../../../src/index.js'
import { casesOf } from '../../support/cases-of.js'
import { patternTrials } from './pattern-trials.js'

const LEAKY = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
const threeClasses = (seed: number) =>
  createDataset({ ...patternTrials(seed, { classes: 3, inputs: 40, span: 50, samples: 300 }), units: { input: 40 } })

const DEAD_UNDER_MAXIMA = [5, 6, 9].slice(0, casesOf({ short: 1, long: 3 }))

describe('three classes of temporal patterns', () => {
  const SEEDS = Array.from({ length: casesOf({ short: 1, long: 5 }) }, (_, k) => k + 1)

  test.each(SEEDS)('are learned with the defaults of a task of one’s own: seed %d', async (seed) => {
    const task = createTask({ name: 'patterns', dataset: threeClasses(seed), until: 100, seed, learnDelays: true })
    expect(await accuracyOf(task, seed)).toBeGreaterThanOrEqual(0.95)
  })

  // From these seeds a readout under `vMax` has a class whose voltage never rises: it is never predicted.
  test.each(DEAD_UNDER_MAXIMA)('have no class that is never learned: seed %d', async (seed) => {
    const task = createTask({ name: 'patterns', dataset: threeClasses(7), until: 100, hidden: 30 })
    await using session = await open(task.network, { seed })
    const options = { optimizer: adam({ learningRate: 0.02 }), epochs: 8, learn: ['weights'], seed } as const
    for await (const _ of train(session, task, options));
    const { predictions, accuracy } = await evaluateSplit(session, task.test, task)
    expect(new Set(predictions)).toEqual(new Set([0, 1, 2]))
    expect(accuracy).toBeGreaterThanOrEqual(0.95)
  })

  const guessed = defineNetwork({
    groups: { input: source(40), hidden: lif(60, LEAKY), output: lif(3, LEAKY) },
    projections: [
      connect('input', 'hidden', dense(normal(0.02, 0.05))),
      connect('hidden', 'output', dense(normal(0.02, 0.05))),
    ],
  })

  test('stay silent with weights that are too small, until these are scaled', async () => {
    const task = createTask({ name: 'patterns', dataset: threeClasses(1), until: 100, network: guessed })
    expect(task.network).toEqual(guessed)
    expect(await firstEpoch(task, 1)).toMatchObject({ loss: null, silentFraction: 1 })
    const scaled = { ...task, network: untilSpiking(task) }
    expect(await firstEpoch(scaled, 1)).toMatchObject({ loss: expect.any(Number) })
    expect((await firstEpoch(scaled, 1)).silentFraction).toBeLessThan(0.9)
  })
})

describe('the first loss of a task of one’s own', () => {
  const trialsOf = (until: number, spikes: number) =>
    createDataset({ ...patternTrials(1, { classes: 3, inputs: spikes, span: 0.8 * until, samples: 60 }) })

  test.each([
    ['short trials', 30, 40, {}],
    ['long trials', 2000, 40, {}],
    ['long trials of many spikes', 2000, 200, { rate: [4, 12] as const }],
    ['readouts of several time constants', 300, 40, { readoutTaus: [5, 80] }],
    ['two layers', 100, 40, { hidden: [20, 20] }],
  ])('is about ln(classes) with %s', async (_, until, spikes, options) => {
    const task = createTask({ name: 'first', dataset: trialsOf(until, spikes), until, hidden: 30, ...options })
    const losses: number[] = []
    for (let seed = 1; seed <= 4; seed++) {
      await using session = await open(task.network, { seed })
      losses.push((await evaluateSplit(session, task.train, task)).loss as number)
    }
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length
    expect(Math.abs(mean - Math.log(3))).toBeLessThan(0.2)
  })
})

const LEARN = ['weights', 'delays'] as const

async function accuracyOf(task: ReturnType<typeof createTask>, seed: number): Promise<number> {
  await using session = await open(task.network, { seed })
  let accuracy = 0
  const options = {
    optimizer: adam({ learningRate: 0.02 }),
    epochs: casesOf({ short: 20, long: 50 }),
    learn: LEARN,
    seed,
  }
  for await (const epoch of train(session, task, options)) accuracy = epoch.validationAccuracy
  return accuracy
}

async function firstEpoch(task: ReturnType<typeof createTask>, seed: number) {
  await using session = await open(task.network, { seed })
  for await (const epoch of train(session, task, { optimizer: adam({ learningRate: 0.01 }), epochs: 1, seed }))
    return epoch
  throw new Error('there was no epoch')
}

describe('a task of one’s own', () => {
  const dataset = createDataset({
    trains: { input: Array.from({ length: 20 }, (_, k) => ({ times: [k, k + (k % 2 === 0 ? 1 : 9)], units: [0, 1] })) },
    labels: Array.from({ length: 20 }, (_, k) => k % 2),
  })
  const plain = { name: 'own', dataset, until: 50 }
  const network = defineNetwork({
    groups: { input: source(2), out: lif(2, LEAKY) },
    projections: [connect('input', 'out', dense(normal(3, 1)))],
  })

  test('has layers that spike, a readout per class, and says what its samples depend on', () => {
    const task = createTask({ ...plain, hidden: [7, 5], recurrent: true })
    expect(task.network.groups.map(({ name, size }) => [name, size])).toEqual([
      ['input', 2],
      ['hidden1', 7],
      ['hidden2', 5],
      ['output', 2],
    ])
    expect(task).toMatchObject({ name: 'own', until: 50 })
    expect(task.loss).toEqual({ kind: 'liIntegral', group: 'output', tau: 50, scale: expect.any(Number) })
    expect(task.loss).toBe(task.loss)
    expect(task.settings).toEqual({ data: dataset.digest, split: 0 })
    expect(task.network).toBe(task.network)
    expect([task.train.size, task.validation.size, task.test.size]).toEqual([14, 3, 3])
    expect(OWN_TASK_DEFAULTS.hidden).toBe(60)
  })

  test('has the splits it is given', () => {
    const [train, validation, test] = [dataset, dataset, dataset]
    const task = createTask({ name: 'own', train, validation, test, until: 50, network, loss: firstSpike('out') })
    expect(task.train).toBe(train)
    expect(task.settings).toEqual({ train: dataset.digest, validation: dataset.digest, test: dataset.digest })
    expect(task.network).toEqual(network)
  })

  const three = createDataset({ trains: { input: [{ times: [1], units: [0] }] }, labels: [2] })
  const other = createDataset({ trains: { left: [{ times: [1], units: [0] }] }, labels: [0] })
  const wide = createDataset({ trains: { input: [{ times: [1], units: [5] }] }, labels: [0] })
  const changed = (encode: unknown) => ({ ...dataset, encode }) as typeof dataset
  const thrice = (each: typeof dataset) => ({ dataset: undefined, train: each, validation: each, test: each })

  test.each<[what: string, change: Partial<TaskDescription> | object, code: string, field: string]>([
    ['without samples', { dataset: undefined }, 'FIELD_MISSING', 'dataset'],
    ['with a split beside a data set', { train: dataset }, 'OPTION_CONFLICT', 'train'],
    [
      'with shares of splits',
      { ...thrice(dataset), shares: { train: 1, validation: 0, test: 0 } },
      'OPTION_CONFLICT',
      'shares',
    ],
    ['with layers beside a network', { network, loss: firstSpike('out'), hidden: 4 }, 'OPTION_CONFLICT', 'hidden'],
    ['without a loss', { network }, 'LOSS_MISSING', 'loss'],
    ['with too few outputs', { ...thrice(three), network, loss: firstSpike('out') }, 'LOSS_LABEL_RANGE', 'loss.group'],
    ['of groups that a layered network lacks', thrice(other), 'NETWORK_MISSING', 'network'],
    [
      'of groups that its network lacks',
      { ...thrice(other), network, loss: firstSpike('out') },
      'INPUT_GROUP',
      'trials.inputs.left',
    ],
    [
      'of units that its network lacks',
      { ...thrice(wide), network, loss: firstSpike('out') },
      'INPUT_UNIT',
      'trials.inputs.input.units[0]',
    ],
    ['whose samples are promised', thrice(changed(async () => ({}))), 'SAMPLE_NOT_ENCODED', 'train.encode'],
    [
      'whose samples are promised to its network',
      { ...thrice(changed(async () => ({}))), network, loss: firstSpike('out') },
      'SAMPLE_NOT_ENCODED',
      'train.encode',
    ],
    [
      'whose samples cannot be encoded',
      thrice(
        changed(() => {
          throw new Error('no such file')
        }),
      ),
      'SAMPLE_NOT_ENCODED',
      'train.encode',
    ],
    ['without an end', { until: 0 }, 'OPTION_OUT_OF_RANGE', 'until'],
    ['with an unknown option', { hiden: 4 }, 'FIELD_UNKNOWN', 'hiden'],
  ])('%s is refused', (_, change, code, field) => {
    expect(() => createTask({ ...plain, ...change } as TaskDescription)).toThrow(
      expect.toSatisfy((error: InputError) => error.code === code && error.mistake.field === field),
    )
  })

  test('whose later samples are promised says so when its network is asked for', () => {
    const promised = changed((samples: Uint32Array) =>
      samples.includes(3) ? Promise.reject(new Error()) : dataset.encode(samples),
    )
    const task = createTask({ ...plain, ...thrice(promised) } as object as TaskDescription)
    expect(() => task.network).toThrow(
      expect.toSatisfy(
        ({ code, mistake }: InputError) => code === 'SAMPLE_NOT_ENCODED' && mistake.found === 'a promise at sample 3',
      ),
    )
  })

  test('whose samples are silent says so when its network is asked for', () => {
    const silent = createDataset({ trains: { input: [{ times: [], units: [] }] }, labels: [0], classes: 2 })
    const task = createTask({ ...plain, ...thrice(silent) } as object as TaskDescription)
    expect(() => task.network).toThrow(
      expect.toSatisfy(
        (error: InputError) => error.code === 'RATE_UNREACHABLE' && error.mistake.field === 'groups.hidden',
      ),
    )
  })
})
