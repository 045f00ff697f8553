import { type Readers, readRequired } from '../../network/reading/read-fields.js'
import { listOf, readNumbers } from '../../network/reading/read-list.js'
import { integerFrom, readAnyNumber } from '../../network/reading/read-number.js'
import { type Reader, readString } from '../../network/reading/read-value.js'
import { acrossOf, bottomAxis } from './axes.js'
import { picture, TITLE_HEIGHT } from './picture.js'
import { type RasterGroup, rasterBands } from './raster-bands.js'
import { linearScale } from './scale.js'
import { linearTicks } from './ticks.js'

export type { RasterGroup } from './raster-bands.js'

export interface RasterOptions {
  readonly title: string
  readonly subtitle?: string
  /** End of the time axis in ms; later spikes are left out. */
  readonly until: number
  /** From top to bottom. */
  readonly groups: readonly RasterGroup[]
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

const READERS: Readers<RasterOptions> = {
  title: readString,
  subtitle: readString,
  until: readAnyNumber,
  groups: listOf(readGroup),
}

const WIDTH = 880

/** A spike raster of one trial: a band per group with unit 0 at the bottom, a mark per spike, time in ms. */
export function rasterPicture(options: RasterOptions): string {
  const { title, subtitle, until, groups } = readRequired(options, READERS, ['title', 'until', 'groups'])
  const span = { from: 0, to: until }
  const { area, markup } = rasterBands(groups, { top: TITLE_HEIGHT, width: WIDTH }, span)
  const scale = linearScale(span, acrossOf(area))
  return picture(
    { width: WIDTH, height: area.top + area.height + 58, title, ...(subtitle === undefined ? {} : { subtitle }) },
    ...markup.panels,
    bottomAxis(area, { scale, ticks: linearTicks(span, 8), title: 'time (ms)' }),
    ...markup.bands,
  )
}
