import { InputError } from '../../events/errors.js'
import type { Group, Network } from '../../network/description/network.js'
import { canSpike } from '../../network/models/models.js'
import { type Readers, readRequired } from '../../network/reading/read-fields.js'
import { integerFrom, readPositive } from '../../network/reading/read-number.js'
import { readRecord } from '../../network/reading/read-value.js'
import { readPerUnit, type SpikesPerUnit } from '../chip-placement/spikes-per-unit.js'
import type { ChipTime } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import type { Tally } from './tally.js'

const READERS: Readers<Tally> = {
  trials: integerFrom(1),
  steps: integerFrom(1),
  spikes: readRecord,
  activeSteps: readRecord,
  tickMs: readPositive,
}

/** A tally with a number for each unit. */
export interface UnitTally extends Pick<Tally, 'trials' | 'steps'> {
  /** Of every group; zeros where it never spikes. */
  readonly spikes: ReadonlyMap<string, Float64Array>
  /** Of every group of neurons. */
  readonly activeSteps: ReadonlyMap<string, Float64Array>
  readonly tickMs: number | null
}

/**
 * Raises `InputError`: `TALLY_GROUP` for a group that the tally leaves out, `TALLY_STEPS` for a neuron that is active in more
 * steps than there are, `TALLY_TICK` for steps of another length than the chip's; `GROUP_UNKNOWN`, `SHAPE_MISMATCH`,
 * `OPTION_OUT_OF_RANGE`, `FIELD_MISSING`, `FIELD_TYPE`, `FIELD_UNKNOWN`.
 */
export function readTally({ groups }: Pick<Network, 'groups'>, time: ChipTime, given: Tally): UnitTally {
  const required = ['trials', 'steps', 'spikes', 'activeSteps'] as const
  const {
    trials,
    steps,
    tickMs = null,
    ...read
  } = readRequired<Tally, (typeof required)[number]>(given, READERS, required, 'tally')
  requireTick(tickMs, time)
  const spikes = perUnit(groups, read.spikes, 'tally.spikes', canSpike)
  const activeSteps = perUnit(groups, read.activeSteps, 'tally.activeSteps', ({ kind }) => kind !== 'source')
  for (const [name, active] of activeSteps) {
    const unit = active.findIndex((each) => each > steps)
    if (unit < 0) continue
    const field = `tally.activeSteps.${name}`
    throw refusal('TALLY_STEPS', field, `${active[unit]} for unit ${unit}`, `at most ${steps}, the steps there are`)
  }
  return { trials, steps, spikes, activeSteps, tickMs }
}

function perUnit(
  groups: readonly Group[],
  given: SpikesPerUnit,
  place: string,
  isNeeded: (group: Group) => boolean,
): ReadonlyMap<string, Float64Array> {
  const numbers = readPerUnit({ groups }, given, place)
  return new Map(
    groups.map((group) => {
      const own = numbers.get(group.name)
      if (own === undefined && isNeeded(group))
        throw refusal('TALLY_GROUP', `${place}.${group.name}`, 'nothing', 'a number, or one for each unit')
      return [group.name, own ?? new Float64Array(group.size)]
    }),
  )
}

function requireTick(tickMs: number | null, { tick }: ChipTime): void {
  const own = figureValue(tick)
  if (own === null || tickMs === null || own === tickMs) return
  const expected = `${own} ms, the tick of the chip`
  throw refusal('TALLY_TICK', 'tally.tickMs', `${tickMs} ms`, expected, `Count the run in steps of ${own} ms.`)
}

function refusal(code: string, field: string, found: string, expected: string, remedy?: string): InputError {
  return new InputError({ code, field, found, expected, ...(remedy === undefined ? {} : { remedy }) })
}
