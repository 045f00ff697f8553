import { InputError, RunError } from '../../events/errors.js'
import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { asGiven } from '../../network/reading/read-value.js'
import { LOSS_RULES } from '../loss-rules.js'
import { fallbacksOf, numberField, spareNumber } from './loss-fields.js'
import { UNIT_LABELS } from './loss-labels.js'
import type { LossRecord, LossSetting } from './loss-record.js'
import { evaluateScores } from './readout-scores.js'

/**
 * -ln softmax(S)[label] with S = scale ∫_0^T e^{-t/tau} V(t) dt, V the voltage of each LI readout over the trial. tau in
 * ms, Infinity for the plain integral, which needs trials that end; scale in 1/ms.
 *
 * Source: Nowotny, Turner & Knight 2022 (arXiv 2212.01232), where tau = T and scale = 1.
 */
export interface LiIntegralLoss {
  readonly kind: 'liIntegral'
  readonly group: string
  readonly tau: number
  readonly scale: number
  /** Label smoothing, from 0 and below 1; default 0. */
  readonly smoothing?: number
}

/** tau in ms, scale in 1/ms. */
export type LiIntegralOptions = Partial<Omit<LiIntegralLoss, 'kind' | 'group'>>

// Values are checked where a session is handed the loss.
const OPTIONS: Readers<LiIntegralOptions> = { tau: asGiven, scale: asGiven, smoothing: asGiven }

/**
 * -ln softmax(S)[label] with S = scale ∫_0^T e^{-t/tau} V(t) dt over an LI readout; tau in ms, without it the plain
 * integral. See `LiIntegralLoss`.
 */
export function liIntegral(group: string, options: LiIntegralOptions = {}): LiIntegralLoss {
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
  throw new InputError({
    code: 'LOSS_WITHOUT_END',
    field: 'loss.tau',
    found: 'Infinity, in trials without an end',
    expected: 'a finite tau, or trials that end',
  })
}

/**
 * The label's readout shall have the largest voltage on the whole, early voltage counting more.
 *
 *     S_i = scale ∫_0^T e^{-t/tau} V_i dt       L = -ln softmax(S)[label]
 *     dL/d(integral)_i = scale (softmax_i - [i = label])
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
    smoothing: spareNumber(LOSS_RULES.smoothing),
  },
  labels: UNIT_LABELS,
  check: requireEnd,
  evaluate({ group, scale, smoothing }, { observed, trial, label, explicit, room }) {
    const result = evaluateScores(observed, { scale, smoothing }, trial, label, explicit, room)
    if (room.scores.every(Number.isFinite)) return result
    throw new RunError({
      code: 'LOSS_OVERFLOW',
      message: `An integral over a voltage of group "${group}" in trial ${trial} is beyond the range of a double.`,
      details: { group, trial },
      remedy: 'Scale the weights into it down, or end the trial earlier.',
    })
  },
}

const DEFAULTS = fallbacksOf<LiIntegralLoss>(LI_INTEGRAL.fields) as Required<Omit<LiIntegralOptions, 'smoothing'>>
