import { InputError } from '../events/errors.js'
import type { Group, Network } from '../network/network.js'
import { describeValue } from '../network/reading/describe-value.js'
import { expectIndex, expectList, expectOnly, expectRecord } from '../network/reading/expect.js'
import { expectNetwork } from '../network/reading/expect-arguments.js'
import { parseJson, readingFile } from '../network/reading/parse-json.js'
import { validateNumber, validateNumbers } from '../network/validate-number.js'
import { LOSS_DEFAULTS } from './define-loss.js'
import type { Loss } from './loss.js'
import { LOSS_RULES } from './loss-rules.js'
import { suitsKind } from './loss-view.js'
import { unknownLossKind } from './plain-loss.js'
import { targetsFromFile } from './targets-file.js'

/** A loss with the label of its one trial; null for those that have none. */
export interface ParsedLoss {
  readonly loss: Loss
  readonly label: number | null
}

type Fields = Readonly<Record<string, unknown>>

/**
 * The loss that a loss file describes, checked against the network.
 *
 * `vMax` and `liIntegral` read an li group, every other kind an lif group. Whether `linear` has a coefficient for every spike shows
 * only in the run.
 *
 * Raises `InputError` naming file, place, found and expected: `JSON_INVALID`, `LOSS_KIND_UNKNOWN`, `GROUP_UNKNOWN`,
 * `LOSS_GROUP_KIND`, `LABEL_OUT_OF_RANGE`, `NUMBER_NOT_FINITE`, `TIME_CONSTANT_NOT_POSITIVE`,
 * `LOSS_STRENGTH_NEGATIVE`, `LOSS_SCALE_NOT_POSITIVE`, `FIELD_UNKNOWN`, `FIELD_MISSING`, `FIELD_TYPE`, and the codes of
 * `targetsFromFile`.
 */
export function parseLoss(text: string, network: Network, file?: string): ParsedLoss {
  expectNetwork(network)
  return readingFile(file, () => {
    const fields = expectRecord(parseJson(text), '$')
    switch (fields.kind) {
      case 'linear':
        return parseLinear(fields, network)
      case 'firstSpike':
        return parseFirstSpike(fields, network)
      case 'vMax':
        return parseVMax(fields, network)
      case 'spikeCount':
        return parseSpikeCount(fields, network)
      case 'liIntegral':
        return parseLiIntegral(fields, network)
      case 'vanRossum':
      case 'spikeTimes':
        return parseTargets(fields, fields.kind, network)
      default:
        throw unknownLossKind(fields.kind, 'kind')
    }
  })
}

function parseLinear(fields: Fields, network: Network): ParsedLoss {
  expectOnly(fields, ['kind', 'group', 'coefficients'], '$')
  const group = groupOf(fields, network, 'lif')
  const { length } = expectList(fields.coefficients, 'coefficients')
  const coefficients = validateNumbers(fields.coefficients, length, LOSS_RULES.coefficient, 'coefficients')
  return { loss: { kind: 'linear', group: group.name, coefficients }, label: null }
}

function parseFirstSpike(given: Fields, network: Network): ParsedLoss {
  expectOnly(given, ['kind', 'group', 'label', 'tau0', 'alpha', 'tau1'], '$')
  const group = groupOf(given, network, 'lif')
  const label = labelOf(given, group)
  const { tau0, alpha, tau1 }: Fields = { ...LOSS_DEFAULTS.firstSpike, ...given }
  const loss: Loss = {
    kind: 'firstSpike',
    group: group.name,
    tau0: validateNumber(tau0, LOSS_RULES.scale, 'tau0'),
    alpha: validateNumber(alpha, LOSS_RULES.strength, 'alpha'),
    tau1: validateNumber(tau1, LOSS_RULES.scale, 'tau1'),
  }
  return { loss, label }
}

function parseVMax(fields: Fields, network: Network): ParsedLoss {
  expectOnly(fields, ['kind', 'group', 'label'], '$')
  const group = groupOf(fields, network, 'li')
  return { loss: { kind: 'vMax', group: group.name }, label: labelOf(fields, group) }
}

function parseSpikeCount(given: Fields, network: Network): ParsedLoss {
  expectOnly(given, ['kind', 'group', 'label', 'tau'], '$')
  const group = groupOf(given, network, 'lif')
  const label = labelOf(given, group)
  const { tau }: Fields = { ...LOSS_DEFAULTS.spikeCount, ...given }
  return { loss: { kind: 'spikeCount', group: group.name, tau: validateNumber(tau, LOSS_RULES.scale, 'tau') }, label }
}

function parseLiIntegral(given: Fields, network: Network): ParsedLoss {
  expectOnly(given, ['kind', 'group', 'label', 'tau', 'scale'], '$')
  const group = groupOf(given, network, 'li')
  const label = labelOf(given, group)
  const { scale }: Fields = { ...LOSS_DEFAULTS.liIntegral, ...given }
  // JSON has no infinity: the plain integral is the one without tau.
  const tau = 'tau' in given ? validateNumber(given.tau, LOSS_RULES.scale, 'tau') : LOSS_DEFAULTS.liIntegral.tau
  const loss: Loss = {
    kind: 'liIntegral',
    group: group.name,
    tau,
    scale: validateNumber(scale, LOSS_RULES.factor, 'scale'),
  }
  return { loss, label }
}

/** Without a label the file has one target train, with one it has a list of them. */
function parseTargets(given: Fields, kind: 'vanRossum' | 'spikeTimes', network: Network): ParsedLoss {
  expectOnly(given, ['kind', 'group', 'label', 'tau', 'targets'], '$')
  const group = groupOf(given, network, 'lif')
  const { tau }: Fields = { ...LOSS_DEFAULTS[kind], ...given }
  const targets = targetsFromFile(given.targets, group, 'targets')
  const loss: Loss = { kind, group: group.name, tau: validateNumber(tau, LOSS_RULES.scale, 'tau'), targets }
  if (!Array.isArray(given.targets) && given.label === undefined) return { loss, label: null }
  return { loss, label: expectIndex(given.label, targets.offsets.length - 1, 'label', 'LABEL_OUT_OF_RANGE') }
}

function groupOf({ kind, group: name }: Fields, { groups }: Network, expected: 'lif' | 'li'): Group {
  const group = groups.find((candidate) => candidate.name === name)
  if (group !== undefined && suitsKind(group, expected)) return group
  throw new InputError({
    code: group === undefined ? 'GROUP_UNKNOWN' : 'LOSS_GROUP_KIND',
    field: 'group',
    found: group === undefined ? describeValue(name) : `"${group.name}", which is of kind ${group.kind}`,
    expected: `a group of kind ${expected}, for a loss of kind ${String(kind)}`,
  })
}

function labelOf({ label }: Fields, { size }: Group): number {
  return expectIndex(label, size, 'label', 'LABEL_OUT_OF_RANGE')
}
