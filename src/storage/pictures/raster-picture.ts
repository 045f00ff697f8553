import { type Readers, readRequired } from '../../network/reading/read-fields.js'
import { listOf, readNumbers } from '../../network/reading/read-list.js'
import { integerFrom, readAnyNumber } from '../../network/reading/read-number.js'
import { type Reader, readString } from '../../network/reading/read-value.js'
import { wrongShape } from '../../network/reading/wrong-value.js'
import { acrossOf, bottomAxis } from './axes.js'
import { picture, TITLE_HEIGHT } from './picture.js'
import { GAP, type RasterGroup, rasterBands } from './raster-bands.js'
import { linearScale } from './scale.js'
import { linearTicks } from './ticks.js'
import { type VoltageGroup, voltageBands } from './voltage-bands.js'

export type { RasterGroup } from './raster-bands.js'
export type { VoltageGroup } from './voltage-bands.js'

export interface RasterOptions {
  readonly title: string
  readonly subtitle?: string
  /** End of the time axis in ms; later spikes are left out. */
  readonly until: number
  /** From top to bottom. */
  readonly groups: readonly RasterGroup[]
  /** Below them; default: none. */
  readonly voltages?: readonly VoltageGroup[]
}

const GROUP: Readers<RasterGroup> = {
  name: readString,
  size: integerFrom(1),
  times: readNumbers,
  units: readNumbers,
  shown: listOf(integerFrom(0)),
  colour: readString,
}

const readGroup: Reader<RasterGroup> = (value, field) =>
  readRequired(value, GROUP, ['name', 'size', 'times', 'units'], field)

const VOLTAGES: Readers<VoltageGroup> = {
  name: readString,
  size: integerFrom(1),
  times: readNumbers,
  values: readNumbers,
}

const readVoltages: Reader<VoltageGroup> = (value, field) => {
  const group = readRequired(value, VOLTAGES, ['name', 'size', 'times', 'values'], field)
  const expected = group.size * group.times.length
  if (group.values.length === expected) return group
  throw wrongShape(`${field}.values`, `${group.values.length} numbers`, `${expected}: one per unit and time`)
}

const READERS: Readers<RasterOptions> = {
  title: readString,
  subtitle: readString,
  until: readAnyNumber,
  groups: listOf(readGroup),
  voltages: listOf(readVoltages),
}

const WIDTH = 880

/**
 * A spike raster of one trial: a band per group with unit 0 at the bottom, a mark per spike, time in ms; below it voltages, a
 * band per group with a line per unit.
 */
export function rasterPicture(options: RasterOptions): string {
  const { title, subtitle, until, groups, voltages } = readRequired(options, READERS, ['title', 'until', 'groups'])
  const span = { from: 0, to: until }
  const spikes = rasterBands(groups, { top: TITLE_HEIGHT, width: WIDTH }, span)
  const bottom = spikes.area.top + spikes.area.height
  const below = voltageBands(voltages ?? [], { top: bottom + (groups.length === 0 ? 0 : GAP), width: WIDTH }, span)
  const hasVoltages = voltages !== undefined && voltages.length > 0
  const area = hasVoltages ? { ...spikes.area, height: below.area.top + below.area.height - TITLE_HEIGHT } : spikes.area
  const scale = linearScale(span, acrossOf(area))
  return picture(
    { width: WIDTH, height: area.top + area.height + 58, title, ...(subtitle === undefined ? {} : { subtitle }) },
    ...spikes.markup.panels,
    ...below.panels,
    bottomAxis(area, { scale, ticks: linearTicks(span, 8), title: 'time (ms)' }),
    ...spikes.markup.bands,
    ...below.bands,
  )
}
