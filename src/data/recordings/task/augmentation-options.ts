import { type Readers, readFields } from '../../../network/reading/read-fields.js'
import { integerFrom, numberThat, readNonNegative, readShare } from '../../../network/reading/read-number.js'
import type { Reader } from '../../../network/reading/read-value.js'

/** How training samples are changed, redrawn in every epoch and independently for each sample. */
export interface Augmentation {
  /**
   * The chance of a sample to be blended with another one of its class: the centres of both, in place and time, are brought
   * to the middle between them, and every event of either is kept with probability 1/2.
   */
  readonly blend?: number
  /** All events of a sample are moved by up to this many channels, or pixels along either axis; what leaves is lost. */
  readonly shift?: number
  /** Pictures are turned about their centre by an angle uniform from -rotation to rotation, in rad. */
  readonly rotation?: number
  /** Pictures are magnified about their centre by a factor uniform from 1 - zoom to 1 + zoom. */
  readonly zoom?: number
  /** Pictures are moved along either axis by up to this many pixels, parts of one among them. */
  readonly translation?: number
  /** The chance of an event to be left out. */
  readonly drop?: number
  /** All times of a sample are multiplied by one factor, uniform from 1 - tempo to 1 + tempo. */
  readonly tempo?: number
  /** Standard deviation in ms of what is added to each time; nothing happens before 0. */
  readonly jitter?: number
}

/** None. */
export const AUGMENTATION_DEFAULTS: Required<Augmentation> = Object.freeze({
  ...{ blend: 0, shift: 0, rotation: 0, zoom: 0, translation: 0 },
  ...{ drop: 0, tempo: 0, jitter: 0 },
})

export const BELOW_ONE = { expected: 'a number from 0 and below 1', holds: (value: number) => value >= 0 && value < 1 }

/** What each of them may be. */
export const AUGMENTATION_READERS: Readers<Required<Augmentation>> = Object.freeze({
  blend: readShare,
  shift: integerFrom(0),
  rotation: readNonNegative,
  zoom: numberThat(BELOW_ONE),
  translation: readNonNegative,
  drop: readShare,
  tempo: numberThat(BELOW_ONE),
  jitter: readNonNegative,
})

export const readAugmentation: Reader<Augmentation> = (value, field) =>
  readFields<Augmentation>(value, field, AUGMENTATION_READERS)
