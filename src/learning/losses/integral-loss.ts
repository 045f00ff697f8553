import { InputError, RunError } from '../../events/errors.js'
import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { asGiven } from '../../network/reading/read-value.js'
import { LOSS_RULES } from '../loss-rules.js'
import { fallbacksOf, numberField, spareNumber, spareTruth } from './loss-fields.js'
import type { LossRecord, LossSetting } from './loss-record.js'
import { CLASS_LABELS, evaluateScores, type ReadoutScoring, requireWholeClasses } from './readout-scores.js'

/**
 * -ln softmax(S)[label] with S = scale ∫_0^T e^{-t/tau} V(t) dt, V the voltage of each LI readout over the trial. tau in
 * ms, Infinity for the plain integral, which needs trials that end; scale in 1/ms. With `mean`, which needs them, too, the
 * mean over the trial: S = scale / T ∫_0^T e^{-t/tau} V(t) dt, scale without a unit.
 *
 * Source: Nowotny, Turner & Knight 2022 (arXiv 2212.01232), where tau = T and scale = 1.
 */
export interface LiIntegralLoss<Group extends string = string> extends ReadoutScoring {
  readonly kind: 'liIntegral'
  readonly group: Group
  readonly tau: number
  readonly scale: number
  readonly mean?: boolean
}

/** tau in ms, scale in 1/ms. */
export type LiIntegralOptions = Partial<Omit<LiIntegralLoss, 'kind' | 'group'>>

// Values are checked where a session is handed the loss.
const OPTIONS: Readers<LiIntegralOptions> = {
  ...{ tau: asGiven, scale: asGiven, mean: asGiven },
  ...{ smoothing: asGiven, unitsPerClass: asGiven },
}

/**
 * -ln softmax(S)[label] with S = scale ∫_0^T e^{-t/tau} V(t) dt over an LI readout; tau in ms, without it the plain
 * integral; with `mean: true` divided by T. See `LiIntegralLoss`.
 */
export function liIntegral<const Group extends string>(
  group: Group,
  options: LiIntegralOptions = {},
): LiIntegralLoss<Group> {
  return Object.freeze({ kind: 'liIntegral', group, ...DEFAULTS, ...readOptions(options, OPTIONS) })
}

const TAU = numberField(LOSS_RULES.scale, Number.POSITIVE_INFINITY)

/** Over what voltages are integrated: a time in ms, Infinity for the plain integral, which no file can say. */
export const INTEGRAL_TAU = {
  ...TAU,
  plain: (value: unknown, field: string) => (value === Number.POSITIVE_INFINITY ? value : TAU.plain(value, field)),
}

/** Raises `InputError` LOSS_WITHOUT_END for a plain integral over trials without an end. */
export function requireEnd({ tau }: { readonly tau: number }, { until }: LossSetting): void {
  if (tau < Number.POSITIVE_INFINITY || until < Number.POSITIVE_INFINITY) return
  throw withoutEnd('tau', 'Infinity', 'a finite tau')
}

function withoutEnd(name: string, value: string, other: string): InputError {
  return new InputError({
    code: 'LOSS_WITHOUT_END',
    field: `loss.${name}`,
    found: `${value}, in trials without an end`,
    expected: `${other}, or trials that end`,
  })
}

/**
 * The label's readout shall have the largest voltage on the whole, early voltage counting more.
 *
 *     S_i = scale ∫_0^T e^{-t/tau} V_i dt       L = -ln softmax(S)[label]
 *     dL/d(integral)_i = scale (softmax_i - [i = label])        (scale / T in place of scale with `mean`)
 *
 * Smoothing as in `crossEntropy`. Raises `RunError` LOSS_OVERFLOW for integrals beyond the range of a double. Source: Nowotny, Turner & Knight 2022
 * (arXiv 2212.01232).
 */
export const LI_INTEGRAL: LossRecord<LiIntegralLoss, 'integral'> = {
  kind: 'liIntegral',
  observes: 'integral',
  fields: {
    tau: INTEGRAL_TAU,
    scale: numberField(LOSS_RULES.factor, 1),
    mean: spareTruth,
    smoothing: spareNumber(LOSS_RULES.smoothing),
    unitsPerClass: spareNumber(LOSS_RULES.units, 1),
  },
  labels: CLASS_LABELS,
  check(loss, setting) {
    requireEnd(loss, setting)
    requireWholeClasses(loss, setting)
    if (loss.mean === true && setting.until === Number.POSITIVE_INFINITY) throw withoutEnd('mean', 'true', 'no mean')
  },
  evaluate(loss, of) {
    const { group } = loss
    const { observed, trial, room, until } = of
    const scale = loss.mean === true ? loss.scale / until : loss.scale
    const result = evaluateScores(observed, loss, scale, of)
    if (room.scores.every(Number.isFinite)) return result
    throw new RunError({
      code: 'LOSS_OVERFLOW',
      message: `An integral over a voltage of group "${group}" in trial ${trial} is beyond the range of a double.`,
      details: { group, trial },
      remedy: 'Scale the weights into it down, or end the trial earlier.',
    })
  },
}

const DEFAULTS = fallbacksOf<LiIntegralLoss>(LI_INTEGRAL.fields) as Required<
  Omit<LiIntegralOptions, 'mean' | keyof ReadoutScoring>
>
