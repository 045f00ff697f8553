import type { Network } from '../../network/description/network.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import type { SlicesPerCore } from '../check-slices.js'
import type { CoreMeter } from '../reach/core-meter.js'

/** The destination cores of the units of a slice, summed. */
export type AxonsOutOf = (slice: GroupSlice) => number

/** Counts, for every unit, the cores on which it has a target; its own may be among them. */
export function axonsOut({ groups }: Network, cores: SlicesPerCore, meter: CoreMeter): AxonsOutOf {
  const tallies = new Map(groups.map(({ name, size }) => [name, { all: 0, units: new Float64Array(size) }]))
  for (const slices of cores) {
    meter.reset()
    for (const slice of slices) meter.add(slice)
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
  return ({ group, start, end }) => {
    const tally = tallies.get(group)
    if (tally === undefined) return 0
    let sum = tally.all * (end - start)
    for (let unit = start; unit < end; unit++) sum += tally.units[unit] as number
    return Math.round(sum)
  }
}
