import type { CutCycle, CutProjection, Placement } from '../../hardware/placement.js'
import type { CorePlace } from '../../hardware/routing/layout.js'
import { describeSlice } from '../../hardware/slices.js'
import { joined, type Shown, shown } from '../shown.js'
import { formatTable } from '../table.js'

/** More than these would fill the screen. */
const MOST_CROSSINGS = 12

/**
 * A placement as text: what every core holds, then the projections and cycles that are cut, if any.
 *
 * @param places where the cores lie if they are those of a chip, in place of a mesh
 */
export function formatPlacement({ cores, cuts, cycles, latencies }: Placement, places?: readonly CorePlace[]): Shown {
  const rows = cores.map(({ core, column, row, slices, neurons, synapses }, k) => {
    const place = places?.[k]
    const where = place === undefined ? `${column},${row}` : `${place.chip},${place.core}`
    return [core, where, slices.map(describeSlice).join(' '), neurons, synapses]
  })
  const where = places === undefined ? 'column,row' : 'of chip,core'
  const tables = [formatTable(['core', where, 'slices', 'neurons', 'synapses'], rows)]
  if (cuts.length > 0) tables.push(formatTable(['cut projection', 'from core -> to core'], cuts.map(cutRow)))
  if (cycles.length > 0) tables.push(formatTable(['cut cycle', 'lookahead (ms)'], cycles.map(cycleRow)))
  const longest = (latencies ?? []).flat().reduce((most, latency) => Math.max(most, latency), 0)
  if (longest > 0) tables.push(shown`latencies between cores, up to ${longest} ms, are part of the model\n`)
  return joined(tables, '\n')
}

function cutRow({ key, crossings }: CutProjection) {
  const shown = crossings.slice(0, MOST_CROSSINGS).map(({ from, to }) => `${from}->${to}`)
  const more = crossings.length - shown.length
  return [key, `${shown.join(' ')}${more === 0 ? '' : ` and ${more} more`}`]
}

function cycleRow({ groups, lookahead }: CutCycle) {
  return [[...groups, groups[0]].join(' -> '), lookahead]
}
