import { InputError } from '../../events/errors.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { suggestionFor } from '../../network/reading/nearest-name.js'
import type { Loss } from '../loss.js'
import type { AnyLoss } from './any-loss.js'
import type { LossRecord } from './loss-record.js'
import { LOSS_TABLE } from './loss-table.js'
import { userLossRecord } from './user-loss-record.js'

/** The record of a loss. Raises `InputError` LOSS_KIND_UNKNOWN. */
export function recordOf(loss: Loss): LossRecord<AnyLoss> {
  return loss.kind === 'own' ? userLossRecord(loss) : recordOfKind(loss.kind, 'loss.kind')
}

/** The record of a kind of loss of this package. Raises `InputError` LOSS_KIND_UNKNOWN. */
export function recordOfKind(kind: unknown, field: string): LossRecord<AnyLoss> {
  const record = LOSS_TABLE.find((each) => each.kind === kind)
  if (record !== undefined) return record
  const kinds = LOSS_TABLE.map((each) => each.kind)
  throw new InputError({
    code: 'LOSS_KIND_UNKNOWN',
    field,
    found: describeValue(kind),
    expected: `one of ${kinds.join(', ')}`,
    ...suggestionFor(kind, kinds),
  })
}
