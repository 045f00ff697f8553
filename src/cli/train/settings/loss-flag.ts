import { InputError } from '../../../events/errors.js'
import { LOSS_DEFAULTS } from '../../../learning/define-loss.js'
import type { Loss, SpikeTimesLoss, VanRossumLoss } from '../../../learning/loss.js'
import { parseLoss } from '../../../learning/loss-file.js'
import { LOSS_RULES } from '../../../learning/loss-rules.js'
import { hasTargets } from '../../../learning/loss-view.js'
import type { Network } from '../../../network/network.js'
import { expectOnly } from '../../../network/reading/expect.js'
import { suggestionFor } from '../../../network/reading/nearest-name.js'
import { validateNumber } from '../../../network/validate-number.js'
import { decimal, nameList, wrongValue } from '../../flag-values.js'

const FLAG = '--loss'

/** A loss as the command line says it: what a loss file says of a trial, but for group and label. */
export type LossChoice = Readonly<Record<string, string | number>> & { readonly kind: string }

/** A parser such as `firstSpike` or `firstSpike:tau0=0.4,alpha=0`: the kind of a loss and its numbers. */
export function lossChoice(text: string): LossChoice {
  const [kind = '', list, ...rest] = text.split(':')
  const wrong = () => wrongValue(FLAG, text, 'KIND or KIND:name=number,… such as firstSpike:tau0=0.5')
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

/** What needs no more of a trial than its label. */
const OF_LABELS: readonly string[] = ['firstSpike', 'vMax', 'spikeCount', 'liIntegral'] satisfies Loss['kind'][]
/** What needs targets, which a task may have. */
const OF_TARGETS: readonly string[] = ['vanRossum', 'spikeTimes'] satisfies Loss['kind'][]

/**
 * A loss of the command line on the readout of a task.
 *
 * Raises `InputError` LOSS_KIND_UNKNOWN for a kind that does not exist, LOSS_KIND_UNSUITABLE for one that needs more than the
 * task has, and those of `parseLoss`, such as for a readout that does not fit.
 */
export function lossOf({ ...choice }: LossChoice, own: Loss, network: Network): Loss {
  const { group } = own
  requireKind(choice.kind, own)
  try {
    if (hasTargets(own) && (choice.kind === 'vanRossum' || choice.kind === 'spikeTimes'))
      return lossOnTargets(choice, choice.kind, own)
    // The label of a trial comes with the trial; any one will do here.
    return parseLoss(JSON.stringify({ ...choice, group, label: 0 }), network).loss
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const { field } = error.mistake
    const remedy = { remedy: 'Choose another loss, or a task or network with the readout that it needs.' }
    throw new InputError({ ...remedy, ...error.mistake, field: `${FLAG} (${field})`, cause: error })
  }
}

function requireKind(kind: string, own: Loss): void {
  const fitting = hasTargets(own) ? [...OF_LABELS, ...OF_TARGETS] : OF_LABELS
  if (fitting.includes(kind)) return
  const needs = kind === 'linear' ? 'a coefficient for every spike' : OF_TARGETS.includes(kind) ? 'targets' : null
  throw new InputError({
    code: needs === null ? 'LOSS_KIND_UNKNOWN' : 'LOSS_KIND_UNSUITABLE',
    field: FLAG,
    found: needs === null ? JSON.stringify(kind) : `"${kind}", which needs ${needs} that the task does not have`,
    expected: `one of ${fitting.join(', ')}`,
    remedy:
      suggestionFor(kind, fitting).remedy ??
      (kind === 'linear'
        ? 'Choose another loss; the loss files of gradient and verify have room for coefficients.'
        : 'Choose another loss, or a task that has what it needs.'),
  })
}

/** Targets are too many for a command line: those of the task stay. */
function lossOnTargets(
  choice: Readonly<Record<string, string | number>>,
  kind: 'vanRossum' | 'spikeTimes',
  { group, targets }: VanRossumLoss | SpikeTimesLoss,
): Loss {
  expectOnly(choice, ['kind', 'tau'], '$')
  const { tau = LOSS_DEFAULTS[kind].tau } = choice
  return { kind, group, tau: validateNumber(tau, LOSS_RULES.scale, 'tau'), targets }
}
