import type { GroupSlice } from '../../network/slices/group-slice.js'
import type { CoreMeter, CoreNeed } from '../reach/core-meter.js'
import type { SlicesPerCore } from '../require-slices.js'
import type { AxonsOut } from './axons-out.js'
import { isEnough, type ResourceUse } from './core-limits.js'

/**
 * Puts groups onto cores, each on cores of its own; what is left over at the end of a group goes to the first core with room
 * that holds such rests.
 */
export function packNetwork(
  groups: readonly (readonly GroupSlice[])[],
  meter: CoreMeter,
  usesOf: (need: CoreNeed) => readonly ResourceUse[],
  { limit, out }: { readonly limit: number; readonly out: AxonsOut },
): SlicesPerCore {
  const cores: GroupSlice[][] = []
  const rests: GroupSlice[][] = []
  const hasRoom = (rest: readonly GroupSlice[], slice: GroupSlice) => {
    // Groups that share a core are one destination less for every group that sends to both, never one more.
    if ([...rest, slice].reduce((sum, each) => sum + out.sumOf(each), 0) > limit) return false
    meter.reset()
    for (const each of [...rest, slice]) meter.add(each)
    return usesOf(meter.need()).every(isEnough)
  }
  for (const slices of groups) {
    for (const slice of slices.slice(0, -1)) cores.push([slice])
    const last = slices.at(-1)
    if (last === undefined) continue
    const rest = rests.find((each) => hasRoom(each, last))
    if (rest !== undefined) rest.push(last)
    else {
      rests.push([last])
      cores.push(rests.at(-1) as GroupSlice[])
    }
  }
  return cores
}
