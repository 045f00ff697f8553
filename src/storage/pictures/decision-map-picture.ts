import { LEFT_DOT, R_BIG, R_SMALL, RIGHT_DOT, YIN_YANG_CLASSES } from '../../data/yin-yang-disc.js'
import { type Readers, readRequired } from '../../network/reading/read-fields.js'
import { listOf, readNumbers } from '../../network/reading/read-list.js'
import { integerFrom, readAnyNumber } from '../../network/reading/read-number.js'
import { type Reader, readFunction, readRecord, readString } from '../../network/reading/read-value.js'
import { acrossOf, bottomAxis, leftAxis, type PlotArea, upwardOf } from './axes.js'
import { label } from './label.js'
import { picture } from './picture.js'
import { regionOutline } from './region-outline.js'
import { linearScale } from './scale.js'
import { element, type Markup, pixels } from './svg.js'
import { THEME } from './theme.js'

/** The edge of the disc as an SVG path in the unit square. */
const DISC_OUTLINE = circle({ x: R_BIG, y: R_BIG }, R_BIG)

/** Every true border between classes, and the edge of the disc, as an SVG path in the unit square. */
const YIN_YANG_LINES = [
  DISC_OUTLINE,
  circle(LEFT_DOT, R_SMALL),
  circle(RIGHT_DOT, R_SMALL),
  // Below the left dot and above the right one, through the centre.
  `M0 ${R_BIG}${arc(R_BIG / 2, { x: R_BIG, y: R_BIG }, 1)}${arc(R_BIG / 2, { x: 2 * R_BIG, y: R_BIG }, 0)}`,
].join('')

interface Place {
  readonly x: number
  readonly y: number
}

function circle({ x, y }: Place, radius: number): string {
  const left = { x: x - radius, y }
  return `M${left.x} ${y}${arc(radius, { x: x + radius, y }, 1)}${arc(radius, left, 1)}Z`
}

/** Half a circle to a place; `sweep` 1 runs counterclockwise where y points upward. */
function arc(radius: number, { x, y }: Place, sweep: 0 | 1): string {
  return `A${radius} ${radius} 0 0 ${sweep} ${x} ${y}`
}

export interface DecisionPoint {
  readonly x: number
  readonly y: number
  readonly label: number
  /** What the network said, -1 for undecided; default: the class of the map's cell. */
  readonly prediction?: number
}

export interface DecisionMapOptions {
  readonly title: string
  readonly subtitle?: string
  /** Cells per side. */
  readonly resolution: number
  /**
   * The class decided at the centre of every cell of [0, 1]^2, -1 undecided; cell (column, row) is entry
   * row · resolution + column, row 0 at y = 0.
   */
  readonly classOf: ArrayLike<number>
  readonly points: readonly DecisionPoint[]
  /** Whether a point lies on the disc; cells outside need no class. */
  readonly inside: (x: number, y: number) => boolean
}

const readPoint: Reader<DecisionPoint> = (value, field) => {
  const { x, y, label: of, prediction } = readRecord(value, field)
  for (const number of [x, y, of, prediction ?? -1]) readAnyNumber(number, field)
  return value as DecisionPoint
}

const READERS: Readers<DecisionMapOptions> = {
  title: readString,
  subtitle: readString,
  resolution: integerFrom(1),
  classOf: readNumbers,
  points: listOf(readPoint),
  inside: readFunction,
}

const PLOT_AREA: PlotArea = { left: 78, top: 84, width: 480, height: 480 }
const TINTS = ['#f9e2ae', '#aed2ea', '#a3d9c6'] as const
const UNDECIDED = '#c9ced4'
const INKS = ['#c27f00', THEME.blue, THEME.green] as const
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1]

/** What a network decides all over the Yin-Yang disc, with the true outline and test points, wrong ones crossed out. */
export function decisionMapPicture(given: DecisionMapOptions): string {
  const required = ['title', 'resolution', 'classOf', 'points', 'inside'] as const
  const options: DecisionMapOptions = readRequired(given, READERS, required)
  const { title, resolution, points } = options
  const decided = extended(options)
  const predicted = ({ x, y, prediction }: DecisionPoint) =>
    prediction ?? decided[cellIndex(y, resolution) * resolution + cellIndex(x, resolution)]
  const wrong = new Set(points.filter((point) => predicted(point) !== point.label))
  const subtitle = options.subtitle ?? `${points.length} test points, ${wrong.size} misclassified`
  const across = linearScale({ from: 0, to: 1 }, acrossOf(PLOT_AREA))
  const upward = linearScale({ from: 0, to: 1 }, upwardOf(PLOT_AREA))
  return picture(
    { width: 760, height: 628, title, subtitle },
    bottomAxis(PLOT_AREA, { scale: across, ticks: TICKS, title: 'x' }),
    leftAxis(PLOT_AREA, { scale: upward, ticks: TICKS, title: 'y' }),
    element('clipPath', { id: 'disc' }, unitPath({ d: DISC_OUTLINE })),
    regions(decided, resolution),
    unitPath({ d: YIN_YANG_LINES, fill: 'none', stroke: THEME.ink, 'stroke-width': 1.4, ...UNSCALED_STROKE }),
    ...INKS.map((ink, of) =>
      dots(
        points.filter((point) => point.label === of && !wrong.has(point)),
        ink,
      ),
    ),
    cross([...wrong].map(({ x, y }) => ({ x: across(x), y: upward(y) }))),
    key(decided.includes(-1)),
  )

  function dots(some: readonly DecisionPoint[], colour: string): Markup {
    const d = some.map(({ x, y }) => `M${pixels(across(x))} ${pixels(upward(y))}h0`).join('')
    return element('path', { d, stroke: colour, 'stroke-width': 3.2, 'stroke-linecap': 'round', opacity: 0.85 })
  }
}

const UNSCALED_STROKE = { 'vector-effect': 'non-scaling-stroke' } as const

/** A path in the coordinates of the unit square, y upward. */
function unitPath(attributes: Readonly<Record<string, string | number>>): Markup {
  const bottom = PLOT_AREA.top + PLOT_AREA.height
  const matrix = `matrix(${PLOT_AREA.width} 0 0 ${-PLOT_AREA.height} ${PLOT_AREA.left} ${bottom})`
  return element('path', { ...attributes, transform: matrix })
}

/** The decided regions, smooth, cut to the disc. */
function regions(decided: Int32Array, resolution: number): Markup {
  const cell = PLOT_AREA.width / resolution
  const matrix = `matrix(${cell} 0 0 ${-cell} ${PLOT_AREA.left} ${PLOT_AREA.top + PLOT_AREA.height})`
  const disc = unitPath({ d: DISC_OUTLINE, fill: UNDECIDED })
  const drawn = TINTS.map((tint, of) => {
    const contains = (column: number, row: number) => decided[row * resolution + column] === of
    // The stroke closes the hairlines between neighbours.
    const style = { fill: tint, stroke: tint, 'stroke-width': 0.8, ...UNSCALED_STROKE }
    return element('path', { d: regionOutline({ resolution, contains }), transform: matrix, ...style })
  })
  return element('g', { 'clip-path': 'url(#disc)' }, disc, ...drawn)
}

/** The classes of all cells, where one outside the disc takes that of the first cell inside on the way to the centre. */
function extended({ resolution, classOf, inside }: DecisionMapOptions): Int32Array {
  const centre = (index: number) => (index + 0.5) / resolution
  const inward = (index: number, step: number) =>
    cellIndex(0.5 + (centre(index) - 0.5) * (1 - step / resolution), resolution)
  return Int32Array.from({ length: resolution * resolution }, (_, cell) => {
    let column = cell % resolution
    let row = Math.floor(cell / resolution)
    for (let step = 1; step < resolution && !inside(centre(column), centre(row)); step++) {
      column = inward(cell % resolution, step)
      row = inward(Math.floor(cell / resolution), step)
    }
    return classOf[row * resolution + column] ?? -1
  })
}

/** The column or row a coordinate from 0 to 1 falls into. */
function cellIndex(coordinate: number, resolution: number): number {
  return Math.min(resolution - 1, Math.max(0, Math.floor(coordinate * resolution)))
}

/** Dark crosses with a light edge, in px. */
function cross(places: readonly { readonly x: number; readonly y: number }[]): Markup {
  const d = places.map(({ x, y }) => `M${pixels(x - 3.5)} ${pixels(y - 3.5)}l7 7m0 -7l-7 7`).join('')
  const stroke = { d, fill: 'none', 'stroke-linecap': 'round' }
  return element(
    'g',
    {},
    element('path', { ...stroke, stroke: THEME.panel, 'stroke-width': 4.2 }),
    element('path', { ...stroke, stroke: THEME.ink, 'stroke-width': 1.8 }),
  )
}

/** The key right of the map. */
function key(undecided: boolean): Markup {
  const left = PLOT_AREA.left + PLOT_AREA.width + 34
  const line = (index: number) => PLOT_AREA.top + 24 + index * 24
  const heading = (text: string, y: number) => label(text, { x: left, y: y + 4, size: 12, weight: 600 })
  const text = (words: string, y: number) => label(words, { x: left + 28, y: y + 4 })
  const swatch = (fill: string, y: number) =>
    element('rect', { x: left, y: y - 7, width: 18, height: 14, rx: 2, fill, stroke: THEME.area })
  const regionNames = [...YIN_YANG_CLASSES, ...(undecided ? ['undecided'] : [])]
  const after = regionNames.length + 1.6
  return element(
    'g',
    {},
    heading('Decision', line(0)),
    ...regionNames.flatMap((name, of) => [swatch(TINTS[of] ?? UNDECIDED, line(of + 1)), text(name, line(of + 1))]),
    heading('Test points', line(after)),
    ...YIN_YANG_CLASSES.flatMap((name, of) => [
      element('circle', { cx: left + 9, cy: line(after + of + 1), r: 3.4, fill: INKS[of] ?? THEME.ink }),
      text(name, line(after + of + 1)),
    ]),
    cross([{ x: left + 9, y: line(after + 4) }]),
    text('misclassified', line(after + 4)),
    element('path', { d: `M${left} ${line(after + 5)}h18`, stroke: THEME.ink, 'stroke-width': 1.4 }),
    text('true outline', line(after + 5)),
  )
}
