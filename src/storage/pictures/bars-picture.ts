import { acrossOf, bottomAxis, type PlotArea, panel } from './axes.js'
import { label } from './label.js'
import { picture, TITLE_HEIGHT } from './picture.js'
import { logScale, type Scale, type Span } from './scale.js'
import { element, type Markup } from './svg.js'
import { type Swatch, swatches } from './swatches.js'
import { THEME } from './theme.js'
import { decadeTicks } from './ticks.js'

/** A bar of a row. */
interface BarPart {
  readonly name: string
  /** From 0; null: unknown. */
  readonly value: number | null
  /** What is known of an unknown value: it is no less; default 0. */
  readonly atLeast?: number
}

/** A row: bars one below the other, and what they come to. */
export interface Bar {
  readonly name: string
  /** What is written at the end of the row. */
  readonly note: string
  readonly parts: readonly BarPart[]
}

export interface BarsOptions {
  readonly title: string
  readonly subtitle: string
  readonly axis: {
    /** What is measured, with its unit. */
    readonly title: string
    readonly format: (tick: number) => string
  }
  /** What hatching stands for. */
  readonly unknown: string
  readonly bars: readonly Bar[]
}

const WIDTH = 880
const NAMES = 190
const NOTES = 150
const BAR = { height: 13, pitch: 16 } as const
const ROW_GAP = 14
const COLOURS = [THEME.blue, THEME.orange, THEME.green, THEME.purple, THEME.vermilion, THEME.slate]
const HATCHED = 'url(#unknown)'
/** Smaller values have no place: 10^-308 is the smallest power of ten that is a normal double. */
const LEAST_EXPONENT = -300

/**
 * Rows of bars over a logarithmic axis: a bar for each part that is not 0, in the colour of its name. What is unknown is
 * hatched in the outline of that colour, from what is known at least to the end.
 */
export function barsPicture({ title, subtitle, axis, unknown, bars }: BarsOptions): string {
  const names = [...new Set(bars.flatMap(({ parts }) => parts.map(({ name }) => name)))]
  const colourOf = (name: string) => COLOURS[names.indexOf(name) % COLOURS.length] ?? THEME.slate
  const domain = domainOf(bars)
  const rows = rowsOf(bars, TITLE_HEIGHT + ROW_GAP / 2)
  const bottom = rows.at(-1)?.bottom ?? TITLE_HEIGHT
  const area: PlotArea = {
    left: 24 + NAMES,
    top: TITLE_HEIGHT,
    width: WIDTH - 48 - NAMES - NOTES,
    height: bottom - TITLE_HEIGHT + ROW_GAP / 2,
  }
  const across = logScale(domain, acrossOf(area))
  const hasUnknown = bars.some(({ parts }) => parts.some(({ value }) => value === null))
  const entries: Swatch[] = names.map((name) => ({ text: name, fill: colourOf(name) }))
  if (hasUnknown) entries.push({ text: unknown, fill: HATCHED })
  const key = swatches({ left: 24, top: area.top + area.height + 62, right: WIDTH - 24 }, entries)
  const drawn = rows.flatMap((row) => drawRow(row, area, across, colourOf))
  return picture(
    { width: WIDTH, height: key.bottom + 10, title, subtitle },
    hatching(),
    panel(area),
    bottomAxis(area, { scale: across, ticks: decadeTicks(domain, 8), format: axis.format, title: axis.title }),
    ...drawn,
    key.markup,
  )
}

/** Powers of ten around all that is known, such that the least of it has a bar. */
function domainOf(bars: readonly Bar[]): Span {
  const known = bars.flatMap(({ parts }) => parts.map(knownOf)).filter((value) => value > 0)
  if (known.length === 0) return { from: 1, to: 10 }
  const least = Math.min(...known)
  const below = Math.floor(Math.log10(least))
  const lowest = Math.max(LEAST_EXPONENT, least < 1.25 * 10 ** below ? below - 1 : below)
  const highest = Math.max(lowest + 1, Math.ceil(Math.log10(Math.max(...known))))
  return { from: 10 ** lowest, to: 10 ** highest }
}

function knownOf({ value, atLeast = 0 }: BarPart): number {
  return value ?? atLeast
}

interface Row {
  readonly bar: Bar
  /** Of its parts, those that are drawn. */
  readonly parts: readonly BarPart[]
  readonly top: number
  readonly bottom: number
}

function rowsOf(bars: readonly Bar[], top: number): readonly Row[] {
  let next = top
  return bars.map((bar) => {
    const parts = bar.parts.filter(({ value }) => value !== 0)
    const row = { bar, parts, top: next, bottom: next + BAR.pitch * Math.max(1, parts.length) }
    next = row.bottom + ROW_GAP
    return row
  })
}

function drawRow(
  { bar, parts, top, bottom }: Row,
  { left, width }: PlotArea,
  across: Scale,
  colourOf: (name: string) => string,
): readonly Markup[] {
  const right = left + width
  const middle = (top + bottom) / 2 + 3
  const drawn = parts.flatMap((part, k): readonly Markup[] => {
    const y = top + k * BAR.pitch
    const known = knownOf(part)
    const end = known > 0 ? Math.max(left, across(known)) : left
    const named = element('title', {}, `${bar.name}: ${part.name}`)
    const colour = colourOf(part.name)
    const box = (x: number, to: number, fill: string) =>
      element('rect', { x, y, width: to - x, height: BAR.height, fill, rx: 2, stroke: colour }, named)
    return [...(end > left ? [box(left, end, colour)] : []), ...(part.value === null ? [box(end, right, HATCHED)] : [])]
  })
  return [
    label(bar.name, { x: left - 10, y: middle, anchor: 'end' }),
    ...drawn,
    label(bar.note, { x: WIDTH - 24, y: middle, anchor: 'end', colour: THEME.muted }),
  ]
}

/** The pattern of what is unknown. */
function hatching(): Markup {
  const stripe = element('path', { d: 'M-2 8L8 -2M0 10L10 0', stroke: THEME.muted, 'stroke-width': 1 })
  const pattern = { id: 'unknown', width: 8, height: 8, patternUnits: 'userSpaceOnUse' }
  return element('defs', {}, element('pattern', pattern, stripe))
}
