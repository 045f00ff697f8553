import { acrossOf, bottomAxis, type Frame, leftAxis, panel, upwardOf } from '../../../dist/storage/pictures/axes.js'
import { curve } from '../../../dist/storage/pictures/curve.js'
import { legend } from '../../../dist/storage/pictures/legend.js'
import { picture } from '../../../dist/storage/pictures/picture.js'
import { linearScale, logScale } from '../../../dist/storage/pictures/scale.js'
import { element, type Markup, pixels } from '../../../dist/storage/pictures/svg.js'
import { THEME } from '../../../dist/storage/pictures/theme.js'
import { linearTicks } from '../../../dist/storage/pictures/ticks.js'
import { LADDERS, type Ladder } from './contests.js'
import type { Accuracy, Level, Robustness } from './measure-contest.js'

const FRAMES: readonly Frame[] = [
  { left: 78, top: 104, width: 356, height: 250 },
  { left: 522, top: 104, width: 356, height: 250 },
]

const CONTESTANTS = [
  { of: 'surrogate', text: 'surrogate, weights', colour: THEME.orange },
  { of: 'exact', text: 'exact, all', colour: THEME.blue },
] as const

/** Accuracy against jitter, left, and against mismatch of thresholds, right; bands are one standard deviation. */
export function robustnessPicture({ task, draws, ladders, quiet }: Robustness): string {
  const levels = ladders.flatMap((ladder) => ladder.levels)
  const lowest = Math.min(...levels.flatMap(({ exact, surrogate }) => [foot(exact), foot(surrogate)]))
  const span = { from: Math.max(0, Math.floor(lowest / 10) * 10), to: 100 }
  const panels = ladders.flatMap(({ noise, levels: measured }, k) => {
    const ladder = LADDERS.find((each) => each.noise === noise) as Ladder
    return ladderPanel(FRAMES[k] as Frame, { ladder, measured, span })
  })
  return picture(
    {
      width: 904,
      height: 414,
      title: `${task}: test accuracy on noisy devices`,
      subtitle: `Trained without noise, ${draws} devices a network; without noise ${quiet.exact.mean} and ${quiet.surrogate.mean} %; bands: one standard deviation`,
    },
    ...panels,
  )
}

interface Measured {
  readonly ladder: Ladder
  readonly measured: readonly Level[]
  readonly span: { readonly from: number; readonly to: number }
}

function ladderPanel(frame: Frame, { ladder, measured, span }: Measured): Markup[] {
  const shown = measured.map(({ level }) => level * ladder.factor)
  const across = { from: Math.min(...shown) / 1.2, to: Math.max(...shown) * 1.2 }
  const x = logScale(across, acrossOf(frame))
  const y = linearScale(span, upwardOf(frame))
  const lines = CONTESTANTS.flatMap(({ of, colour }) => {
    const points = measured.map((level, k) => ({ x: x(shown[k] as number), ...level[of] }))
    const edge = (points_: typeof points, end: (accuracy: Accuracy) => number) =>
      points_.map((point) => `${pixels(point.x)} ${pixels(y(end(point)))}`)
    const outline = [...edge(points, head), ...edge(points.toReversed(), foot)]
    return [
      element('path', { d: `M${outline.join('L')}Z`, fill: colour, 'fill-opacity': 0.15 }),
      curve(
        points.map((point) => ({ x: point.x, y: y(point.mean) })),
        colour,
      ),
    ]
  })
  return [
    legend(
      { right: frame.left + frame.width, y: frame.top - 16 },
      CONTESTANTS.map(({ text, colour }) => ({ text, colour })),
    ),
    panel(frame),
    bottomAxis(frame, { scale: x, ticks: shown, title: ladder.title }),
    leftAxis(frame, { scale: y, ticks: linearTicks(span, 6), title: 'accuracy (%)' }),
    ...lines,
  ]
}

function foot({ mean, std }: Accuracy): number {
  return Math.max(0, mean - (std ?? 0))
}

function head({ mean, std }: Accuracy): number {
  return Math.min(100, mean + (std ?? 0))
}
