import { InputError } from '../events/errors.js'
import { describeValue } from '../network/reading/describe-value.js'
import { type Readers, readOptions } from '../network/reading/read-fields.js'
import { type Reader, readRecord, valueThat, wordOf } from '../network/reading/read-value.js'
import { cosPi } from '../numerics/cos-pi.js'
import { exp } from '../numerics/exp.js'
import { log } from '../numerics/log.js'

/** When the rate changes: before every mini-batch, or before every epoch. */
export type Pace = 'step' | 'epoch'

/** How the learning rate moves over a run, as a value. */
export type LearningRateSchedule =
  | { readonly kind: 'constant' }
  | { readonly kind: 'exponential'; readonly factor: number; readonly pace: Pace }
  | { readonly kind: 'decayTo'; readonly fraction: number; readonly pace: Pace }
  | { readonly kind: 'cosine'; readonly fraction: number; readonly pace: Pace }
  | { readonly kind: 'warmUp'; readonly epochs: number; readonly then: LearningRateSchedule }
  | { readonly kind: 'easeIn'; readonly factor: number; readonly start: number; readonly then: LearningRateSchedule }

const optionThat = (expected: string, holds: (value: number) => boolean): Reader<number> =>
  valueThat({ code: 'SCHEDULE_OPTION', expected, holds: (value) => typeof value === 'number' && holds(value) })

const readPositive = optionThat('a finite number above 0', (value) => Number.isFinite(value) && value > 0)
const readGrowth = optionThat('a finite number above 1', (value) => Number.isFinite(value) && value > 1)
const readStart = optionThat('a number above 0, at most 1', (value) => value > 0 && value <= 1)
const readShare = optionThat('a number from 0 to 1', (value) => value >= 0 && value <= 1)
const readPace = wordOf<Pace>(['step', 'epoch'], 'SCHEDULE_OPTION')

/** How far a run has come. */
export interface TrainingPosition {
  /** Epochs that are finished. */
  readonly epoch: number
  /** Mini-batches of this epoch that are finished. */
  readonly step: number
  readonly stepsPerEpoch: number
  readonly epochs: number
}

/** The rate stays: factor 1. */
export function constantRate(): LearningRateSchedule {
  return Object.freeze({ kind: 'constant' })
}

/** The rate is multiplied by `factor` per epoch: factor^epochs. Raises `InputError` SCHEDULE_OPTION. */
export function exponentialDecay(factor: number, pace: Pace = 'epoch'): LearningRateSchedule {
  return Object.freeze({ kind: 'exponential', factor: readPositive(factor, 'factor'), pace: readPace(pace, 'pace') })
}

/** The rate falls to `fraction` of its start over the run: fraction^progress. Raises `InputError` SCHEDULE_OPTION. */
export function decayTo(fraction: number, pace: Pace = 'step'): LearningRateSchedule {
  return Object.freeze({ kind: 'decayTo', fraction: readPositive(fraction, 'fraction'), pace: readPace(pace, 'pace') })
}

/**
 * The rate falls to `fraction` of its start along half a wave: fraction + (1 - fraction) (1 + cos(pi progress)) / 2.
 *
 * Raises `InputError` SCHEDULE_OPTION unless the fraction is from 0 to 1. Source: Loshchilov & Hutter 2017 (arXiv
 * 1608.03983), without restarts.
 */
export function cosineDecay(fraction = 0, pace: Pace = 'step'): LearningRateSchedule {
  return Object.freeze({ kind: 'cosine', fraction: readShare(fraction, 'fraction'), pace: readPace(pace, 'pace') })
}

/**
 * The rate rises linearly over the first `epochs`, on top of another schedule: min(1, (steps done + 1) / steps to warm).
 * Raises `InputError` SCHEDULE_OPTION.
 */
export function warmUp(epochs: number, then: LearningRateSchedule = constantRate()): LearningRateSchedule {
  readSchedule(then, 'then')
  return Object.freeze({ kind: 'warmUp', epochs: readPositive(epochs, 'epochs'), then })
}

/** How a rate is eased in. */
export interface EaseInOptions {
  /** Per mini-batch, above 1; default 1.05. */
  readonly factor?: number
  /** Share of the rate to begin with, above 0; default 1e-3. */
  readonly start?: number
}

const EASE_IN_READERS: Readers<EaseInOptions> = { factor: readGrowth, start: readStart }

/**
 * The rate grows by a factor with every mini-batch until it is there, on top of another schedule: min(1, start · factor^steps).
 * Raises `InputError` SCHEDULE_OPTION. Source: Nowotny, Turner & Knight 2022 (arXiv 2212.01232), by 1.05.
 */
export function easeIn(options: EaseInOptions = {}, then: LearningRateSchedule = constantRate()): LearningRateSchedule {
  const { factor = 1.05, start = 1e-3 } = readOptions(options, EASE_IN_READERS, '$')
  readSchedule(then, 'then')
  return Object.freeze({ kind: 'easeIn', factor, start, then })
}

function easingOf({ factor, start }: Required<EaseInOptions>): Required<EaseInOptions> {
  return { factor, start }
}

/** What is eased in or warmed up, without its beginning. */
export function behindBeginning(schedule: LearningRateSchedule): LearningRateSchedule {
  return 'then' in schedule ? behindBeginning(schedule.then) : schedule
}

/** Another schedule with the beginning of this one. */
export function withBeginningOf(schedule: LearningRateSchedule, then: LearningRateSchedule): LearningRateSchedule {
  if (schedule.kind === 'warmUp') return warmUp(schedule.epochs, withBeginningOf(schedule.then, then))
  return schedule.kind === 'easeIn' ? easeIn(easingOf(schedule), withBeginningOf(schedule.then, then)) : then
}

/** Where nothing is said. */
export const DEFAULT_SCHEDULE: LearningRateSchedule = decayTo(0.02)

/** What the starting rate is multiplied by, a pure function of the position. */
export function rateFactor(schedule: LearningRateSchedule, position: TrainingPosition): number {
  switch (schedule.kind) {
    case 'constant':
      return 1
    case 'exponential':
      return power(schedule.factor, elapsed(schedule.pace, position))
    case 'decayTo':
      return power(schedule.fraction, elapsed(schedule.pace, position) / position.epochs)
    case 'cosine': {
      const wave = (1 + cosPi(elapsed(schedule.pace, position) / position.epochs)) / 2
      return schedule.fraction + (1 - schedule.fraction) * wave
    }
    case 'warmUp': {
      const done = position.epoch * position.stepsPerEpoch + position.step + 1
      return Math.min(1, done / (schedule.epochs * position.stepsPerEpoch)) * rateFactor(schedule.then, position)
    }
    case 'easeIn': {
      const done = position.epoch * position.stepsPerEpoch + position.step
      return Math.min(1, schedule.start * power(schedule.factor, done)) * rateFactor(schedule.then, position)
    }
  }
}

function elapsed(pace: Pace, { epoch, step, stepsPerEpoch }: TrainingPosition): number {
  return pace === 'epoch' ? epoch : epoch + step / stepsPerEpoch
}

function power(base: number, exponent: number): number {
  return exp(exponent * log(base))
}

/** A schedule that is one; raises `InputError` SCHEDULE_OPTION, SCHEDULE_KIND_UNKNOWN, FIELD_MISSING, FIELD_TYPE. */
export function readSchedule(given: LearningRateSchedule, field: string): LearningRateSchedule {
  const fields: Readonly<Record<string, unknown>> = readRecord(given, field)
  switch (given.kind) {
    case 'constant':
      return constantRate()
    case 'exponential':
      return exponentialDecay(given.factor, given.pace)
    case 'decayTo':
      return decayTo(given.fraction, given.pace)
    case 'cosine':
      return cosineDecay(given.fraction, given.pace)
    case 'warmUp':
      return warmUp(given.epochs, given.then)
    case 'easeIn':
      return easeIn(easingOf(given), given.then)
    default:
      throw unknownSchedule(fields.kind, `${field}.kind`)
  }
}

/** The error for a kind of schedule that there is not. */
function unknownSchedule(kind: unknown, field: string): InputError {
  return new InputError({
    code: 'SCHEDULE_KIND_UNKNOWN',
    field,
    found: describeValue(kind),
    expected: '"constant", "exponential", "decayTo", "cosine", "warmUp" or "easeIn"',
  })
}
