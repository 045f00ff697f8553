import { InputError } from '../../events/errors.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { type Readers, readFields, readRequired, recordOf } from '../../network/reading/read-fields.js'
import { listOf } from '../../network/reading/read-list.js'
import { integerFrom, readNonNegative, readNumber, readPositive } from '../../network/reading/read-number.js'
import { type Reader, readBoolean, readRecord, wordOf } from '../../network/reading/read-value.js'
import type {
  DelayDraw,
  LayeredNeuron,
  LayeredOptions,
  ProjectionRole,
  TimeConstant,
  WeightDraw,
} from './layered-options.js'

const readSize = integerFrom(1)

const readSizes: Reader<number | readonly number[]> = (value, field) => {
  if (!Array.isArray(value)) return readSize(value, field)
  if (value.length > 0) return value.map((size, layer) => readSize(size, `${field}[${layer}]`))
  throw new InputError({ code: 'SHAPE_MISMATCH', field, found: 'no layer', expected: 'at least one' })
}

const readWeightDraw: Reader<WeightDraw> = (value, field) => {
  const record = readRecord(value, field)
  return 'drive' in record || 'spread' in record
    ? recordOf({ drive: readNumber, spread: readNonNegative })(record, field)
    : recordOf({ mean: readNumber, std: readNonNegative })(record, field)
}

function rangeOf(end: Reader<number>): Reader<DelayDraw> {
  return (value, field) => {
    const draw = recordOf<DelayDraw>({ low: end, high: end })(value, field)
    if (draw.low <= draw.high) return draw
    throw new InputError({
      code: 'OPTION_OUT_OF_RANGE',
      field: `${field}.high`,
      found: describeValue(draw.high),
      expected: `at least ${draw.low}, the lower end`,
    })
  }
}

const readDelayDraw = rangeOf(readNonNegative)
const readRange = rangeOf(readPositive)
const readTimeConstant: Reader<TimeConstant> = (value, field) =>
  typeof value === 'object' && value !== null ? readRange(value, field) : readPositive(value, field)

const NEURON: Readers<LayeredNeuron> = { tauMem: readTimeConstant, tauSyn: readTimeConstant, threshold: readPositive }

function readNeuron(value: unknown, field: string): LayeredNeuron {
  return readRequired(value, NEURON, ['tauMem', 'tauSyn'], field)
}

function perRole<Value>(reader: Reader<Value>): Reader<Partial<Record<ProjectionRole, Value>>> {
  const readers = { input: reader, hidden: reader, recurrent: reader, output: reader }
  return (value, field) =>
    readFields<Partial<Record<ProjectionRole, Value>>>(value, field, readers as Readers<Record<ProjectionRole, Value>>)
}

/** Readers of the options that every task with a layered network has. */
export const LAYERED_READERS: Readers<LayeredOptions> = Object.freeze({
  hidden: readSizes,
  recurrent: readBoolean,
  readout: wordOf(['lif', 'li']),
  neuron: readNeuron,
  readoutTaus: listOf(readPositive),
  bias: readNumber,
  adaptation: readBoolean,
  adaptive: recordOf({ adaptStep: readNonNegative, tauAdapt: readPositive }),
  weights: perRole(readWeightDraw),
  learnDelays: readBoolean,
  delays: perRole(readDelayDraw),
})
