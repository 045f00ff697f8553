import { type Readers, readRequired } from '../../network/reading/read-fields.js'
import { listOf, readList } from '../../network/reading/read-list.js'
import { readAnyNumber } from '../../network/reading/read-number.js'
import { type Reader, readObject, readRecord, readString } from '../../network/reading/read-value.js'
import { binStart } from '../recording/interval-bins.js'
import type { GroupFigures, RecordingFigures } from '../recording/recording-figures.js'
import { acrossOf, bottomAxis, leftAxis, type PlotArea, panel, upwardOf } from './axes.js'
import { curve } from './curve.js'
import { label } from './label.js'
import { legend } from './legend.js'
import { picture, TITLE_HEIGHT } from './picture.js'
import { groupColour, rasterBands } from './raster-bands.js'
import { linearScale, logScale } from './scale.js'
import type { Markup } from './svg.js'
import { linearTicks, logTicks } from './ticks.js'

export interface RecordingPictureOptions {
  readonly title: string
  readonly figures: RecordingFigures
}

/** Figures are what `recordingFigures` has found. */
const readFigures: Reader<RecordingFigures> = (value, field) => {
  const { span, raster, groups, bin } = readRecord(value, field)
  for (const [name, window] of Object.entries({ span, raster })) {
    const { start, end } = readRecord(window, `${field}.${name}`)
    readAnyNumber(start, `${field}.${name}.start`)
    readAnyNumber(end, `${field}.${name}.end`)
  }
  readAnyNumber(bin, `${field}.bin`)
  listOf(readObject)(readList(groups, `${field}.groups`), `${field}.groups`)
  return value as RecordingFigures
}

const READERS: Readers<RecordingPictureOptions> = { title: readString, figures: readFigures }

const WIDTH = 880
const BELOW_AXIS = 86
const PANEL_HEIGHT = 150
const PANEL = { left: 132, width: WIDTH - 132 - 28, height: PANEL_HEIGHT } as const

/** A recording: the raster of its last interval, the rate of each group, and how its intervals are distributed. */
export function recordingPicture(options: RecordingPictureOptions): string {
  const { title, figures } = readRequired(options, READERS, ['title', 'figures'])
  const { raster, span, groups } = figures
  const shown = { from: raster.start, to: raster.end }
  const bands = rasterBands(groups, { top: TITLE_HEIGHT + 16, width: WIDTH }, shown)
  const rate: PlotArea = { ...PANEL, top: bands.area.top + bands.area.height + BELOW_AXIS }
  const intervals: PlotArea = { ...PANEL, top: rate.top + PANEL_HEIGHT + BELOW_AXIS }
  const subtitle = `${round(span.start)} to ${round(span.end)} ms; raster of the last ${Number((raster.end - raster.start).toPrecision(3))} ms`
  return picture(
    { width: WIDTH, height: intervals.top + PANEL_HEIGHT + 58, title, subtitle },
    ...bands.markup.panels,
    bottomAxis(bands.area, {
      scale: linearScale(shown, acrossOf(bands.area)),
      ticks: linearTicks(shown, 8),
      title: 'time (ms)',
    }),
    ...bands.markup.bands,
    ...ratePanel(figures, rate),
    ...intervalPanel(figures, intervals),
  )
}

function heading(text: string, { left, top }: PlotArea): Markup {
  return label(text, { x: left, y: top - 12, size: 13, weight: 600 })
}

function key(
  groups: readonly GroupFigures[],
  { left, width, top }: PlotArea,
  text: (group: GroupFigures) => string,
): Markup {
  const entries = groups.map((group, k) => ({ text: text(group), colour: groupColour(k) }))
  return legend({ right: left + width, y: top - 16 }, entries)
}

function ratePanel({ groups, span, bin }: RecordingFigures, area: PlotArea): Markup[] {
  const domain = { from: span.start, to: span.end }
  const across = linearScale(domain, acrossOf(area))
  const highest = Math.max(1e-9, ...groups.flatMap(({ rates }) => [...rates])) * 1.08
  const upward = linearScale({ from: 0, to: highest }, upwardOf(area))
  const middle = (at: number) => Math.min(span.end, span.start + (at + 0.5) * bin)
  return [
    heading('Population rate', area),
    key(groups, area, ({ name, rate }) => `${name} ${rate.toPrecision(3)} Hz`),
    panel(area),
    bottomAxis(area, { scale: across, ticks: linearTicks(domain, 8), title: `time (ms), bins of ${bin} ms` }),
    leftAxis(area, { scale: upward, ticks: linearTicks({ from: 0, to: highest }, 4), title: 'rate (Hz)' }),
    ...groups.map(({ rates }, k) =>
      curve(
        Array.from(rates, (rate, at) => ({ x: across(middle(at)), y: upward(rate) })),
        groupColour(k),
      ),
    ),
  ]
}

function intervalPanel({ groups }: RecordingFigures, area: PlotArea): Markup[] {
  const sharesOf = ({ intervals }: GroupFigures) => {
    const total = intervals.reduce((sum, count) => sum + count, 0)
    return Array.from(intervals, (count) => (total === 0 ? 0 : (100 * count) / total))
  }
  const shares = groups.map(sharesOf)
  const used = shares.flatMap((each) => each.flatMap((share, bin) => (share > 0 ? [bin] : [])))
  const [first, last] = used.length === 0 ? [0, 9] : [Math.min(...used), Math.max(...used)]
  const domain = { from: binStart(first - 1), to: binStart(last + 2) }
  const across = logScale(domain, acrossOf(area))
  const highest = Math.max(1e-9, ...shares.flat()) * 1.08
  const upward = linearScale({ from: 0, to: highest }, upwardOf(area))
  const bins = Array.from({ length: last - first + 3 }, (_, k) => first - 1 + k)
  return [
    heading('Intervals between spikes', area),
    key(groups, area, ({ name, cv }) => `${name} CV ${cv === null ? '–' : cv.toFixed(2)}`),
    panel(area),
    bottomAxis(area, { scale: across, ticks: logTicks(domain), title: 'interval (ms), log scale' }),
    leftAxis(area, { scale: upward, ticks: linearTicks({ from: 0, to: highest }, 4), title: 'share (%)' }),
    ...shares.map((each, k) =>
      curve(
        bins.map((bin) => ({ x: across(binStart(bin + 0.5)), y: upward(each[bin] ?? 0) })),
        groupColour(k),
      ),
    ),
  ]
}

function round(time: number): string {
  return String(Number(time.toPrecision(6)))
}
