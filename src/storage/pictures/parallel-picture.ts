import { panel, upwardOf } from './axes.js'
import { label } from './label.js'
import { picture, TITLE_HEIGHT } from './picture.js'
import { linearScale, logScale, type Span } from './scale.js'
import { element, type Markup, pixels } from './svg.js'
import { swatches } from './swatches.js'
import { THEME } from './theme.js'
import { linearTicks, logTicks } from './ticks.js'

export interface ParallelAxis {
  readonly title: string
  /** Numbers, or values that are written as they are, evenly spread. */
  readonly kind: 'linear' | 'log' | 'words'
  /** Numbers between whose least and most it lies, or all of the words. */
  readonly values: readonly unknown[]
}

export interface ParallelLine {
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
  /** A value of the objective in words. */
  readonly show: (value: number) => string
}

const [WIDTH, MARGIN, TOP, HEIGHT] = [880, 110, TITLE_HEIGHT + 44, 300]
/** Between two axes, at least. */
const PITCH = 150
/** Where failed lines end, below the axis. */
const FAILED = TOP + HEIGHT + 26
const MOST_LINES = 1000
const MOST_WORDS = 12

/**
 * Parallel coordinates: an axis for everything that is varied and, on the right, for the objective; a line for every setting,
 * from orange for the worst to blue for the best, which is drawn thick. Those that failed are dashed.
 */
export function parallelPicture({ title, subtitle, axes, lines, show }: ParallelOptions): string {
  const pitch = Math.max(PITCH, (WIDTH - 2 * MARGIN) / (axes.length - 1))
  const width = 2 * MARGIN + pitch * (axes.length - 1)
  const area = { left: MARGIN - 12, top: TOP - 12, width: width - 2 * MARGIN + 24, height: HEIGHT + 24 }
  const placed = axes.map((axis, k) => ({ x: MARGIN + k * pitch, axis, ...placesOf(axis) }))
  const [best, worst] = [lines.find(isThrough), lines.findLast(isThrough)].map((line) => Number(line?.values.at(-1)))
  const shown = lines.slice(0, MOST_LINES)
  const drawn = shown.toReversed().map((line) => {
    const points = placed.map(({ x, at }, k) => {
      const isEnd = k === placed.length - 1 && !isThrough(line)
      return `${pixels(x)} ${pixels(isEnd ? FAILED : at(line.values[k]))}`
    })
    const share = (Number(line.values.at(-1)) - Number(worst)) / (Number(best) - Number(worst))
    const style = isThrough(line)
      ? { stroke: mixed(Number.isFinite(share) ? share : 1), 'stroke-width': line.isBest ? 4 : 1.3 }
      : { stroke: THEME.muted, 'stroke-dasharray': '5 4' }
    return element('path', { d: `M${points.join('L')}`, fill: 'none', ...style }, element('title', {}, line.name))
  })
  const key = swatches(
    { left: 24, top: FAILED + 34, right: width - 24 },
    lines.some(isThrough)
      ? [
          { text: `best: ${show(Number(best))}`, fill: mixed(1) },
          { text: `worst: ${show(Number(worst))}`, fill: mixed(0) },
        ]
      : [],
  )
  const leftOut = shown.length === lines.length ? '' : `; the first ${MOST_LINES} are drawn`
  return picture(
    { width, height: key.bottom + 14, title, subtitle: `${subtitle}${leftOut}` },
    panel(area),
    ...drawn,
    ...placed.map(drawAxis),
    ...(shown.every(isThrough) ? [] : [label('failed', { x: width - MARGIN + 8, y: FAILED + 4, colour: THEME.muted })]),
    key.markup,
  )
}

function isThrough({ values }: ParallelLine): boolean {
  return values.at(-1) !== null
}

interface Places {
  readonly at: (value: unknown) => number
  readonly ticks: readonly unknown[]
}

function placesOf({ kind, values }: ParallelAxis): Places {
  const range = upwardOf({ left: 0, top: TOP, width: 0, height: HEIGHT })
  if (kind === 'words') {
    const words = values.map((value) => JSON.stringify(value))
    const scale = linearScale({ from: -0.5, to: words.length - 0.5 }, range)
    const step = Math.ceil(words.length / MOST_WORDS)
    return {
      at: (value) => scale(words.indexOf(JSON.stringify(value))),
      ticks: values.filter((_, k) => k % step === 0),
    }
  }
  const span = spanOf(values.map(Number))
  const scale = (kind === 'log' ? logScale : linearScale)(span, range)
  const marks = kind === 'log' ? logTicks(span) : []
  const ticks = marks.length > 1 ? marks : linearTicks(span, 6)
  // Beyond the range of doubles there is no scale.
  const inside = (place: number) => (Number.isFinite(place) ? place : TOP + HEIGHT / 2)
  return { at: (value) => inside(scale(Number(value))), ticks: ticks.filter(Number.isFinite) }
}

/** From the least to the most; around a value that is alone. */
function spanOf(values: readonly number[]): Span {
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (least < most) return { from: least, to: most }
  const [only, room] = least === most ? [least, Math.abs(least) / 2 || 1] : [0, 1]
  return { from: only - room, to: only + room }
}

function drawAxis(
  { x, axis: { title, kind }, at, ticks }: Places & { x: number; axis: ParallelAxis },
  k: number,
): Markup {
  const marks = ticks.map((tick) => `M${pixels(x)} ${pixels(at(tick))}h-5`).join('')
  const words = (tick: unknown) =>
    label(cut(String(kind === 'words' ? JSON.stringify(tick) : tick), 15), {
      ...{ x: x - 8, y: at(tick) + 4, anchor: 'end', colour: THEME.muted },
    })
  return element(
    'g',
    {},
    element('path', { d: `M${pixels(x)} ${TOP}v${HEIGHT}${marks}`, stroke: THEME.slate }),
    ...ticks.map(words),
    // Neighbours have long names, too.
    label(cut(title, 36), { x, y: TOP - (k % 2 === 0 ? 22 : 38), anchor: 'middle', weight: 600 }),
  )
}

/** The end of a path says more than its beginning. */
function cut(text: string, most: number): string {
  return text.length > most ? `…${text.slice(1 - most)}` : text
}

/** @param share from 0, orange, to 1, blue */
function mixed(share: number): string {
  const channel = (colour: string, k: number) => Number.parseInt(colour.slice(2 * k - 1, 2 * k + 1), 16)
  const parts = [1, 2, 3].map((k) =>
    Math.round(channel(THEME.orange, k) * (1 - share) + channel(THEME.blue, k) * share),
  )
  return `rgb(${parts})`
}
