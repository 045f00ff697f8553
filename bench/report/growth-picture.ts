import { acrossOf, bottomAxis, leftAxis, type PlotArea, panel, upwardOf } from '../../dist/storage/pictures/axes.js'
import { curve } from '../../dist/storage/pictures/curve.js'
import { legend } from '../../dist/storage/pictures/legend.js'
import { picture } from '../../dist/storage/pictures/picture.js'
import { logScale } from '../../dist/storage/pictures/scale.js'
import { element } from '../../dist/storage/pictures/svg.js'
import { THEME } from '../../dist/storage/pictures/theme.js'
import { logTicks } from '../../dist/storage/pictures/ticks.js'

export interface GrowthPicture {
  readonly title: string
  readonly subtitle: string
  /** What grows, with its unit. */
  readonly across: string
  /** What is measured, with its unit. */
  readonly upward: string
  readonly points: readonly { readonly size: number; readonly value: number; readonly expected: number }[]
  /** What is drawn beside the points. */
  readonly expectation: string
}

const PLOT_AREA: PlotArea = { left: 86, top: 96, width: 440, height: 260 }

/** Measured values over a size, both axes logarithmic, beside what was to be expected. */
export function growthPicture({ title, subtitle, across, upward, points, expectation }: GrowthPicture): string {
  const sizes = points.map(({ size }) => size)
  const values = points.flatMap(({ value, expected }) => [value, expected])
  const below = { from: Math.min(...sizes) / 1.2, to: Math.max(...sizes) * 1.2 }
  const beside = { from: Math.min(...values) / 1.6, to: Math.max(...values) * 1.6 }
  const x = logScale(below, acrossOf(PLOT_AREA))
  const y = logScale(beside, upwardOf(PLOT_AREA))
  const line = (of: (point: (typeof points)[number]) => number, colour: string) =>
    curve(
      points.map((point) => ({ x: x(point.size), y: y(of(point)) })),
      colour,
    )
  return picture(
    { width: 552, height: 420, title, subtitle },
    legend({ right: PLOT_AREA.left + PLOT_AREA.width, y: PLOT_AREA.top - 14 }, [
      { text: 'measured', colour: THEME.blue },
      { text: expectation, colour: THEME.orange },
    ]),
    panel(PLOT_AREA),
    bottomAxis(PLOT_AREA, { scale: x, ticks: logTicks(below), title: across }),
    leftAxis(PLOT_AREA, { scale: y, ticks: logTicks(beside), title: upward }),
    line(({ expected }) => expected, THEME.orange),
    line(({ value }) => value, THEME.blue),
    ...points.map(({ size, value }) => element('circle', { cx: x(size), cy: y(value), r: 3, fill: THEME.blue })),
  )
}
