import { InputError } from '../../events/errors.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { type Readers, readFields, recordOf } from '../../network/reading/read-fields.js'
import { integerFrom, readNonNegative, readNumber, readPositive } from '../../network/reading/read-number.js'
import { type Reader, readBoolean, readRecord, wordOf } from '../../network/reading/read-value.js'
import type { DelayDraw, LayeredNeuron, LayeredOptions, ProjectionRole, WeightDraw } from './layered-options.js'

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

const readDelayDraw: Reader<DelayDraw> = (value, field) => {
  const draw = recordOf<DelayDraw>({ low: readNonNegative, high: readNonNegative })(value, field)
  if (draw.low <= draw.high) return draw
  throw new InputError({
    code: 'OPTION_OUT_OF_RANGE',
    field: `${field}.high`,
    found: describeValue(draw.high),
    expected: `at least ${draw.low}, the lower end`,
  })
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
  neuron: recordOf<LayeredNeuron>({ tauMem: readPositive, tauSyn: readPositive, threshold: readPositive }),
  bias: readNumber,
  adaptation: readBoolean,
  adaptive: recordOf({ adaptStep: readNonNegative, tauAdapt: readPositive }),
  weights: perRole(readWeightDraw),
  learnDelays: readBoolean,
  delays: perRole(readDelayDraw),
})
