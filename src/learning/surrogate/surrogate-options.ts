import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { asGiven } from '../../network/reading/read-value.js'
import { requireNumber } from '../step-rules.js'

/** How a network is put on a grid of time. */
export interface SurrogateOptions {
  /** Draws the initial values, the same as everywhere; default 0. */
  readonly seed?: number
  /** The time step in ms, > 0; default 1. */
  readonly dt?: number
  /** Steepness of the fast sigmoid 1 / (1 + slope |V - theta|)^2, in 1 / voltage, > 0; default 5. */
  readonly slope?: number
}

/** The slope was chosen among 2, 5, 10 and 25 on the validation splits of Yin-Yang and MNIST, with a threshold of 1. */
export const SURROGATE_DEFAULTS = Object.freeze({ seed: 0, dt: 1, slope: 5 })

const READERS: Readers<SurrogateOptions> = { seed: asGiven, dt: asGiven, slope: asGiven }

/**
 * Fills in the defaults; raises `InputError` TRAIN_OPTION for a step or slope that is no finite number above 0, FIELD_UNKNOWN
 * and FIELD_TYPE.
 */
export function readSurrogateOptions(given: SurrogateOptions): Required<SurrogateOptions> {
  const { seed, dt, slope } = { ...SURROGATE_DEFAULTS, ...readOptions(given, READERS) }
  const positive = (field: string, value: number) =>
    requireNumber(field, value, Number.isFinite(value) && value > 0, 'a finite number above 0')
  return { seed, dt: positive('dt', dt), slope: positive('slope', slope) }
}
