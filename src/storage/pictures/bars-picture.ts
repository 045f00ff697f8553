import { label } from './label.js'
import { picture, TITLE_HEIGHT } from './picture.js'
import { element, type Markup } from './svg.js'
import { THEME } from './theme.js'

/** A part of a bar. */
export interface BarPart {
  readonly name: string
  /** From 0; null: unknown. */
  readonly value: number | null
}

export interface Bar {
  readonly name: string
  /** What is written behind it. */
  readonly note: string
  readonly parts: readonly BarPart[]
}

export interface BarsOptions {
  readonly title: string
  readonly subtitle: string
  readonly bars: readonly Bar[]
}

const WIDTH = 880
const ROW = 40
const NAMES = 190
const NOTES = 200
const COLOURS = [THEME.blue, THEME.orange, THEME.green, THEME.purple, THEME.vermilion, THEME.slate]
/** So many px wide a part must be to bear its name. */
const NAMED = 74

/** Bars one below the other, each of parts whose names stand in them; unknown parts are hatched at the end. */
export function barsPicture({ title, subtitle, bars }: BarsOptions): string {
  const longest = bars.reduce((most, bar) => Math.max(most, lengthOf(bar)), 0)
  const names = [...new Set(bars.flatMap(({ parts }) => parts.map(({ name }) => name)))]
  const colourOf = (name: string) => COLOURS[names.indexOf(name) % COLOURS.length] ?? THEME.slate
  const across = (value: number) => (longest === 0 ? 0 : (value / longest) * (WIDTH - 48 - NAMES - NOTES))
  const drawn = bars.flatMap((bar, row) => drawBar(bar, TITLE_HEIGHT + 16 + row * ROW, across, colourOf))
  return picture({ width: WIDTH, height: TITLE_HEIGHT + 36 + bars.length * ROW, title, subtitle }, hatching(), ...drawn)
}

function lengthOf({ parts }: Bar): number {
  return parts.reduce((sum, { value }) => sum + (value ?? 0), 0)
}

function drawBar(
  bar: Bar,
  top: number,
  across: (value: number) => number,
  colourOf: (name: string) => string,
): readonly Markup[] {
  const left = 24 + NAMES
  const middle = top + ROW / 2 - 4
  let at = left
  const parts = bar.parts.flatMap(({ name, value }): readonly Markup[] => {
    const width = across(value ?? 0)
    if (width === 0) return []
    const x = at
    at += width
    const box = element('rect', { x, y: top, width, height: ROW - 14, fill: colourOf(name), rx: 2 })
    if (width < NAMED) return [element('g', {}, element('title', {}, name), box)]
    return [box, label(name, { x: x + width / 2, y: middle, anchor: 'middle', size: 11, colour: '#ffffff' })]
  })
  const isUnknown = bar.parts.some(({ value }) => value === null)
  const open = isUnknown
    ? [element('rect', { x: at, y: top, width: 26, height: ROW - 14, fill: 'url(#unknown)', stroke: THEME.muted })]
    : []
  const behind = at + (isUnknown ? 34 : 8)
  return [
    label(bar.name, { x: left - 10, y: middle, anchor: 'end' }),
    ...parts,
    ...open,
    label(bar.note, { x: behind, y: middle, colour: THEME.muted }),
  ]
}

/** The pattern of what is unknown. */
function hatching(): Markup {
  const stripe = element('path', { d: 'M-2 8L8 -2M0 10L10 0', stroke: THEME.muted, 'stroke-width': 1 })
  const pattern = { id: 'unknown', width: 8, height: 8, patternUnits: 'userSpaceOnUse' }
  return element('defs', {}, element('pattern', pattern, stripe))
}
