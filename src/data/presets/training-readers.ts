import type { Bounds } from '../../learning/default-bounds.js'
import type { Loss } from '../../learning/loss.js'
import type { NoiseChoice } from '../../learning/noise/device-noise.js'
import type { Dropout } from '../../learning/noise/dropout.js'
import { plainDropout } from '../../learning/noise/plain-dropout.js'
import { plainDeviceNoise } from '../../learning/noise/plain-noise.js'
import { adam } from '../../learning/optimizers/adam.js'
import type { OptimizerChoice } from '../../learning/optimizers/optimizer.js'
import { sgd } from '../../learning/optimizers/sgd.js'
import { requireKind, requireParameterKinds } from '../../learning/parameter-kinds.js'
import { plainLoss, withFallbacks } from '../../learning/plain-loss.js'
import { refuseRemoved, withoutRemoved } from '../../learning/removed-options.js'
import type { ParameterKind } from '../../learning/session.js'
import { readBudget } from '../../learning/spike-budget.js'
import type { TrainOptions } from '../../learning/train-options.js'
import { fieldIn, mapOf, type Readers, readFields } from '../../network/reading/read-fields.js'
import { listOf, readList } from '../../network/reading/read-list.js'
import {
  integerFrom,
  numberThat,
  readNonNegative,
  readNumber,
  readPositive,
} from '../../network/reading/read-number.js'
import { type Reader, readBoolean, readRecord, readString, wordOf } from '../../network/reading/read-value.js'
import { wrongShape, wrongType } from '../../network/reading/wrong-value.js'
import { readSchedule } from './parse-schedule.js'

/** What the training of a preset can say: the fields of `TrainOptions` that are data, with their names. */
export type PresetTraining = Omit<
  TrainOptions,
  'seed' | 'clock' | 'onStep' | 'afterStep' | 'stopsAfter' | 'onEpoch' | 'from' | 'completedEpochs'
>

const readKinds: Reader<readonly ParameterKind[]> = (value, field) =>
  requireParameterKinds(listOf(readString)(value, field), field)

const readMemory = numberThat({ expected: 'a number in [0, 1)', holds: (value) => value >= 0 && value < 1 })

const readOptimizer: Reader<OptimizerChoice> = (value, field) => {
  const { kind, learningRate, ...fields } = readRecord(value, field)
  const method = wordOf(['adam', 'sgd'])(kind, fieldIn(field, 'kind'))
  const rate = { learningRate: readPositive(learningRate, fieldIn(field, 'learningRate')) }
  if (method === 'sgd') return sgd({ ...rate, ...readFields(fields, field, { momentum: readMemory }) })
  return adam({
    ...rate,
    ...readFields(fields, field, { beta1: readMemory, beta2: readMemory, epsilon: readPositive }),
  })
}

/** A value per kind of parameter, learned or not. */
function perKind<Value>(reader: Reader<Value>): Reader<Readonly<Partial<Record<ParameterKind, Value>>>> {
  return (value, field) => {
    for (const name of Object.keys(readRecord(value, field))) requireKind(name, fieldIn(field, name))
    return mapOf(reader)(value, field)
  }
}

/** JSON knows no infinity: null stands for none. */
const readBounds: Reader<Bounds> = (value, field) => {
  const list = readList(value, field)
  if (list.length !== 2) throw wrongShape(field, `${list.length} values`, 'two, [min, max]')
  const [min, max] = list
  return [
    min === null ? Number.NEGATIVE_INFINITY : readNumber(min, `${field}[0]`),
    max === null ? Number.POSITIVE_INFINITY : readNumber(max, `${field}[1]`),
  ]
}

/** JSON knows no infinity: an integral without tau is the plain one. */
const readLoss: Reader<Loss> = (value, field) => plainLoss(withFallbacks(value, field), field)

const readNoise: Reader<NoiseChoice> = (value, field) => {
  const given = readRecord(value, field)
  const { seed, ...noise } = plainDeviceNoise(null, { seed: 0, ...given }, field)
  return given.seed === undefined ? noise : { ...noise, seed }
}

/** Its seed is that of the training. */
const readDropout: Reader<Omit<Dropout, 'seed'>> = (value, field) => {
  const { seed: _, ...dropout } = plainDropout(null, { ...readRecord(value, field), seed: 0 }, field)
  return dropout
}

/** Readers of the training of a preset. */
export const TRAINING_READERS: Readers<PresetTraining> = Object.freeze({
  optimizer: readOptimizer,
  epochs: integerFrom(1),
  learn: readKinds,
  loss: readLoss,
  batch: integerFrom(1),
  schedule: readSchedule,
  rates: perKind(readPositive),
  bounds: perKind(readBounds),
  decay: perKind(readNonNegative),
  patience: integerFrom(1),
  keepBest: readBoolean,
  clipNorm: readPositive,
  silentLabelHinge: readNonNegative,
  silentHinge: mapOf(readNonNegative),
  silentWeightStep: mapOf(readNonNegative),
  spikeBudget: mapOf(readBudget),
  dropLast: readBoolean,
  dropout: readDropout,
  noise: readNoise,
  noiseIn: wordOf(['train', 'test', 'both']),
})

/**
 * The training of a preset; optimiser, epochs and what is learned must be said, or FIELD_MISSING is raised. Raises
 * TRAIN_OPTION_REMOVED for options that were removed, unless they are passed over.
 */
export function readTraining(
  value: unknown,
  field: string,
  removed: 'refused' | 'passed over' = 'refused',
): PresetTraining & { readonly learn: readonly ParameterKind[] } {
  if (removed === 'refused') refuseRemoved(value, field)
  const given = removed === 'refused' ? value : withoutRemoved(readRecord(value, field))
  const { optimizer, epochs, learn, ...training } = readFields<PresetTraining>(given, field, TRAINING_READERS)
  return {
    ...training,
    optimizer: required(optimizer, fieldIn(field, 'optimizer'), 'an optimiser'),
    epochs: required(epochs, fieldIn(field, 'epochs'), 'an integer from 1'),
    learn: required(learn, fieldIn(field, 'learn'), 'a list of kinds of parameters'),
  }
}

function required<Value>(value: Value | undefined, field: string, expected: string): Value {
  if (value === undefined) throw wrongType(value, field, expected)
  return value
}
