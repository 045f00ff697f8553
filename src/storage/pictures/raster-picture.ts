import { acrossOf, bottomAxis, type Frame, panel, upwardOf } from './axes.js'
import { label } from './label.js'
import { picture, TITLE_HEIGHT } from './picture.js'
import { linearScale, type Scale } from './scale.js'
import { element, type Markup, pixels } from './svg.js'
import { THEME } from './theme.js'
import { linearTicks } from './ticks.js'

/** The spikes of one group in one trial. */
export interface RasterGroup {
  readonly name: string
  readonly size: number
  /** In ms, one per spike. */
  readonly times: ArrayLike<number>
  readonly units: ArrayLike<number>
  readonly colour?: string
}

export interface RasterOptions {
  readonly title: string
  readonly subtitle?: string
  /** End of the time axis in ms; later spikes are left out. */
  readonly until: number
  /** From top to bottom. */
  readonly groups: readonly RasterGroup[]
}

const WIDTH = 880
const LEFT = 132
const RIGHT = 28
const GAP = 14
const BAND = { perUnit: 2.5, min: 52, max: 320 } as const
const COLOURS = [THEME.slate, THEME.blue, THEME.vermilion, THEME.green, THEME.purple, THEME.orange] as const

/** A spike raster of one trial: a band per group with unit 0 at the bottom, a mark per spike, time in ms. */
export function rasterPicture({ title, subtitle, until, groups }: RasterOptions): string {
  const bands = stack(groups)
  const bottom = bands.at(-1)?.frame ?? { left: LEFT, top: TITLE_HEIGHT, width: WIDTH - LEFT - RIGHT, height: 0 }
  const scale = linearScale({ from: 0, to: until }, acrossOf(bottom))
  const whole = { ...bottom, top: TITLE_HEIGHT, height: bottom.top + bottom.height - TITLE_HEIGHT }
  return picture(
    { width: WIDTH, height: whole.top + whole.height + 58, title, ...(subtitle === undefined ? {} : { subtitle }) },
    ...bands.map(({ frame }) => panel(frame)),
    bottomAxis(whole, { scale, ticks: linearTicks({ from: 0, to: until }, 8), title: 'time (ms)' }),
    ...bands.map(({ group, frame, colour }) => band(group, frame, { scale, until, colour })),
  )
}

interface Band {
  readonly group: RasterGroup
  readonly frame: Frame
  readonly colour: string
}

function stack(groups: readonly RasterGroup[]): Band[] {
  let top = TITLE_HEIGHT
  return groups.map((group, index) => {
    const height = Math.min(BAND.max, Math.max(BAND.min, group.size * BAND.perUnit))
    const frame = { left: LEFT, top, width: WIDTH - LEFT - RIGHT, height }
    top += height + GAP
    return { group, frame, colour: group.colour ?? COLOURS[index % COLOURS.length] ?? THEME.slate }
  })
}

interface BandStyle {
  readonly scale: Scale
  readonly until: number
  readonly colour: string
}

function band(group: RasterGroup, frame: Frame, { scale, until, colour }: BandStyle): Markup {
  const row = frame.height / group.size
  const unitScale = linearScale({ from: -0.5, to: group.size - 0.5 }, upwardOf(frame))
  const length = Math.min(14, Math.max(4, row * 0.72))
  const shown = Array.from({ length: group.times.length }, (_, spike) => spike).filter(
    (spike) => (group.times[spike] as number) < until,
  )
  const marks = shown.map((spike) => {
    const x = scale(group.times[spike] as number)
    const y = unitScale(group.units[spike] as number) - length / 2
    return `M${pixels(x)} ${pixels(y)}v${pixels(length)}`
  })
  return element(
    'g',
    {},
    element('path', {
      d: marks.join(''),
      stroke: colour,
      'stroke-width': row < 4 ? 1.7 : 2.2,
      'stroke-linecap': 'round',
    }),
    ...caption(group, frame, { colour, spikes: shown.length }),
    ...unitNumbers(group.size).map((unit) =>
      label(String(unit), { x: LEFT - 7, y: unitScale(unit) + 3.5, size: 10, anchor: 'end', colour: THEME.muted }),
    ),
  )
}

function caption({ name, size }: RasterGroup, frame: Frame, style: { colour: string; spikes: number }): Markup[] {
  const middle = frame.top + frame.height / 2
  return [
    element('rect', { x: 24, y: middle - 20, width: 3, height: 40, rx: 1.5, fill: style.colour }),
    label(name, { x: 34, y: middle - 9, size: 13, weight: 600 }),
    label(count(size, 'unit'), { x: 34, y: middle + 6, size: 11, colour: THEME.muted }),
    label(count(style.spikes, 'spike'), { x: 34, y: middle + 20, size: 11, colour: THEME.muted }),
  ]
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** The units whose numbers stand beside a band: all of a small group, else the first and the last. */
function unitNumbers(size: number): number[] {
  return size <= 5 ? Array.from({ length: size }, (_, unit) => unit) : [0, size - 1]
}
