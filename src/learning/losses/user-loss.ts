import type { ModuleReference } from '../../network/modules/module-reference.js'
import { type Readers, readRequired } from '../../network/reading/read-fields.js'
import { readFunction, readPlain, readString, wordOf } from '../../network/reading/read-value.js'
import { readUserName } from '../../network/validation/read-user-name.js'
import { INTEGRAL_TAU } from './integral-loss.js'
import type {
  IntegralLossDefinition,
  LossDefinition,
  MaximaLossDefinition,
  SpikeLossDefinition,
} from './loss-definition.js'
import { OBSERVED } from './loss-record.js'

export type * from './loss-definition.js'

/** The module that a loss comes from, so that partitions in other processes and threads can load it. Plain data. */
export interface LossModule extends ModuleReference {
  /** Of its code, and of what it imports by a path; 32 hexadecimal digits. */
  readonly hash: string
}

/** A user-defined loss on a group. */
export type UserLoss<Group extends string = string> = LossDefinition & {
  readonly kind: 'own'
  readonly group: Group
  /** Absent: it runs in this process alone. */
  readonly module?: LossModule
}

/** A user-defined loss that has no group yet; see `defineLoss`. */
export type DefinedLoss = LossDefinition & {
  /** The loss on a group. */
  on<const Group extends string>(group: Group): UserLoss<Group>
}

/**
 * A user-defined loss, from the spikes, the voltage maxima or the integrals of a trial.
 *
 * What `evaluate` returns is checked in every trial: a `RunError` LOSS_FAILED names loss, trial, what was found and what was
 * expected. Sessions whose partitions are in other threads or processes take losses from a module alone, see `lossModule`.
 *
 * Raises `InputError` FIELD_MISSING, FIELD_TYPE, FIELD_UNKNOWN, NAME_INVALID, TIME_CONSTANT_NOT_POSITIVE; `on` raises FIELD_TYPE for
 * what is no name of a group.
 *
 * @example
 * // Every unit shall spike at 10 ms first.
 * const onTime = defineLoss({
 *   name: 'onTime',
 *   observes: 'spikes',
 *   evaluate({ times, units }) {
 *     const off = Array.from(times, (time, k) => (units.indexOf(units[k]) === k ? time - 10 : 0))
 *     return { loss: off.reduce((sum, each) => sum + each ** 2 / 2, 0), gradients: off }
 *   },
 * })
 * const { losses } = await session.gradient(trials, onTime.on('output'))
 */
export function defineLoss(definition: LossDefinition): DefinedLoss {
  return withModule(readDefinition(definition, 'definition'))
}

/** A definition that may be put on a group; those of a module say so. */
export function withModule(definition: LossDefinition, module?: LossModule): DefinedLoss {
  const from = module === undefined ? {} : { module }
  return Object.freeze({
    ...definition,
    on<const Group extends string>(group: Group): UserLoss<Group> {
      readString(group, 'group')
      return Object.freeze({ ...definition, ...from, kind: 'own', group })
    },
  })
}

const COMMON = {
  name: readUserName,
  labels: wordOf(['unit', 'any']),
  evaluate: readFunction,
  evaluateOnGrid: readFunction,
} as const

const readObserved = wordOf(OBSERVED)
const ON_SPIKES: Readers<SpikeLossDefinition> = { ...COMMON, observes: wordOf(['spikes']) }
const ON_MAXIMA: Readers<MaximaLossDefinition> = { ...COMMON, observes: wordOf(['maxima']) }
const ON_INTEGRALS: Readers<IntegralLossDefinition> = {
  ...COMMON,
  observes: wordOf(['integral']),
  tau: INTEGRAL_TAU.plain,
}

/** Raises the `InputError`s of `defineLoss`. */
export function readDefinition(given: unknown, field: string): LossDefinition {
  const observes = readObserved(readPlain(given, field).observes, `${field}.observes`)
  switch (observes) {
    case 'spikes':
      return readRequired(given, ON_SPIKES, REQUIRED, field)
    case 'maxima':
      return readRequired(given, ON_MAXIMA, REQUIRED, field)
    case 'integral':
      return { tau: Number.POSITIVE_INFINITY, ...readRequired(given, ON_INTEGRALS, REQUIRED, field) }
  }
}

const REQUIRED = ['name', 'observes', 'evaluate'] as const

/** A user-defined loss as a session keeps it, checked. Raises the `InputError`s of `defineLoss`. */
export function readUserLoss(given: Readonly<Record<string, unknown>>, field: string): UserLoss {
  const { kind: _, group, module, ...definition } = given
  const checked = withModule(readDefinition(definition, field), module as LossModule | undefined)
  return checked.on(readString(group, `${field}.group`))
}
