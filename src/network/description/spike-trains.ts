import { InputError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { trainsOfTrials } from '../../events/trains-of-trials.js'
import { listOf, readNumbers } from '../reading/read-list.js'
import { readSpikeTime } from '../reading/read-trains.js'
import type { Reader } from '../reading/read-value.js'
import { wrongType } from '../reading/wrong-value.js'

/**
 * Spike trains from the spike times of each unit, in ms: `trials[b][i]` has those of unit i in trial b, in any order. Units
 * behind the last one that is listed are silent.
 *
 * Raises `InputError` FIELD_TYPE for what is no list of lists of lists, NUMBER_NOT_FINITE and INPUT_TIME_NEGATIVE.
 *
 * @example
 * // One trial: unit 0 spikes at 1 ms, unit 1 at 4 and at 5 ms.
 * const input = spikeTrains([[[1], [4, 5]]])
 * const { spikes } = await session.simulate({ count: 1, until: 50, inputs: { input } })
 */
export function spikeTrains(trials: readonly (readonly ArrayLike<number>[])[]): SpikeTrains {
  const times = listOf(listOf(readTimes))(trials, 'trials')
  return trainsOfTrials(times.map((units) => units.flatMap((each, unit) => each.map((time) => ({ time, unit })))))
}

/** Those of one unit in one trial. */
const readTimes: Reader<readonly number[]> = (value, field) => {
  if (typeof value !== 'number')
    return Array.from(readNumbers(value, field), (time, k) => readSpikeTime(time, `${field}[${k}]`))
  const { mistake } = wrongType(value, field, 'a list of the spike times of one unit')
  throw new InputError({ ...mistake, remedy: 'Each trial is a list: one trial of two units is [[[1], [4, 5]]].' })
}
