import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { barsPicture } from '../../../src/storage/pictures/bars-picture.js'
import { floorPlanPicture } from '../../../src/storage/pictures/floor-plan-picture.js'
import { expectWellFormed } from './well-formed.js'

const share = fc.double({ min: 0, max: 3, noNaN: true })
const count = fc.integer({ min: 1, max: 6 })

describe('a floor plan', () => {
  const floorPlans = fc
    .record({
      tiles: fc.record({ columns: count, rows: count, cores: count }),
      chips: fc.record({ columns: fc.integer({ min: 1, max: 3 }), rows: fc.integer({ min: 1, max: 3 }) }),
    })
    .chain(({ tiles, chips }) => {
      const x = fc.nat(tiles.columns * chips.columns - 1)
      const y = fc.nat(tiles.rows * chips.rows - 1)
      const tightest = fc.option(fc.record({ resource: fc.constantFrom('neurons', 'axons in'), share }))
      const layers = fc.uniqueArray(fc.string(), { maxLength: 4 })
      const core = fc.record({ x, y, slot: fc.nat(tiles.cores - 1), layers, holds: fc.array(fc.string()), tightest })
      const towards = fc.constantFrom('east' as const, 'north' as const, 'northeast' as const)
      const link = fc.record({ x, y, towards, share: fc.double({ min: 0, max: 1, noNaN: true }) })
      return fc.record({
        title: fc.string({ unit: 'binary' }),
        subtitle: fc.string(),
        tiles: fc.constant(tiles),
        chips: fc.constant(chips),
        cores: fc.array(core, { maxLength: 8 }),
        links: fc.array(link, { maxLength: 8 }),
      })
    })

  /** The tiles that have to be shown: from and to, from the west and from the south. */
  function usedOf({ tiles, chips, cores, links }: Parameters<typeof floorPlanPicture>[0]) {
    const [columns, rows] = [tiles.columns * chips.columns, tiles.rows * chips.rows]
    const ends = links.map(({ x, y, towards }) => {
      return { x: x + Number(towards !== 'north'), y: y + Number(towards !== 'east') }
    })
    const used = [...cores, ...links, ...ends].filter(({ x, y }) => x < columns && y < rows)
    if (cores.length + links.length === 0) return { x: [0, columns - 1], y: [0, rows - 1] } as const
    const span = (of: readonly number[]) => [Math.min(...of), Math.max(...of)] as const
    const clipped = [...used, ...ends.map(({ x, y }) => ({ x: Math.min(x, columns - 1), y: Math.min(y, rows - 1) }))]
    return { x: span(clipped.map(({ x }) => x)), y: span(clipped.map(({ y }) => y)) }
  }

  test('is well formed for any chips, with a box for each that is in use and a text for each core', () => {
    fc.assert(
      fc.property(floorPlans, (floorPlan) => {
        const svg = floorPlanPicture(floorPlan)
        expectWellFormed(svg)
        const { tiles } = floorPlan
        const { x, y } = usedOf(floorPlan)
        const chipsAlong = ([from, to]: readonly [number, number], perChip: number) =>
          Math.floor(to / perChip) - Math.floor(from / perChip) + 1
        const boxes = svg.match(/rx="4"/g) ?? []
        expect(boxes).toHaveLength(chipsAlong(x, tiles.columns) * chipsAlong(y, tiles.rows))
        const outlines = /<path d="([^"]*)" fill="none" stroke="#e9ecef"/.exec(svg)?.[1]?.match(/M/g)
        expect(outlines).toHaveLength((x[1] - x[0] + 1) * (y[1] - y[0] + 1))
        expect(svg.match(/<title[/>]/g) ?? []).toHaveLength(1 + floorPlan.cores.length)
        expect(svg.match(/<line /g) ?? []).toHaveLength(floorPlan.links.length)
      }),
      { numRuns: 60 },
    )
  })

  const tiles = { columns: 2, rows: 2, cores: 1 }
  const floorPlan = (cores: Parameters<typeof floorPlanPicture>[0]['cores']) =>
    floorPlanPicture({ title: 't', subtitle: 's', tiles, chips: { columns: 1, rows: 1 }, cores, links: [] })

  test('says in each core what it holds and what limits it, north up', () => {
    const limited = { resource: 'synapse bits', share: 0.654 }
    const southern = { x: 0, y: 0, slot: 0, layers: ['hidden'], holds: ['hidden 0–31'], tightest: limited }
    const northern = { x: 0, y: 1, slot: 0, layers: ['output'], holds: ['output'], tightest: null }
    const svg = floorPlan([southern, northern])
    const limit = 'limited by synapse bits: 1 core'
    for (const text of ['hidden 0–31', 'synapse bits 65 %', 'output', 'no limit known', limit])
      expect(svg).toContain(`>${text}</text>`)
    const heightOf = (text: string) => Number(new RegExp(`y="([\\d.]+)"[^>]*>${text}<`).exec(svg)?.[1])
    expect(heightOf('output')).toBeLessThan(heightOf('hidden 0–31'))
  })

  test('fills cores in the colours of their layers, the fuller the stronger', () => {
    const of = (x: number, layers: readonly string[], share: number) => {
      return { x, y: 0, slot: 0, layers, holds: [], tightest: { resource: 'axons in', share } }
    }
    const svg = floorPlan([of(0, ['hidden'], 0.2), of(0, ['hidden'], 0.4), of(1, ['output', 'hidden'], 4)])
    const fills = [
      ...svg.matchAll(/x="([\d.]+)"[^>]* width="([\d.]+)"[^>]* fill="(#\w+)" fill-opacity="([\d.]+)"/g),
    ].map(([, x, width, colour, opacity]) => ({ x: Number(x), width: Number(width), colour, opacity: Number(opacity) }))
    const [few, more, other, beside] = fills
    expect(fills).toHaveLength(4)
    expect(few!.colour).toBe(more!.colour)
    expect(few!.opacity).toBeLessThan(more!.opacity)
    expect(other!.colour).not.toBe(few!.colour)
    expect(other!.opacity).toBeCloseTo(0.9)
    expect(beside).toEqual({ ...other, colour: few!.colour, x: expect.closeTo(other!.x + other!.width, 1) })
    expect(2 * other!.width).toBeCloseTo(few!.width, 1)
    expect(svg).toContain('<title>axons in 400 %</title>')
    for (const [text, { colour }] of [['hidden: 3 cores', few!] as const, ['output: 1 core', other!] as const])
      expect(svg).toMatch(new RegExp(`fill="${colour}" rx="2" stroke="#\\w+"/><text [^>]*>${text}<`))
  })

  test('shows what is in use alone, and says what it leaves out', () => {
    const chips = { columns: 2, rows: 1 }
    const wide = { columns: 8, rows: 16, cores: 1 }
    const at = (x: number, y: number) => ({ x, y, slot: 0, layers: ['a'], holds: [], tightest: null })
    const of = (cores: readonly ReturnType<typeof at>[]) =>
      floorPlanPicture({ title: 't', subtitle: 's', tiles: wide, chips, cores, links: [] })
    const dashes = (svg: string) => svg.match(/stroke-dasharray/g) ?? []
    const some = of([at(2, 3), at(4, 5)])
    expect(some).toContain(
      '>9 of 256 tiles are shown (columns 2 to 4 from the west, rows 3 to 5 from the south); the others are empty<',
    )
    expect(dashes(some)).toHaveLength(1)
    expect(dashes(of([at(7, 0), at(8, 0)]))).toHaveLength(2)
    const all = of([at(0, 0), at(15, 15)])
    expect(all).not.toContain('tiles are shown')
    expect(dashes(all)).toEqual([])
    expect(of([])).not.toContain('tiles are shown')
    const heightOf = (svg: string) => Number(/ height="([\d.]+)"/.exec(svg)?.[1])
    expect(heightOf(of([at(2, 3)]))).toBeLessThan(heightOf(all))
  })

  test('puts the cores of a tile side by side, row by row', () => {
    const cores = [0, 1, 2].map((slot) => ({ x: 0, y: 0, slot, layers: [], holds: [`slot ${slot}`], tightest: null }))
    const one = { columns: 1, rows: 1 }
    const svg = floorPlanPicture({
      title: 't',
      subtitle: '',
      tiles: { ...one, cores: 4 },
      chips: one,
      cores,
      links: [],
    })
    const places = [0, 1, 2].map((slot) => {
      const [, x, y] = new RegExp(`x="([\\d.]+)" y="([\\d.]+)"[^>]*>slot ${slot}<`).exec(svg) ?? []
      return { x: Number(x), y: Number(y) }
    })
    const [first, second, third] = places
    expect([second!.y, third!.x]).toEqual([first!.y, first!.x])
    expect(second!.x).toBeGreaterThan(first!.x)
    expect(third!.y).toBeGreaterThan(first!.y)
  })

  test('of very many cores is drawn without words in them', () => {
    const many = { columns: 64, rows: 64, cores: 1 }
    const core = { x: 63, y: 63, slot: 0, layers: ['hidden'], holds: ['hidden'], tightest: null }
    const cores = [core, { ...core, x: 0, y: 0 }]
    const svg = floorPlanPicture({
      title: 't',
      subtitle: 's',
      tiles: many,
      chips: { columns: 1, rows: 1 },
      cores,
      links: [],
    })
    expect(svg).not.toContain('>hidden</text>')
    expect(svg).toContain('<title>hidden\nno limit known</title>')
    expect(svg).toContain('>hidden: 2 cores</text>')
  })
})

describe('bars', () => {
  const value = fc.double({ min: 0, max: 1e9, noNaN: true })
  const part = fc.record({ name: fc.string(), value: fc.option(value), atLeast: value })
  const bar = fc.record({ name: fc.string(), note: fc.string(), parts: fc.array(part, { maxLength: 5 }) })
  const rest = {
    title: 'energy',
    subtitle: '',
    axis: { title: 'energy (log scale)', format: String },
    unknown: 'unknown',
  }
  const boxes = (svg: string) =>
    [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="13" fill="([^"]+)"/g)].map(
      ([, x, y, width, fill]) => ({ x: Number(x), y: Number(y), width: Number(width), fill }),
    )

  test('are well formed for any parts', () => {
    fc.assert(
      fc.property(fc.array(bar, { maxLength: 6 }), (bars) => {
        const svg = barsPicture({ ...rest, bars })
        expectWellFormed(svg)
        const unknown = bars.flatMap(({ parts }) => parts.filter((each) => each.value === null))
        // One more is the swatch that says what hatching is.
        expect(svg.match(/url\(#unknown\)/g) ?? []).toHaveLength(unknown.length === 0 ? 0 : unknown.length + 1)
      }),
      { numRuns: 60 },
    )
  })

  test('are as long as the logarithms of their values, and say where something is unknown', () => {
    const svg = barsPicture({
      ...rest,
      bars: [
        {
          name: 'synapses',
          note: '1.1 nJ',
          parts: [
            { name: 'forward', value: 1000 },
            { name: 'backward', value: 100 },
            { name: 'loss', value: 0 },
          ],
        },
        {
          name: 'packets',
          note: 'at least 10 pJ',
          parts: [
            { name: 'forward', value: 10 },
            { name: 'backward', value: null },
            { name: 'loss', value: null, atLeast: 100 },
          ],
        },
      ],
    })
    const [thousand, hundred, ten, unknown, known, rest100] = boxes(svg)
    expect(boxes(svg)).toHaveLength(6)
    // The axis begins at 1 and ends at 1000.
    expect([hundred!.width / thousand!.width, ten!.width / thousand!.width]).toEqual([
      expect.closeTo(2 / 3, 2),
      expect.closeTo(1 / 3, 2),
    ])
    for (const tick of ['1', '10', '100', '1000']) expect(svg).toContain(`>${tick}</text>`)
    expect(svg).toContain('>energy (log scale)</text>')
    expect([thousand!.fill, hundred!.fill, ten!.fill]).toEqual(['#0072b2', '#e69f00', '#0072b2'])
    // What is unknown is hatched as far as the axis goes, from what is known at least.
    expect(unknown).toMatchObject({ x: thousand!.x, width: thousand!.width, fill: 'url(#unknown)' })
    expect(known).toMatchObject({ width: hundred!.width, fill: '#009e73' })
    expect(rest100).toMatchObject({ x: expect.closeTo(known!.x + known!.width, 1), fill: 'url(#unknown)' })
    expect(rest100!.width + known!.width).toBeCloseTo(thousand!.width, 1)
    expect(new Set(boxes(svg).map(({ y }) => y)).size).toBe(5)
    const outlines = [...svg.matchAll(/height="13" fill="url\(#unknown\)" rx="2" stroke="(#\w+)"/g)].map(
      ([, colour]) => colour,
    )
    expect(outlines).toEqual([hundred!.fill, known!.fill])
    for (const text of ['synapses', 'forward', 'backward', 'at least 10 pJ', 'unknown'])
      expect(svg).toContain(`>${text}</text>`)
  })

  test('have room for the smallest and for the largest values', () => {
    const bars = [Number.MIN_VALUE, 1e-9, 1e9].map((each) => {
      return { name: String(each), note: '', parts: [{ name: 'forward', value: each }] }
    })
    const svg = barsPicture({ ...rest, bars })
    expectWellFormed(svg)
    expect(boxes(svg)).toHaveLength(2)
    expect(svg).not.toContain('>unknown</text>')
  })
})
