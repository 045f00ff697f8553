import { ADVANCE, label } from './label.js'
import { element, type Markup } from './svg.js'

export interface LegendEntry {
  readonly text: string
  readonly colour: string
}

const LINE = 18

/** Line samples with their names in one row that ends at `right`. */
export function legend({ right, y }: { right: number; y: number }, entries: readonly LegendEntry[]): Markup {
  let end = right
  const drawn = entries.toReversed().map(({ text, colour }) => {
    const start = end - text.length * ADVANCE
    end = start - LINE - 20
    const line = { x1: start - LINE - 6, y1: y, x2: start - 6, y2: y, stroke: colour, 'stroke-width': 3 }
    return element(
      'g',
      {},
      element('line', { ...line, 'stroke-linecap': 'round' }),
      label(text, { x: start, y: y + 4 }),
    )
  })
  return element('g', {}, ...drawn.toReversed())
}
