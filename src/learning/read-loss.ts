import { entryOf } from '../events/by-name.js'
import { InputError } from '../events/errors.js'
import { readRecord, readString } from '../network/reading/read-value.js'
import type { Loss } from './loss.js'
import { fallbacksOf, type LossField, valuesOf } from './losses/loss-fields.js'
import type { ReadoutScoring } from './losses/readout-scores.js'
import { recordOf, recordOfKind } from './losses/record-of.js'
import { readUserLoss } from './losses/user-loss.js'

/**
 * A loss as plain data, whatever object it was, with its numbers checked: instances of classes do not travel. One of a user's
 * own keeps its functions.
 *
 * Raises `InputError` LOSS_KIND_UNKNOWN, LOSS_WITHOUT_GROUP, FIELD_MISSING, FIELD_TYPE, NUMBER_NOT_FINITE,
 * TIME_CONSTANT_NOT_POSITIVE, LOSS_STRENGTH_NEGATIVE, LOSS_SCALE_NOT_POSITIVE, LOSS_SMOOTHING_RANGE, LOSS_UNITS_PER_CLASS, and those of `readTargets` and `defineLoss`.
 * Whether its group is there is for the network to say.
 *
 * @param field what the loss is called where it was given
 */
export function readLoss(given: Loss, field = 'loss'): Loss {
  const record = readRecord(given, field)
  if (record.kind === 'own') return readUserLoss(record, field)
  if (record.kind === undefined && typeof record.on === 'function') throw withoutGroup(field)
  const { kind, fields } = recordOfKind(record.kind, `${field}.kind`)
  const values = Object.entries<LossField<unknown>>(fields).map(([name, { plain }]) => {
    return [name, plain(entryOf(record, name), `${field}.${name}`)] as const
  })
  return { kind, group: readString(record.group, `${field}.group`), ...valuesOf(values) } as Loss
}

/** The same loss, of one of this package, with whatever it does not say; raises `InputError` LOSS_KIND_UNKNOWN and FIELD_TYPE. */
export function withFallbacks(given: unknown, field: string): Loss {
  const record = readRecord(given, field)
  return { ...fallbacksOf(recordOfKind(record.kind, `${field}.kind`).fields), ...record } as Loss
}

/**
 * A loss in place of another on the same readout, whose classes have as many units as there: with `unitsPerClass` of the other
 * one, if it may say it, and does not.
 */
export function inPlaceOf(loss: Loss, other: Loss): Loss {
  const { unitsPerClass } = other as ReadoutScoring
  const isMeant = unitsPerClass !== undefined && loss.kind !== 'own' && loss.group === other.group
  if (!isMeant || !Object.hasOwn(recordOf(loss).fields, 'unitsPerClass')) return loss
  return { unitsPerClass, ...loss } as Loss
}

function withoutGroup(field: string): InputError {
  return new InputError({
    code: 'LOSS_WITHOUT_GROUP',
    field,
    found: 'a loss without a group',
    expected: 'a loss on a group',
    remedy: "Put it on one, such as loss.on('output').",
  })
}
