import type { Network } from '../../network/description/network.js'
import type { Reach } from '../reach/reach.js'
import type { Destinations } from './destinations.js'

/** Spikes that leave one core for the same cores. */
export interface Flow {
  readonly group: string
  readonly from: number
  readonly targets: Uint32Array
  readonly spikes: number
}

/** All spikes that have a target, by group, core and fan. */
export function flowsOf(
  { groups }: Network,
  { coreOf, reach }: Destinations,
  spikes: ReadonlyMap<string, Float64Array>,
): readonly Flow[] {
  return groups.flatMap(({ name: group, size }) => {
    const { fanOf, partsOf } = reach.get(group) as Reach
    const [cores, own] = [coreOf.get(group), spikes.get(group)]
    const sums = new Map<string, { readonly from: number; readonly fan: number; spikes: number }>()
    for (let unit = 0; unit < size; unit++) {
      const [from, fan] = [cores?.[unit] as number, fanOf[unit] as number]
      const key = `${from} ${fan}`
      const sum = sums.get(key) ?? { from, fan, spikes: 0 }
      sum.spikes += own?.[unit] as number
      sums.set(key, sum)
    }
    return [...sums.values()]
      .filter((sum) => sum.fan !== 0 && sum.spikes > 0)
      .map(({ from, fan, spikes: count }): Flow => ({ group, from, targets: partsOf(fan), spikes: count }))
  })
}
