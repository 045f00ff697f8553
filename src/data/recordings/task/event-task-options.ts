import { type RateRange, readRateRange } from '../../../learning/until-spiking/rate-range.js'
import { type Readers, readFields } from '../../../network/reading/read-fields.js'
import { listOf } from '../../../network/reading/read-list.js'
import { integerFrom, numberThat, readNonNegative, readPositive } from '../../../network/reading/read-number.js'
import { type Reader, readRecord, readString, wordOf } from '../../../network/reading/read-value.js'
import { wrongType } from '../../../network/reading/wrong-value.js'
import type { LayeredOptions } from '../../layered/layered-options.js'
import { type Augmentation, BELOW_ONE, readAugmentation } from './augmentation-options.js'

/** Which recordings go where: by chance, every class by the same shares, or by what is known of them. */
export type EventSplit = SplitByShare | SplitByGroup

export interface SplitByShare {
  /** Of the recordings; what is left is for training. Default 0.15. */
  readonly validation?: number
  /** Default 0.15. */
  readonly test?: number
  /** Draws which go where; default 0. */
  readonly seed?: number
}

export interface SplitByGroup {
  /** The name of the group, such as `speaker`. */
  readonly by: string
  /** Whose recordings are for validation; all that are not named are for training. */
  readonly validation: readonly (string | number)[]
  /**
   * The group whose values `validation` names, of the recordings that are not for the test, such as `session` where the test
   * is by `speaker`. Default: `by`.
   */
  readonly validationBy?: string
  /** May be left out where the recordings have a group `split` with some `test`. */
  readonly test?: readonly (string | number)[]
}

/** What can be chosen about the samples of recordings. */
export interface EventDataOptions {
  /** Default: shares of 0.15 for validation and test. A group `split` of the recordings goes before. */
  readonly split?: EventSplit
  /** N channels, or N × N pixels of a polarity, become one input. Default 1. */
  readonly pool?: number
  /** An input spikes no sooner after a spike than this, in ms; what comes earlier is lost. Default 0. */
  readonly deadTime?: number
  /** Length of a trial in ms; later events are lost. Default: the last event is still in it. */
  readonly until?: number
  readonly augment?: Augmentation
  /**
   * Spikes per neuron and trial that initial weights are scaled to, see `untilSpiking`; `asDrawn`: they stay as they are drawn.
   * Default: [0.2, 2]; where weights into a hidden layer are given by mean and deviation, `asDrawn`.
   */
  readonly rate?: RateRange | 'asDrawn'
}

export interface EventTaskOptions extends LayeredOptions, EventDataOptions {}

const readName: Reader<string | number> = (value, field) => {
  if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) return value
  throw wrongType(value, field, 'a text or a number')
}

const SHARE_READERS: Readers<SplitByShare> = {
  validation: numberThat(BELOW_ONE),
  test: numberThat(BELOW_ONE),
  seed: integerFrom(0),
}
const GROUP_READERS: Readers<SplitByGroup> = {
  by: readString,
  validation: listOf(readName),
  validationBy: readString,
  test: listOf(readName),
}

const readSplit: Reader<EventSplit> = (value, field) => {
  if (readRecord(value, field).by === undefined) return readFields<SplitByShare>(value, field, SHARE_READERS)
  const split = readFields<SplitByGroup>(value, field, GROUP_READERS)
  if (split.validation === undefined) throw wrongType(undefined, `${field}.validation`, 'a list of texts or numbers')
  return split as SplitByGroup
}

/** A `drive` is shared out among all inputs, whatever their rate; so weights are drawn, and stay. */
const readAsDrawn = wordOf(['asDrawn'])

const readRate: Reader<RateRange | 'asDrawn'> = (value, field) =>
  typeof value === 'string' ? readAsDrawn(value, field) : readRateRange(value, field)

/** Readers of the options that are not about the network. */
export const EVENT_DATA_READERS: Readers<EventDataOptions> = Object.freeze({
  split: readSplit,
  pool: integerFrom(1),
  deadTime: readNonNegative,
  until: readPositive,
  augment: readAugmentation,
  rate: readRate,
})
