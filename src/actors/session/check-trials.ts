import { InputError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Trials } from '../../learning/session.js'
import type { Network } from '../../network/network.js'
import type { RunLoss } from '../group/run.js'

/**
 * Checks what a run is handed: a whole number of trials, inputs of source groups only, in range and in event order.
 *
 * Raises `InputError` with the codes TRIALS_COUNT, UNTIL_INVALID, INPUT_GROUP, INPUT_SHAPE, INPUT_TIME, INPUT_UNIT,
 * INPUT_ORDER, LOSS_GROUP, LABELS_COUNT.
 */
export function checkTrials(network: Network, { count, until, inputs }: Trials, loss: RunLoss | null): void {
  if (!Number.isInteger(count) || count < 1)
    fail('TRIALS_COUNT', 'trials.count', String(count), 'a whole number from 1')
  if (!(until > 0)) fail('UNTIL_INVALID', 'trials.until', String(until), 'a time above 0 ms')
  for (const [name, trains] of Object.entries(inputs)) {
    const group = network.groups.find((candidate) => candidate.name === name)
    const field = `trials.inputs.${name}`
    if (group?.kind !== 'source') {
      const sources = network.groups.filter(({ kind }) => kind === 'source').map((source) => source.name)
      const found = group === undefined ? `no group "${name}"` : `"${name}", a group of kind ${group.kind}`
      fail('INPUT_GROUP', field, found, `a source group: ${sources.join(', ') || 'there is none'}`)
    } else checkTrains(field, trains, count, group.size)
  }
  if (loss === null) return
  const target = network.groups.find(({ name }) => name === loss.loss.group)
  const kind = loss.loss.kind === 'vMax' ? 'li' : 'lif'
  if (target?.kind !== kind) {
    const found = target === undefined ? `no group "${loss.loss.group}"` : `"${target.name}", of kind ${target.kind}`
    fail('LOSS_GROUP', 'loss.group', found, `a group of kind ${kind} for the loss "${loss.loss.kind}"`)
  }
  if (loss.labels !== null && loss.labels.length !== count)
    fail('LABELS_COUNT', 'labels', `${loss.labels.length} labels`, `${count}, one per trial`)
}

function checkTrains(field: string, { offsets, times, units }: SpikeTrains, count: number, size: number): void {
  const total = offsets[count]
  let falls = false
  for (let k = 1; k < offsets.length; k++) falls ||= (offsets[k] as number) < (offsets[k - 1] as number)
  if (
    offsets.length !== count + 1 ||
    offsets[0] !== 0 ||
    total !== times.length ||
    units.length !== times.length ||
    falls
  )
    fail(
      'INPUT_SHAPE',
      field,
      `${offsets.length} offsets${falls ? ', which fall' : ''}, ${times.length} times, ${units.length} units`,
      `${count + 1} offsets that rise from 0 to the number of times, and as many units`,
    )
  for (let trial = 0; trial < count; trial++) {
    const from = offsets[trial] as number
    const to = offsets[trial + 1] as number
    let before = 0
    let unitBefore = 0
    for (let k = from; k < to; k++) {
      const time = times[k] as number
      const unit = units[k] as number
      if (!(time >= 0 && time < Infinity))
        fail('INPUT_TIME', `${field}.times[${k}]`, String(time), 'a finite time from 0 ms')
      if (unit >= size) fail('INPUT_UNIT', `${field}.units[${k}]`, String(unit), `a unit from 0 to ${size - 1}`)
      if (before > time || (before === time && unitBefore > unit))
        fail(
          'INPUT_ORDER',
          `${field}.times[${k}]`,
          `unit ${unit} at ${time} ms after unit ${unitBefore} at ${before} ms`,
          'spikes of a trial in the order of (time, unit)',
        )
      before = time
      unitBefore = unit
    }
  }
}

function fail(code: string, field: string, found: string, expected: string): never {
  throw new InputError({ code, field, found, expected })
}
