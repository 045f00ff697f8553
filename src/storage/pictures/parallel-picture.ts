import { panel, upwardOf } from './axes.js'
import { label } from './label.js'
import { picture, TITLE_HEIGHT } from './picture.js'
import { linearScale, logScale, type Span } from './scale.js'
import { element, type Markup, pixels } from './svg.js'
import { THEME } from './theme.js'
import { linearTicks, logTicks } from './ticks.js'

export interface ParallelAxis {
  readonly title: string
  /** Numbers, or values that are written as they are, evenly spread. */
  readonly kind: 'linear' | 'log' | 'words'
  /** Numbers between whose least and most it lies, or all of the words. */
  readonly values: readonly unknown[]
}

interface ParallelLine {
  readonly name: string
  /** One for every axis; null at the last one: it failed. */
  readonly values: readonly unknown[]
  readonly isBest: boolean
}

export interface ParallelOptions {
  readonly title: string
  readonly subtitle: string
  /** The last one is that of the objective. */
  readonly axes: readonly ParallelAxis[]
  /** The best one first; those that failed last. */
  readonly lines: readonly ParallelLine[]
}

const [WIDTH, MARGIN, TOP, HEIGHT] = [880, 110, TITLE_HEIGHT + 44, 300]
/** Between two axes, at least. */
const PITCH = 150
/** Where failed lines end, below the axis. */
const FAILED = TOP + HEIGHT + 26
const MOST_WORDS = 12
/** Less than this has no digits to be divided. */
const LEAST = 1e-300

/**
 * Parallel coordinates: an axis for everything that is varied and, on the right, for the objective; a line for every setting,
 * from orange for the worst to blue for the best, which is drawn thick. Those that failed are dashed.
 */
export function parallelPicture({ title, subtitle, axes, lines }: ParallelOptions): string {
  const pitch = Math.max(PITCH, (WIDTH - 2 * MARGIN) / (axes.length - 1))
  const width = 2 * MARGIN + pitch * (axes.length - 1)
  const placed = axes.map((axis, k) => ({ x: MARGIN + k * pitch, axis, ...placesOf(axis) }))
  const known = lines.flatMap(({ values }) => (values.at(-1) as number | null) ?? [])
  const [best = 0, worst = 0] = [known[0], known.at(-1)]
  const others = lines.filter(({ isBest }) => !isBest).toReversed()
  const drawn = [...others, ...lines.filter(({ isBest }) => isBest)].map(({ name, values, isBest }) => {
    const reached = values.at(-1) as number | null
    const points = placed.map(({ x, at }, k) => {
      const isEnd = k === placed.length - 1 && reached === null
      return `${pixels(x)} ${pixels(isEnd ? FAILED : at(values[k]))}`
    })
    const style =
      reached === null
        ? { stroke: THEME.muted, 'stroke-dasharray': '5 4' }
        : { stroke: mixed((reached - worst) / (best - worst)), 'stroke-width': isBest ? 4 : 1.3 }
    return element('path', { d: `M${points.join('L')}`, fill: 'none', ...style }, element('title', {}, name))
  })
  return picture(
    { width, height: FAILED + 24, title, subtitle },
    panel({ left: MARGIN - 12, top: TOP - 12, width: width - 2 * MARGIN + 24, height: HEIGHT + 24 }),
    ...drawn,
    ...placed.map(drawAxis),
    ...(known.length === lines.length
      ? []
      : [label('failed', { x: width - MARGIN + 8, y: FAILED + 4, colour: THEME.muted })]),
  )
}

interface Places {
  readonly at: (value: unknown) => number
  readonly ticks: readonly { readonly y: number; readonly text: string }[]
}

function placesOf({ kind, values }: ParallelAxis): Places {
  const range = upwardOf({ left: 0, top: TOP, width: 0, height: HEIGHT })
  if (kind === 'words') {
    const words = values.map((value) => JSON.stringify(value))
    const scale = linearScale({ from: -0.5, to: words.length - 0.5 }, range)
    const step = Math.ceil(words.length / MOST_WORDS)
    const ticks = words.map((text, k) => ({ y: scale(k), text })).filter((_, k) => k % step === 0)
    return { at: (value) => scale(words.indexOf(JSON.stringify(value))), ticks }
  }
  const span = spanOf(values as readonly number[])
  const scale = (kind === 'log' ? logScale : linearScale)(span, range)
  const marks = kind === 'log' ? logTicks(span) : []
  const ticks = (marks.length > 1 ? marks : linearTicks(span, 6)).map((tick) => ({ y: scale(tick), text: `${tick}` }))
  // Beyond the range of doubles there is no scale.
  const at = (value: unknown) => finite(scale(Number(value)), TOP + HEIGHT / 2)
  return { at, ticks: ticks.filter(({ y }) => Number.isFinite(y)) }
}

function finite(value: number, otherwise: number): number {
  return Number.isFinite(value) ? value : otherwise
}

/** From the least to the most; around a value that is alone. */
function spanOf(values: readonly number[]): Span {
  const [from, to] = [Math.min(...values), Math.max(...values)]
  if (to - from > LEAST && to - from < Number.POSITIVE_INFINITY) return { from, to }
  const only = values.length > 0 ? from : 0
  const room = Math.abs(only) > LEAST ? Math.abs(only) / 2 : 1
  return { from: only - room, to: only + room }
}

function drawAxis({ x, axis: { title }, ticks }: Places & { x: number; axis: ParallelAxis }, k: number): Markup {
  const marks = ticks.map(({ y }) => `M${pixels(x)} ${pixels(y)}h-5`).join('')
  return element(
    'g',
    {},
    element('path', { d: `M${pixels(x)} ${TOP}v${HEIGHT}${marks}`, stroke: THEME.slate }),
    ...ticks.map(({ y, text }) => label(cut(text, 15), { x: x - 8, y: y + 4, anchor: 'end', colour: THEME.muted })),
    // Neighbours have long names, too.
    label(cut(title, 36), { x, y: TOP - (k % 2 === 0 ? 22 : 38), anchor: 'middle', weight: 600 }),
  )
}

/** The end of a path says more than its beginning. */
function cut(text: string, most: number): string {
  return text.length > most ? `…${text.slice(1 - most)}` : text
}

/** @param share from 0, THEME.orange, to 1, THEME.blue */
function mixed(share: number): string {
  const blue = finite(share, 1)
  return `rgb(${[230 * (1 - blue), 159 - 45 * blue, 178 * blue].map(Math.round)})`
}
