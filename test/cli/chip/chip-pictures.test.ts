import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Command } from 'commander'
import { afterAll, describe, expect, test } from 'vitest'
import { floorPlan, reportPictures, writePictures } from '../../../src/cli/chip/chip-pictures.js'
import { outputsOf } from '../../../src/cli/outputs/outputs.js'
import type { ChipCongestion, LinkLoad } from '../../../src/hardware/congestion/chip-congestion.js'
import type { ChipFit } from '../../../src/hardware/fit/chip-fit.js'
import { chipProfile, withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import { createWorkingFolder } from '../run-in-process.js'
import { SMALL_REPORT } from './small-report.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const EMPTY = { cores: [] } as unknown as ChipFit

type Ends = readonly [x: number, y: number, toX: number, toY: number, most: number]

function congestionOf(links: readonly Ends[]): ChipCongestion {
  return {
    links: links.map(([x, y, toX, toY, most]) => ({ from: { x, y }, to: { x: toX, y: toY }, most }) as LinkLoad),
  } as unknown as ChipCongestion
}

/** The lines of a floor plan of 4 x 4 tiles: from and to in tiles, to the north of the first, and how thick. */
function linesOf(links: readonly Ends[]) {
  const svg = String(floorPlan('n', chipProfile('mesh:4x4'), EMPTY, congestionOf(links))['floor-plan'])
  const [origin = 0, side = 0] = (/<path d="M([\d.]+) [\d.]+h([\d.]+)/.exec(svg) ?? []).slice(1).map(Number)
  const pitch = side * 1.18
  const tile = (px: string, from: number) => Math.round((Number(px) - from - side / 2) / pitch)
  return [
    ...svg.matchAll(/<line x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="([\d.]+)"[^>]*stroke-width="([\d.]+)"/g),
  ].map(([, x1 = '', y1 = '', x2 = '', y2 = '', width = '']) => ({
    x: tile(x1, origin),
    toX: tile(x2, origin),
    north: Math.round((Number(y1) - Number(y2)) / pitch),
    share: Number(width) / (side * 0.3),
  }))
}

test('a floor plan counts the cores that are in use', () => {
  const core = { chip: 0, core: 0, slices: [], uses: [] }
  const drawn = [[core], [core, { ...core, core: 1 }]].map((cores) => {
    return floorPlan('n', chipProfile('mesh:4x4'), { cores } as unknown as ChipFit, null)['floor-plan']
  })
  expect(drawn).toEqual([expect.stringContaining('1 core in use'), expect.stringContaining('2 cores in use')])
})

describe('links of a floor plan', () => {
  test('lead from tile to tile, and are as thick as they are busy', () => {
    const lines = linesOf([
      [0, 0, 1, 0, 8],
      [1, 1, 1, 2, 4],
      [2, 2, 3, 3, 2],
    ])
    expect(lines).toEqual([
      { x: 0, toX: 1, north: 0, share: expect.closeTo(1, 2) },
      { x: 1, toX: 1, north: 1, share: expect.closeTo(0.5, 2) },
      { x: 2, toX: 3, north: 1, share: expect.closeTo(0.25, 2) },
    ])
  })

  test('are one for both directions, as thick as the busier', () => {
    for (const [there, back] of [
      [8, 2],
      [2, 8],
    ] as const)
      expect(
        linesOf([
          [0, 0, 1, 0, there],
          [1, 0, 0, 0, back],
          [0, 1, 0, 0, 16],
        ])[0]?.share,
      ).toBeCloseTo(0.5, 2)
  })

  test('that lead around a torus are left out', () => {
    expect(
      linesOf([
        [0, 0, 3, 0, 8],
        [0, 3, 0, 0, 8],
      ]),
    ).toEqual([])
  })
})

test('cores are where they are on their chips, over all of them', () => {
  const profile = withChips(chipProfile('mesh:2x2'), { columns: 1, rows: 2 })
  const cores = [0, 1].map((chip) => ({ chip, core: 1, slices: [{ group: 'ab'[chip], start: 0, end: 8 }], uses: [] }))
  const svg = String(floorPlan('n', profile, { cores } as unknown as ChipFit, null)['floor-plan'])
  const [a, b] = ['a', 'b'].map((group) => {
    const [, x, y] = new RegExp(`<text x="([\\d.]+)" y="([\\d.]+)"[^>]*>${group}\\[0:8\\]<`).exec(svg) ?? []
    return { x: Number(x), y: Number(y) }
  })
  expect(a?.x).toBe(b?.x)
  expect(a!.y).toBeGreaterThan(b!.y)
})

/** Bars of a picture: where they begin, how long they are, and what fills them. */
function barsOf(svg: unknown) {
  return [
    ...String(svg).matchAll(
      /<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="13" fill="([^"]+)"[^>]*><title>([^<]+)</g,
    ),
  ].map(([, x, width, fill, title]) => ({
    x: Number(x),
    width: Number(width),
    isHatched: fill === 'url(#unknown)',
    title,
  }))
}

test('pictures of a report add all phases up, and show what is unknown', () => {
  const { energy, traffic } = reportPictures('n', SMALL_REPORT)
  // 10 spikes to two cores; half of 64 maxima, and what returns for them.
  expect(String(traffic)).toMatch(/>in a core<.*>64<.*>between tiles<.*>84</)
  expect(String(energy)).toContain('>at least 120 pJ</text>')
  const { byPhase } = SMALL_REPORT.energy
  const sums = Object.values(byPhase).flatMap(({ byComponent }) => Object.values(byComponent))
  const unknown = sums.filter(({ value }) => value === null)
  expect(unknown.length).toBeGreaterThan(6)
  expect(barsOf(energy).filter(({ isHatched }) => isHatched)).toHaveLength(unknown.length)
  expect(barsOf(energy).filter(({ isHatched }) => !isHatched)).toHaveLength(
    sums.filter(({ value, atLeast }) => (value ?? atLeast) > 0).length,
  )
})

test('pictures of a report have words for what is measured, its unit, scale, and hatching', () => {
  const { energy, traffic } = reportPictures('n', SMALL_REPORT)
  const texts = (svg: unknown) => [...String(svg).matchAll(/>([^<]+)<\/text>/g)].map(([, text]) => text)
  for (const text of ['synapses', 'links north and south', 'weight updates', 'forward', 'update', '100 pJ'])
    expect(texts(energy)).toContain(text)
  expect(texts(energy)).toContain('energy of all trials (log scale)')
  expect(texts(energy)).toContain('hatched: unknown, the profile has no figure')
  expect(texts(traffic)).toContain('packets of all trials (log scale)')
  // Names of fields are no words.
  expect(texts(energy).filter((text) => /[a-z]{2}[A-Z]/.test(text ?? ''))).toEqual([])
})

test('what is known of an energy at least is drawn so long, and hatched from there', () => {
  const report = structuredClone(SMALL_REPORT)
  const hop = 'links north and south: loss'
  Object.assign(report.energy.byPhase.loss.byComponent.hopY as object, { value: null, atLeast: 60 })
  const bars = barsOf(reportPictures('n', report).energy)
  const whole = Math.max(...bars.filter(({ isHatched }) => isHatched).map(({ width }) => width))
  const [known, hatched] = bars.filter(({ title }) => title === hop)
  expect([known?.isHatched, hatched?.isHatched]).toEqual([false, true])
  expect(hatched!.x).toBeCloseTo(known!.x + known!.width, 1)
  expect(known!.width + hatched!.width).toBeCloseTo(whole, 1)
})

test('are written under a name that any system takes', async () => {
  const said: string[] = []
  const terminal = { out: () => undefined, err: (text: string) => said.push(text), screen: null }
  const folder = await outputsOf(new Command(), terminal).folder('--pictures', 'deep/pictures')
  const pictures = { energy: '<svg/>', 'floor-plan': { leftOut: 'too large' } }
  await writePictures({ folder, json: true }, '../a b/чип', pictures, terminal)
  expect(existsSync('deep/a b')).toBe(false)
  expect(readdirSync('deep/pictures')).toEqual(['..-a-b-чип-energy.svg'])
  expect(readFileSync('deep/pictures/..-a-b-чип-energy.svg', 'utf8')).toBe('<svg/>')
  expect(said[0]).toBe('deep/pictures/..-a-b-чип-energy.svg is written.\n')
  expect(JSON.parse(said[1]!)).toMatchObject({ warning: { code: 'PICTURE_LEFT_OUT' } })
})
