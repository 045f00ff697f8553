import { ADVANCE, label } from './label.js'
import { element, type Markup } from './svg.js'
import { THEME } from './theme.js'

/** What a fill stands for. */
export interface Swatch {
  readonly text: string
  readonly fill: string
}

const LINE = 20

/** Boxes with their texts, from left to right, in as many lines as they take; `bottom` is where the last one ends. */
export function swatches(
  { left, top, right }: { readonly left: number; readonly top: number; readonly right: number },
  entries: readonly Swatch[],
): { readonly markup: Markup; readonly bottom: number } {
  let x = left
  let y = top
  const drawn = entries.flatMap(({ text, fill }) => {
    const width = 34 + ADVANCE * text.length
    if (x > left && x + width > right) {
      x = left
      y += LINE
    }
    const from = x
    x += width
    const box = { x: from, y: y - 10, width: 12, height: 12, fill, rx: 2, stroke: THEME.area }
    return [element('rect', box), label(text, { x: from + 18, y })]
  })
  return { markup: element('g', {}, ...drawn), bottom: entries.length === 0 ? top - LINE : y + 8 }
}
