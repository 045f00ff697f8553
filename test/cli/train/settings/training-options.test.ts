import { Command } from 'commander'
import { expect, test } from 'vitest'
import { addLearningFlags } from '../../../../src/cli/learning-flags.js'
import { addTrainingNoiseFlags } from '../../../../src/cli/noise/noise-flags.js'
import { withNoiseFlags } from '../../../../src/cli/noise/with-noise-flags.js'
import type { PreparedTask } from '../../../../src/cli/tasks.js'
import { addTrainerFlags } from '../../../../src/cli/train/settings/trainer-flags.js'
import { withTrainerFlags } from '../../../../src/cli/train/settings/with-trainer-flags.js'
import { readTraining } from '../../../../src/data/presets/parse-preset.js'
import { adam } from '../../../../src/learning/optimizers/adam.js'
import { readTrainOptions } from '../../../../src/learning/options/read-settings.js'
import { attributeOf } from '../../../../src/learning/options/training-option.js'
import { OPTION_RECORDS, type OptionName } from '../../../../src/learning/options/training-options.js'
import { cosineDecay, warmUp } from '../../../../src/learning/schedules.js'
import type { TrainOptions } from '../../../../src/learning/train-options.js'
import { trainingIdentity } from '../../../../src/learning/training-identity.js'
import { beginningOf } from '../../../../src/learning/training-point.js'
import { mistakeOf } from '../../../network/mistake-of.js'
import { tinyTask } from '../../../support/tiny-task.js'

interface Row<Value> {
  readonly call: Value
  /** In a preset; absent: a preset cannot state it. */
  readonly file?: unknown
  /** On a command line. */
  readonly flags?: readonly string[]
  /** What it needs beside it. */
  readonly beside?: Partial<TrainOptions>
  /** The entries of checkpoints that differ from those of a training without it. */
  readonly identity: readonly string[]
}

const BASIC = { optimizer: adam({ learningRate: 0.01 }), epochs: 3, learn: ['weights', 'delays'] } as const
const FILE = { optimizer: { kind: 'adam', learningRate: 0.01 }, epochs: 3, learn: ['weights', 'delays'] }
const task = tinyTask()

const OTHER_LOSS = { kind: 'firstSpike', group: 'out', tau0: 0.7, alpha: 0.003, tau1: 6.4 } as const

const ROWS: { readonly [Name in OptionName]: Row<NonNullable<TrainOptions[Name]>> } = {
  optimizer: {
    call: adam({ learningRate: 0.02 }),
    file: { kind: 'adam', learningRate: 0.02 },
    flags: ['--rate', '0.02'],
    identity: ['learningRate', 'rates'],
  },
  epochs: { call: 5, file: 5, flags: ['--epochs', '5'], identity: ['epochs'] },
  learn: { call: ['weights'], file: ['weights'], flags: ['--learn', 'weights'], identity: ['rates', 'bounds'] },
  batch: { call: 2, file: 2, flags: ['--batch', '2'], identity: ['batch'] },
  seed: { call: 4, identity: ['shuffle'] },
  rates: { call: { delays: 0.5 }, file: { delays: 0.5 }, flags: ['--rates', 'delays:0.5'], identity: ['rates'] },
  bounds: {
    call: { delays: [0, 7] },
    file: { delays: [0, 7] },
    flags: ['--bounds', 'delays:0:7'],
    identity: ['bounds'],
  },
  decay: { call: { weights: 0.1 }, file: { weights: 0.1 }, flags: ['--decay', 'weights:0.1'], identity: ['decay'] },
  clipNorm: { call: 2, file: 2, flags: ['--clip', '2'], identity: ['clipNorm'] },
  schedule: {
    call: warmUp(0.5, cosineDecay(0.1)),
    file: JSON.parse('{"kind": "warmUp", "epochs": 0.5, "then": {"kind": "cosine", "fraction": 0.1}}'),
    flags: ['--schedule', 'cosine:0.1', '--warm-up', '0.5'],
    identity: ['schedule'],
  },
  silentHinge: {
    call: { hidden: 0.2 },
    file: { hidden: 0.2 },
    flags: ['--silent-hinge', 'hidden:0.2'],
    identity: ['silentHinge'],
  },
  silentLabelHinge: { call: 1, file: 1, flags: ['--silent-label-hinge', '1'], identity: ['silentLabelHinge'] },
  silentWeightStep: { call: { hidden: 0.1 }, file: { hidden: 0.1 }, identity: ['silentWeightStep'] },
  spikeBudget: {
    call: { hidden: { target: 1.5, high: 4 } },
    file: { hidden: { target: 1.5, high: 4 } },
    flags: ['--spike-budget', 'hidden:1.5:4'],
    identity: ['spikeBudget'],
  },
  loss: {
    call: OTHER_LOSS,
    file: OTHER_LOSS,
    flags: ['--loss', 'firstSpike:tau0=0.7,alpha=0.003,tau1=6.4'],
    identity: ['loss'],
  },
  patience: { call: 2, file: 2, flags: ['--patience', '2'], identity: ['patience'] },
  keepBest: { call: true, file: true, flags: ['--keep-best'], identity: ['keepBest'] },
  dropLast: { call: true, file: true, beside: { batch: 6 }, identity: ['dropLast'] },
  dropout: {
    call: { rates: { hidden: 0.2 } },
    file: { rates: { hidden: 0.2 } },
    flags: ['--dropout', 'hidden:0.2'],
    identity: ['dropout'],
  },
  noise: {
    call: { jitter: 0.1 },
    file: { jitter: 0.1 },
    flags: ['--noise', 'jitter=0.1'],
    identity: ['noise', 'testNoise'],
  },
  noiseIn: {
    call: 'test',
    file: 'test',
    flags: ['--noise-in', 'test'],
    beside: { noise: { jitter: 0.1 } },
    identity: ['noise'],
  },
  completedEpochs: { call: 1, identity: [] },
  from: { call: beginningOf(2), identity: [] },
  clock: { call: { wall: () => 0, cpu: () => 0 }, identity: [] },
  onStep: { call: () => undefined, identity: [] },
  afterStep: { call: async () => undefined, identity: [] },
  stopsAfter: { call: () => true, identity: [] },
  onEpoch: { call: () => undefined, identity: [] },
}
const TABLE = Object.entries(ROWS) as readonly (readonly [OptionName, Row<unknown>])[]

test.each(TABLE)('%s reaches a training by a call', (name, { call, beside }) => {
  const given = { ...BASIC, ...beside, [name]: call }
  expect(readTrainOptions(given)).toEqual(given)
})

test.each(TABLE)('%s is read in a preset, or refused there as unknown', (name, { call, file }) => {
  const read = () => readTraining({ ...FILE, [name]: file ?? 1 }, 'training')
  if (file === undefined) expect(mistakeOf(read)).toMatchObject({ code: 'FIELD_UNKNOWN', field: `training.${name}` })
  else expect(read()[name as keyof typeof FILE]).toEqual(call)
})

test.each(TABLE)('%s is what its flags say', async (name, { call, flags = [], beside }) => {
  const command = addTrainingNoiseFlags(addTrainerFlags(addLearningFlags(new Command(), 'some')))
  command.parse([...flags], { from: 'user' })
  const prepared = { task, training: { ...BASIC, ...beside } } as unknown as PreparedTask
  const changed = await withNoiseFlags(withTrainerFlags(prepared, command.opts()), command.opts())
  if (flags.length > 0) expect(changed.training[name]).toEqual(call)
  else expect(command.options.map((option) => option.attributeName())).not.toContain(name)
})

test.each(TABLE)('%s is in checkpoints where it decides bits', (name, { call, identity, beside }) => {
  const identityOf = (options: Partial<TrainOptions>) =>
    trainingIdentity(task.network, task, { ...BASIC, ...beside, ...options })
  const [without, withIt] = [identityOf({}), identityOf({ [name]: call })]
  const names = [...new Set([...Object.keys(without), ...Object.keys(withIt)])]
  expect(names.filter((each) => without[each] !== withIt[each]).sort()).toEqual([...identity].sort())
})

test('a flag belongs to one option, and has its value under the name that commander gives it', () => {
  const command = addTrainerFlags(addLearningFlags(new Command(), 'some'))
  const flags = OPTION_RECORDS.flatMap(([, { flag, more = {} }]) => [
    ...(flag === undefined ? [] : [flag]),
    ...Object.keys(more),
  ])
  expect(new Set(flags).size).toBe(flags.length)
  for (const flag of flags)
    expect(command.options.find((option) => option.flags === flag)?.attributeName()).toBe(attributeOf(flag))
})
