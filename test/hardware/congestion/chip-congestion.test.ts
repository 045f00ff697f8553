import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { defineChipPlacement } from '../../../src/hardware/chip-placement/define-chip-placement.js'
import { chipCongestion } from '../../../src/hardware/congestion/find-congestion.js'
import { chipCounts } from '../../../src/hardware/counts/count-chip.js'
import type { ChipProfile } from '../../../src/hardware/profile/chip-profile.js'
import { chipProfile, withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { tallyOf } from '../../../src/hardware/tally/tally-of.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import type { Network } from '../../../src/network/description/network.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { mistakeOf } from '../../network/mistake-of.js'
import { type ArbitraryRun, arbitraryRun } from '../counts/arbitrary-run.js'
import { walk } from '../counts/walked-counts.js'
import { allSynapses } from '../fit/arbitrary-connected.js'

const SEED = 5
const UNTIL = 12
const WINDOW = 0.5

/** As many spikes as the tally says, in two trials, at times that a fixed shuffle scatters, some on borders of windows. */
function rasterOf(network: Network, spikes: Readonly<Record<string, readonly number[]>>) {
  return Object.fromEntries(
    network.groups.map(({ name }): [string, SpikeTrains] => {
      const list = spikes[name]!.flatMap((count, unit) =>
        Array.from({ length: count }, (_, k) => ({
          unit,
          trial: (unit + k) % 2,
          time: ((unit * 7 + k * 5) % 24) * 0.5,
        })),
      )
      const trials = [0, 1].map((trial) =>
        list.filter((spike) => spike.trial === trial).sort((a, b) => a.time - b.time || a.unit - b.unit),
      )
      const all = trials.flat()
      return [
        name,
        {
          offsets: Uint32Array.of(0, trials[0]!.length, all.length),
          times: Float64Array.from(all, ({ time }) => time),
          units: Uint32Array.from(all, ({ unit }) => unit),
        },
      ]
    }),
  )
}

/** Packets by link and window, spike by spike; of meshes. */
function walked({ network, profile, placement }: ArbitraryRun, raster: Readonly<Record<string, SpikeTrains>>) {
  const pairs = allSynapses(network, SEED)
  const siteOf = (group: string, unit: number) =>
    placement.cores.find(({ slices }) => slices.some((s) => s.group === group && s.start <= unit && unit < s.end))!
  const counts = new Map<string, Map<string, number>>()
  for (const [group, { offsets, times, units }] of Object.entries(raster)) {
    units.forEach((unit, k) => {
      const own = pairs.filter((pair) => pair.from === group && pair.unit === unit)
      const targets = new Set(own.map(({ to, neuron }) => siteOf(to, neuron)))
      const keys = [...targets].flatMap((to) => walk(profile, siteOf(group, unit), to).map(({ key }) => key))
      const window = `${k < offsets[1]! ? 0 : 1} ${WINDOW * Math.max(0, Math.ceil(times[k]! / WINDOW) - 1)}`
      for (const key of profile.routing.multicast ? new Set(keys) : keys) {
        const windows = counts.get(key) ?? new Map<string, number>()
        counts.set(key, windows.set(window, (windows.get(window) ?? 0) + 1))
      }
    })
  }
  return counts
}

describe('the links of a run', () => {
  it('carry what walking with every spike says, window by window', () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        const { network, profile, placement, tally } = run
        const raster = rasterOf(network, tally.spikes as never)
        const { links, windows } = chipCongestion(raster, network, placement, profile, {
          ...{ window: WINDOW, until: UNTIL, seed: SEED },
        })
        const counts = walked(run, raster)
        expect(windows).toBe(48)
        expect(links).toHaveLength(counts.size)
        for (const { from, direction, packets, most, trial, start } of links) {
          const own = counts.get(`${from.x} ${from.y} ${direction}`)!
          expect(packets).toBe([...own.values()].reduce((a, b) => a + b))
          expect(most).toBe(Math.max(...own.values()))
          expect(own.get(`${trial} ${start}`)).toBe(most)
        }
        expect(links.map(({ most }) => most)).toEqual(links.map(({ most }) => most).sort((a, b) => b - a))
      }),
      { numRuns: 10, seed: 97 },
    )
  })

  it('carry all that is counted', () => {
    fc.assert(
      fc.property(arbitraryRun, ({ network, profile, placement, tally }) => {
        const raster = rasterOf(network, tally.spikes as never)
        const { links } = chipCongestion(raster, network, placement, profile, { window: 1, until: UNTIL, seed: SEED })
        const own = tallyOf(raster, network, { tickMs: 1, until: UNTIL, seed: SEED })
        const { linkCrossings } = chipCounts(network, placement, profile, own, { seed: SEED }).forward
        const all = Object.values(linkCrossings).reduce((a, b) => a + b)
        expect(links.reduce((sum, { packets }) => sum + packets, 0)).toBe(all)
      }),
      { numRuns: 10, seed: 98 },
    )
  })
})

/** A source unit on the first core and a neuron on another; 3 spikes in the first ms, 1 in the third. */
function pairOn(profile: ChipProfile, chip: number, core: number) {
  const network = defineNetwork({
    groups: { a: source(1), b: lif(1, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
    projections: [connect('a', 'b', dense(1))],
  })
  const placement = defineChipPlacement(network, profile, [
    { chip: 0, core: 0, slices: [{ group: 'a', start: 0, end: 1 }] },
    { chip, core, slices: [{ group: 'b', start: 0, end: 1 }] },
  ])
  const times = Float64Array.of(0, 0.5, 1, 2.5)
  const none = { offsets: Uint32Array.of(0, 0), times: new Float64Array(0), units: new Uint32Array(0) }
  const raster = { a: { offsets: Uint32Array.of(0, 4), times, units: new Uint32Array(4) }, b: none }
  return (window: number) => chipCongestion(raster, network, placement, profile, { window, until: 4 })
}

function withLinks(profile: ChipProfile, links: Readonly<Record<string, number>>): ChipProfile {
  const figures = Object.entries(links).map(([name, value]) => {
    const unit = name.endsWith('BitsPerSecond') ? 'bit/s' : 'packets/s'
    return [name, { value, unit, provenance: 'assumed', source: 'a test' }]
  })
  return defineChipProfile({ ...profile, links: { ...profile.links, ...Object.fromEntries(figures) } })
}

describe('what a link carries', () => {
  it('is the least that is known of packets and bits, in the time of a window', () => {
    const profile = withLinks(chipProfile('loihi'), { tilePacketsPerSecond: 3000, tileBitsPerSecond: 64_000 })
    const { links, overCapacity, unknown, chips } = pairOn(profile, 0, 4)(1)
    expect(links).toEqual([
      {
        ...{ from: { x: 0, y: 0 }, to: { x: 0, y: 1 }, direction: 'north', level: 'betweenTiles' },
        ...{ packets: 4, most: 3, trial: 0, start: 0, capacity: 2 },
      },
    ])
    expect({ overCapacity, unknown, chips }).toEqual({ overCapacity: 1, unknown: [], chips: [] })
    expect(pairOn(profile, 0, 4)(2)).toMatchObject({ windows: 2, overCapacity: 0, links: [{ most: 3, capacity: 4 }] })
  })

  it('is less in a time that passes faster', () => {
    const slow = withLinks(chipProfile('loihi'), { tilePacketsPerSecond: 3000 })
    const figure = { value: 10, unit: '1', provenance: 'assumed', source: 'a test' } as const
    const profile = defineChipProfile({ ...slow, time: { ...slow.time, speedup: figure } })
    expect(pairOn(profile, 0, 4)(1).links).toMatchObject([{ capacity: 0.3 }])
  })

  it('is unknown where nothing says so, which is no limit', () => {
    const { links, overCapacity, unknown } = pairOn(chipProfile('loihi'), 0, 4)(1)
    expect(links).toMatchObject([{ most: 3, capacity: null }])
    expect({ overCapacity, unknown }).toEqual({ overCapacity: 0, unknown: ['links.tilePacketsPerSecond'] })
  })

  it('between chips may be known of all links of a chip together', () => {
    const profile = withChips(chipProfile('truenorth'), { columns: 2, rows: 1 })
    const { links, chips, unknown } = pairOn(profile, 1, 0)(1)
    expect(links.filter(({ level }) => level === 'betweenChips')).toMatchObject([{ packets: 4, capacity: null }])
    expect(chips).toMatchObject([{ chip: 0, packets: 4, most: 3, capacity: 160_000 }])
    expect(unknown).toEqual(['links.tilePacketsPerSecond'])
    const slow = withLinks(profile, { allPacketsPerSecond: 2000, tilePacketsPerSecond: 1e9 })
    expect(pairOn(slow, 1, 0)(1)).toMatchObject({ overCapacity: 1, unknown: [] })
  })

  it('is that of links between crossbars on SpiNNaker', () => {
    const profile = withChips(chipProfile('spinnaker'), { columns: 3, rows: 3 })
    const { links } = pairOn(profile, 4, 2)(1)
    expect(links).toMatchObject([{ to: { x: 1, y: 1 }, direction: 'diagonal', level: 'betweenChips', capacity: 4500 }])
  })
})

test.each([
  ['no window', { until: 4 }, 'FIELD_MISSING', 'options.window'],
  ['a window of 0', { window: 0, until: 4 }, 'OPTION_OUT_OF_RANGE', 'options.window'],
  ['an end before a spike', { window: 1, until: 1 }, 'RASTER_TIME', 'raster.a.times[2]'],
])('%s is refused', (_, options, code, field) => {
  const network = defineNetwork({ groups: { a: source(1) }, projections: [] })
  const profile = chipProfile('loihi')
  const placement = defineChipPlacement(network, profile, [
    { chip: 0, core: 0, slices: [{ group: 'a', start: 0, end: 1 }] },
  ])
  const raster = { a: { offsets: Uint32Array.of(0, 3), times: Float64Array.of(0, 0.5, 1), units: new Uint32Array(3) } }
  expect(mistakeOf(() => chipCongestion(raster, network, placement, profile, options as never))).toMatchObject({
    code,
    field,
  })
})
