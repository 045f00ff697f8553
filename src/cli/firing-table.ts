import { entryOf } from '../events/by-name.js'
import { firingStatistics } from '../learning/firing-statistics.js'
import type { Recording } from '../learning/session.js'
import type { Network } from '../network/description/network.js'
import type { Shown } from './shown.js'
import { formatTable } from './table.js'

/** How often and how regularly the recorded groups fired until then. */
export function firingTable({ groups }: Network, { spikes }: Recording, until: number): Shown {
  const rows = groups.flatMap(({ name, size }) => {
    const trains = entryOf(spikes, name)
    if (trains === undefined) return []
    const { rate, cv } = firingStatistics(trains, size, until)
    return [[name, trains.times.length, rate.toFixed(2), cv === null ? '-' : cv.toFixed(3)]]
  })
  return formatTable(['group', 'spikes', 'rate (Hz)', 'cv of intervals'], rows)
}
