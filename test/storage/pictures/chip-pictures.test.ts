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
      const core = fc.record({ x, y, slot: fc.nat(tiles.cores - 1), holds: fc.array(fc.string()), tightest })
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

  test('is well formed for any chips, with a box for each of them and a text for each core', () => {
    fc.assert(
      fc.property(floorPlans, (floorPlan) => {
        const svg = floorPlanPicture(floorPlan)
        expectWellFormed(svg)
        expect(svg.match(/rx="4"/g) ?? []).toHaveLength(floorPlan.chips.columns * floorPlan.chips.rows)
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
    const southern = { x: 0, y: 0, slot: 0, holds: ['hidden 0–31'], tightest: limited }
    const northern = { x: 0, y: 1, slot: 0, holds: ['output'], tightest: null }
    const svg = floorPlan([southern, northern])
    for (const text of ['hidden 0–31', 'synapse bits 65 %', 'output', 'no limit known', 'limited by synapse bits'])
      expect(svg).toContain(`>${text}</text>`)
    const heightOf = (text: string) => Number(new RegExp(`y="([\\d.]+)"[^>]*>${text}<`).exec(svg)?.[1])
    expect(heightOf('output')).toBeLessThan(heightOf('hidden 0–31'))
  })

  test('fills cores in the colour of what limits them, the fuller the stronger', () => {
    const of = (resource: string, share: number) => ({ x: 0, y: 0, slot: 0, holds: [], tightest: { resource, share } })
    const svg = floorPlan([of('neurons', 0.2), of('neurons', 0.4), of('axons in', 4)])
    const fills = [...svg.matchAll(/fill="(#\w+)" fill-opacity="([\d.]+)"/g)].map(([, colour, opacity]) => ({
      colour,
      opacity: Number(opacity),
    }))
    const [few, more, other] = fills
    expect(few!.colour).toBe(more!.colour)
    expect(few!.opacity).toBeLessThan(more!.opacity)
    expect(other!.colour).not.toBe(few!.colour)
    expect(other!.opacity).toBeCloseTo(0.9)
    expect(svg).toContain('<title>axons in 400 %</title>')
    for (const [text, { colour }] of [['neurons', few!] as const, ['axons in', other!] as const])
      expect(svg).toMatch(new RegExp(`fill="${colour}" rx="2"/><text [^>]*>limited by ${text}<`))
  })

  test('puts the cores of a tile side by side, row by row', () => {
    const cores = [0, 1, 2].map((slot) => ({ x: 0, y: 0, slot, holds: [`slot ${slot}`], tightest: null }))
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
    const cores = [{ x: 63, y: 63, slot: 0, holds: ['hidden'], tightest: null }]
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
  })
})

describe('bars', () => {
  const part = fc.record({ name: fc.string(), value: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })) })
  const bar = fc.record({ name: fc.string(), note: fc.string(), parts: fc.array(part, { maxLength: 5 }) })

  test('are well formed for any parts', () => {
    fc.assert(
      fc.property(fc.array(bar, { maxLength: 6 }), (bars) => {
        expectWellFormed(barsPicture({ title: 't', subtitle: 's', bars }))
      }),
      { numRuns: 60 },
    )
  })

  test('are as long as their values, and say where something is unknown', () => {
    const svg = barsPicture({
      title: 'energy',
      subtitle: '',
      bars: [
        {
          name: 'synapses',
          note: '1.5 nJ',
          parts: [
            { name: 'forward', value: 1000 },
            { name: 'backward', value: 500 },
          ],
        },
        {
          name: 'packets',
          note: 'at least 0.5 nJ',
          parts: [
            { name: 'forward', value: 500 },
            { name: 'backward', value: null },
          ],
        },
      ],
    })
    const widths = [...svg.matchAll(/<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)" height="26" fill="#/g)]
    const [long, half, other] = widths.map(([, width]) => Number(width))
    expect(half! / long!).toBeCloseTo(0.5)
    expect(other).toBe(half)
    expect(new Set(svg.match(/height="26" fill="#\w+"/g)).size).toBe(2)
    expect(svg.match(/url\(#unknown\)/g)).toHaveLength(1)
    for (const text of ['synapses', 'forward', 'backward', 'at least 0.5 nJ']) expect(svg).toContain(`>${text}</text>`)
  })
})
