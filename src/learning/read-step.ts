import type { Network } from '../network/description/network.js'
import { refuseUnknown } from '../network/reading/read-fields.js'
import { readRecord } from '../network/reading/read-value.js'
import { withoutUndefined } from '../network/reading/without-undefined.js'
import { type BandedStep, bandsOf } from './banded-step.js'
import { readDecay } from './decay.js'
import { readRunNoise } from './noise/read-run-noise.js'
import { readOptimizerKind } from './optimizers/read-optimizer.js'
import { readStepSettings, STEP_SETTINGS, type StepSettings } from './options/read-settings.js'
import { type Bounds, requireKind } from './parameter-kinds.js'
import { readLoss } from './read-loss.js'
import { refuseRemoved } from './removed-options.js'
import type { ParameterKind, StepOptions } from './session.js'
import { requireBounds, requireLearnableTaus, requireNumber, requireOpenBounds } from './step-rules.js'

/** What a step has beside the options that stand by themselves. */
const OTHERS: Readonly<Record<Exclude<keyof StepOptions, keyof StepSettings>, true>> = {
  loss: true,
  optimizer: true,
  rates: true,
  bounds: true,
  decay: true,
  noise: true,
  dropout: true,
  draw: true,
}
const FIELDS: readonly string[] = [...Object.keys(OTHERS), ...STEP_SETTINGS]

/**
 * The options of a step as plain data, whatever objects they were, checked against the network. Rates and bounds
 * without a value count as absent.
 *
 * Raises `InputError` with a field that begins with `step`: the codes of `readLossFile`, OPTIMIZER_KIND_UNKNOWN,
 * OPTIMIZER_OPTION, LEARN_KIND_UNKNOWN, TRAIN_OPTION, TRAIN_DECAY_KIND, TRAIN_GROUP, FIELD_MISSING, FIELD_TYPE,
 * SHAPE_MISMATCH, TRAIN_OPTION_REMOVED; the codes of `readRunNoise`.
 */
export function readStep(network: Network, given: BandedStep): BandedStep {
  refuseRemoved(given, 'step')
  refuseUnknown(readRecord(given, 'step'), FIELDS, 'step')
  const settings = readStepSettings(network, given, 'step')
  const bounds = perKind(given.bounds, 'step.bounds', (kind, value, field) => {
    return requireBounds(field, kind, value as Bounds)
  })
  requireOpenBounds(network, 'step.bounds', bounds)
  const rates = perKind(given.rates, 'step.rates', (_, rate, field) => {
    return requireNumber(field, rate as number, Number.isFinite(rate) && Number(rate) >= 0, 'a finite number from 0')
  })
  if (rates.taus !== undefined) requireLearnableTaus(network, 'step.rates.taus')
  const { decay } = given
  return {
    loss: readLoss(given.loss, 'step.loss'),
    optimizer: readOptimizerKind(given.optimizer, 'step.optimizer'),
    rates,
    bounds,
    ...(decay === undefined ? {} : { decay: readDecay(readRecord(decay, 'step.decay'), rates, 'step.decay') }),
    ...settings,
    ...bandsOf(given),
    ...readStepNoise(network, given),
  }
}

/** Nothing where there is no noise: a realisation of nothing is nothing. */
function readStepNoise(network: Network, step: Partial<StepOptions>): Pick<StepOptions, 'noise' | 'dropout' | 'draw'> {
  const noise = readRunNoise(network, step, 'step.')
  if (noise === null) return {}
  const { device, dropout, draw } = noise
  return { ...(device === null ? {} : { noise: device }), ...(dropout === null ? {} : { dropout }), draw }
}

function perKind<Value>(
  given: unknown,
  field: string,
  check: (kind: ParameterKind, value: unknown, field: string) => Value,
): Readonly<Partial<Record<ParameterKind, Value>>> {
  const entries = Object.entries(withoutUndefined(readRecord(given, field))).map(([name, value]) => {
    const kind = requireKind(name, field)
    return [kind, check(kind, value, `${field}.${kind}`)] as const
  })
  return Object.fromEntries(entries)
}
