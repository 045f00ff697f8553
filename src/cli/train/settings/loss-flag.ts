import { InputError } from '../../../events/errors.js'
import type { Loss } from '../../../learning/loss.js'
import { groupFor, lossOfFields } from '../../../learning/loss-file.js'
import type { AnyLoss } from '../../../learning/losses/any-loss.js'
import type { LossField } from '../../../learning/losses/loss-fields.js'
import type { LossRecord } from '../../../learning/losses/loss-record.js'
import { LOSS_TABLE } from '../../../learning/losses/loss-table.js'
import { inPlaceOf } from '../../../learning/plain-loss.js'
import type { Network } from '../../../network/description/network.js'
import { decimal, isFileName, nameList, wrongValue } from '../../../network/reading/flag-values.js'
import { suggestionFor } from '../../../network/reading/nearest-name.js'
import { refuseUnknown } from '../../../network/reading/read-fields.js'

const FLAG = '--loss'

/** A loss as the command line says it: what a loss file says of a trial, but for group and label. */
export type LossChoice = Readonly<Record<string, string | number>> & { readonly kind: string }

/** A loss file, without a label. */
export interface LossFileChoice {
  readonly file: string
}

export function isLossFile(choice: LossChoice | LossFileChoice): choice is LossFileChoice {
  return !('kind' in choice)
}

/** A parser such as `firstSpike` or `firstSpike:tau0=0.4,alpha=0`: the kind of a loss and its numbers; or of a loss file. */
export function lossChoice(text: string): LossChoice | LossFileChoice {
  if (isFileName(text)) return { file: text }
  const [kind = '', list, ...rest] = text.split(':')
  const wrong = () => wrongValue(FLAG, text, 'KIND or KIND:name=number,… such as firstSpike:tau0=0.5, or a loss file')
  if (kind === '' || rest.length > 0) throw wrong()
  const entries = list === undefined ? [] : nameList(FLAG)(list)
  const numbers = entries.map((entry) => {
    const [, name, number] = /^(\w+)=(.+)$/.exec(entry) ?? []
    const value = decimal(number ?? '')
    if (name === undefined || Number.isNaN(value)) throw wrong()
    return [name, value] as const
  })
  if (new Set(numbers.map(([name]) => name)).size < numbers.length)
    throw wrongValue(FLAG, text, 'each number of the loss once')
  return { ...Object.fromEntries(numbers), kind }
}

/**
 * A loss of the command line on the readout of a task. What is more than a number, such as targets, stays that of the task.
 *
 * Raises `InputError` LOSS_KIND_UNKNOWN for a kind that does not exist, LOSS_KIND_UNSUITABLE for one that needs more than the
 * task has, and those of `parseLoss`, such as for a readout that does not fit.
 */
export function lossOf({ ...choice }: LossChoice, own: Loss, network: Network): Loss {
  const record = requireKind(choice.kind, own)
  const fields = Object.entries<LossField<unknown>>(record.fields)
  const numbers = fields.filter(([, { needs }]) => needs === undefined)
  const kept = Object.entries(own).filter(([name]) => fields.some(([field, { needs }]) => needs && field === name))
  try {
    const group = groupFor(record, own.group, network)
    refuseUnknown(choice, ['kind', ...numbers.map(([name]) => name)], '$')
    const loss = lossOfFields({ ...record, fields: Object.fromEntries(numbers) }, choice, group)
    return inPlaceOf({ ...loss, ...Object.fromEntries(kept) }, own)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const { field } = error.mistake
    const remedy = { remedy: 'Choose another loss, or a task or network with the readout that it needs.' }
    throw new InputError({ ...remedy, ...error.mistake, field: `${FLAG} (${field})`, cause: error })
  }
}

/** What a kind of loss needs that the task does not have; undefined if it fits. */
function lackOf({ fields }: LossRecord<AnyLoss>, own: Loss): LossField<unknown>['needs'] {
  return Object.entries<LossField<unknown>>(fields).find(([name, { needs }]) => needs && !Object.hasOwn(own, name))?.[1]
    .needs
}

function requireKind(kind: string, own: Loss): LossRecord<AnyLoss> {
  const record = LOSS_TABLE.find((each) => each.kind === kind)
  const lack = record && lackOf(record, own)
  if (record !== undefined && lack === undefined) return record
  const fitting = LOSS_TABLE.filter((each) => lackOf(each, own) === undefined).map((each) => each.kind)
  throw new InputError({
    code: lack === undefined ? 'LOSS_KIND_UNKNOWN' : 'LOSS_KIND_UNSUITABLE',
    field: FLAG,
    found:
      lack === undefined ? JSON.stringify(kind) : `"${kind}", which needs ${lack.what} that the task does not have`,
    expected: `one of ${fitting.join(', ')}`,
    remedy:
      suggestionFor(kind, fitting).remedy ?? lack?.remedy ?? 'Choose another loss, or a task that has what it needs.',
  })
}
