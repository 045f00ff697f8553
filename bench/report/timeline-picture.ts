import { acrossOf, bottomAxis, type PlotArea, panel } from '../../dist/storage/pictures/axes.js'
import { label } from '../../dist/storage/pictures/label.js'
import { legend } from '../../dist/storage/pictures/legend.js'
import { picture } from '../../dist/storage/pictures/picture.js'
import { linearScale } from '../../dist/storage/pictures/scale.js'
import { element } from '../../dist/storage/pictures/svg.js'
import { THEME } from '../../dist/storage/pictures/theme.js'
import { linearTicks } from '../../dist/storage/pictures/ticks.js'
import { ACTIVITIES, type Activity, type Timeline } from '../measure/timeline.js'

const COLOURS: Readonly<Record<Activity, string>> = {
  kernels: THEME.blue,
  'loss, optimiser, report': THEME.green,
  messages: THEME.orange,
  'sums sent and added': THEME.orange,
  'waiting for sums': THEME.area,
  orders: THEME.purple,
}

const LANE = 34
const BAR = 22
/** Shorter ones, in px, could not be seen. */
const LEAST_WIDTH = 0.6

/** What every process does in the course of a mini-batch; white is waiting, and what is not told apart. */
export function timelinePicture(title: string, subtitle: string, { length, processes }: Timeline): string {
  const area: PlotArea = { left: 110, top: 100, width: 620, height: LANE * processes.length + 8 }
  const span = { from: 0, to: length }
  const occurring = ACTIVITIES.filter((activity) => {
    return processes.some(({ intervals }) => intervals.some((each) => each.activity === activity))
  })
  const x = linearScale(span, acrossOf(area))
  const bars = processes.flatMap(({ name, intervals }, lane) => {
    const y = area.top + 4 + LANE * lane + (LANE - BAR) / 2
    return [
      label(name, { x: area.left - 10, y: y + BAR / 2 + 4, anchor: 'end' }),
      ...intervals.map(({ activity, start, end }) => {
        const width = Math.max(LEAST_WIDTH, x(end) - x(start))
        return element('rect', { x: x(start), y, width, height: BAR, fill: COLOURS[activity] })
      }),
    ]
  })
  return picture(
    { width: 756, height: area.top + area.height + 62, title, subtitle },
    legend(
      { right: area.left + area.width, y: area.top - 16 },
      occurring.map((activity) => ({ text: activity, colour: COLOURS[activity] })),
    ),
    panel(area),
    bottomAxis(area, { scale: x, ticks: linearTicks(span, 8), title: 'time in the mini-batch (ms)' }),
    ...bars,
  )
}
