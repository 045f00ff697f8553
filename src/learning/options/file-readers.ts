import { fieldIn, readFields } from '../../network/reading/read-fields.js'
import { numberThat, readPositive } from '../../network/reading/read-number.js'
import { type Reader, readRecord, wordOf } from '../../network/reading/read-value.js'
import type { Loss } from '../loss.js'
import type { NoiseChoice } from '../noise/device-noise.js'
import type { Dropout } from '../noise/dropout.js'
import { readDropout } from '../noise/read-dropout.js'
import { readDeviceNoise } from '../noise/read-noise.js'
import { adam } from '../optimizers/adam.js'
import type { OptimizerChoice } from '../optimizers/optimizer.js'
import { sgd } from '../optimizers/sgd.js'
import { readLoss, withFallbacks } from '../read-loss.js'

const readMemory = numberThat({ expected: 'a number in [0, 1)', holds: (value) => value >= 0 && value < 1 })

/** An optimiser as a file states it: kind, rate and numbers in one record. */
export const readOptimizerOfFile: Reader<OptimizerChoice> = (value, field) => {
  const { kind, learningRate, ...fields } = readRecord(value, field)
  const method = wordOf(['adam', 'sgd'])(kind, fieldIn(field, 'kind'))
  const rate = { learningRate: readPositive(learningRate, fieldIn(field, 'learningRate')) }
  if (method === 'sgd') return sgd({ ...rate, ...readFields(fields, field, { momentum: readMemory }) })
  return adam({
    ...rate,
    ...readFields(fields, field, { beta1: readMemory, beta2: readMemory, epsilon: readPositive }),
  })
}

/** JSON knows no infinity: an integral without tau is the plain one. */
export const readLossOfFile: Reader<Loss> = (value, field) => readLoss(withFallbacks(value, field), field)

export const readNoiseOfFile: Reader<NoiseChoice> = (value, field) => {
  const given = readRecord(value, field)
  const { seed, ...noise } = readDeviceNoise(null, { seed: 0, ...given }, field)
  return given.seed === undefined ? noise : { ...noise, seed }
}

/** Its seed is that of the training. */
export const readDropoutOfFile: Reader<Omit<Dropout, 'seed'>> = (value, field) => {
  const { seed: _, ...dropout } = readDropout(null, { ...readRecord(value, field), seed: 0 }, field)
  return dropout
}
