import { acrossOf, bottomAxis, leftAxis, type PlotArea, panel, upwardOf } from '../../../dist/storage/pictures/axes.js'
import { curve } from '../../../dist/storage/pictures/curve.js'
import { legend } from '../../../dist/storage/pictures/legend.js'
import { picture, TITLE_HEIGHT } from '../../../dist/storage/pictures/picture.js'
import { linearScale, logScale } from '../../../dist/storage/pictures/scale.js'
import { element, type Markup, pixels } from '../../../dist/storage/pictures/svg.js'
import { THEME } from '../../../dist/storage/pictures/theme.js'
import { linearTicks } from '../../../dist/storage/pictures/ticks.js'
import type { Contest } from './contests.js'
import type { Ladder } from './ladders.js'
import type { Accuracy, Level, Robustness } from './measure-contest.js'

/** Of a panel with its axis. */
const PANEL_WIDTH = 444
const MARGIN = 16

function areaOf(k: number): PlotArea {
  return { left: 78 + k * PANEL_WIDTH, top: 112, width: 356, height: 250 }
}

const COLOURS = [THEME.blue, THEME.orange, THEME.green, THEME.purple]

/** Accuracy against each kind of noise, side by side; bands are one standard deviation, dashes what nobody exceeds. */
export function robustnessPicture(
  { task, draws, ladders, quiet }: Robustness,
  { contestants, ladders: known }: Pick<Contest, 'contestants' | 'ladders'>,
): string {
  const found = ladders.flatMap(({ levels }) => levels.flatMap(({ accuracy }) => Object.values(accuracy)))
  const lowest = Math.min(...found.map(foot))
  const span = { from: Math.max(0, Math.floor(lowest / 10) * 10), to: 100 }
  const panels = ladders.flatMap(({ noise, levels: measured, ceiling = [] }, k) => {
    const ladder = known.find((each) => each.noise === noise) as Ladder
    return ladderPanel(areaOf(k), { ladder, measured, ceiling, span, contestants })
  })
  const without = contestants.map(({ row }) => quiet[row]?.mean.toFixed(1)).join(', ')
  const width = MARGIN + ladders.length * PANEL_WIDTH
  return picture(
    {
      width,
      height: 434,
      title: `${task}: test accuracy on noisy devices`,
      subtitle: `${draws === 1 ? 'one device' : `${draws} devices`} a network; without noise ${without} %; bands: one standard deviation`,
    },
    legend({ right: width - 26, y: TITLE_HEIGHT + 10 }, [
      ...contestants.map(({ text }, k) => ({ text, colour: COLOURS[k] as string })),
      ...(ladders.some(({ ceiling }) => ceiling !== undefined) ? [{ text: 'optimal', colour: THEME.slate }] : []),
    ]),
    ...panels,
  )
}

interface Rungs {
  readonly ladder: Ladder
  readonly measured: readonly Level[]
  readonly ceiling: readonly number[]
  readonly span: { readonly from: number; readonly to: number }
  readonly contestants: Contest['contestants']
}

function ladderPanel(area: PlotArea, { ladder, measured, ceiling, span, contestants }: Rungs): Markup[] {
  const shown = measured.map(({ level }) => level * ladder.factor)
  const across = { from: Math.min(...shown) / 1.2, to: Math.max(...shown) * 1.2 }
  const x = logScale(across, acrossOf(area))
  const y = linearScale(span, upwardOf(area))
  const lines = contestants.flatMap(({ row }, c) => {
    const colour = COLOURS[c] as string
    const points = measured.map(({ accuracy }, k) => ({ x: x(shown[k] as number), ...(accuracy[row] as Accuracy) }))
    const edge = (end: (accuracy: Accuracy) => number) =>
      points.map((point) => `${pixels(point.x)} ${pixels(y(end(point)))}`)
    const outline = [...edge(head), ...edge(foot).toReversed()]
    return [
      element('path', { d: `M${outline.join('L')}Z`, fill: colour, 'fill-opacity': 0.15 }),
      curve(
        points.map((point) => ({ x: point.x, y: y(point.mean) })),
        colour,
      ),
    ]
  })
  return [
    panel(area),
    bottomAxis(area, { scale: x, ticks: shown, title: ladder.title }),
    leftAxis(area, { scale: y, ticks: linearTicks(span, 6), title: 'accuracy (%)' }),
    ...lines,
    dashed(ceiling.map((accuracy, k) => `${pixels(x(shown[k] as number))} ${pixels(y(accuracy))}`)),
  ]
}

function dashed(points: readonly string[]): Markup {
  const line = { fill: 'none', stroke: THEME.slate, 'stroke-width': 1.4, 'stroke-dasharray': '5 4' }
  return element('g', {}, ...(points.length === 0 ? [] : [element('path', { d: `M${points.join('L')}`, ...line })]))
}

function foot({ mean, std }: Accuracy): number {
  return Math.max(0, mean - (std ?? 0))
}

function head({ mean, std }: Accuracy): number {
  return Math.min(100, mean + (std ?? 0))
}
