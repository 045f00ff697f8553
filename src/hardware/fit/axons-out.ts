import type { Network } from '../../network/description/network.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import type { CoreMeter } from '../reach/core-meter.js'
import type { SlicesPerCore } from '../slices.js'
import type { ResourceUse } from './core-limits.js'

/** The cores on which units of a slice have a target; their own may be among them. */
export interface AxonsOut {
  /** Summed over the units. */
  sumOf(slice: GroupSlice): number
  /** Of the unit with most of them. */
  mostOf(slice: GroupSlice): number
}

/** Counts, for every unit, the cores on which it has a target. */
export function axonsOut({ groups }: Network, cores: SlicesPerCore, meter: CoreMeter): AxonsOut {
  const tallies = new Map(groups.map(({ name, size }) => [name, { all: 0, units: new Float64Array(size) }]))
  for (const slices of cores) {
    meter.hold(slices)
    meter.tellAxons((source) => {
      const tally = tallies.get(source) as { all: number; readonly units: Float64Array }
      return {
        all: (share) => {
          tally.all += share
        },
        one: (unit, share) => {
          tally.units[unit] = (tally.units[unit] as number) + share
        },
      }
    })
  }
  const tallyOf = (group: string) => tallies.get(group) ?? { all: 0, units: new Float64Array(0) }
  return {
    sumOf({ group, start, end }) {
      const { all, units } = tallyOf(group)
      return Math.round(units.subarray(start, end).reduce((sum, axons) => sum + axons, all * (end - start)))
    },
    mostOf({ group, start, end }) {
      const { all, units } = tallyOf(group)
      return Math.round(all + units.subarray(start, end).reduce((most, axons) => Math.max(most, axons), 0))
    },
  }
}

/** The axons out of a core, and of one of its units where a chip limits these, too. */
export function usesOut({ core }: ChipProfile, out: AxonsOut, slices: readonly GroupSlice[]): readonly ResourceUse[] {
  const need = slices.reduce((sum, slice) => sum + out.sumOf(slice), 0)
  const most = slices.reduce((top, slice) => Math.max(top, out.mostOf(slice)), 0)
  const perUnit = figureValue(core.axonsOutPerUnit)
  return [
    { resource: 'axonsOut', need, limit: figureValue(core.axonsOut) },
    ...(perUnit === null ? [] : [{ resource: 'axonsOutPerUnit', need: most, limit: perUnit } as const]),
  ]
}
