import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeOnChip } from '../../../src/hardware/chip-placement/place-on-chip.js'
import type { CoreFit } from '../../../src/hardware/fit/chip-fit.js'
import { type ChipResource, isEnough } from '../../../src/hardware/fit/core-limits.js'
import { fitChip } from '../../../src/hardware/fit/fit-chip.js'
import type { ChipProfile } from '../../../src/hardware/profile/chip-profile.js'
import { chipProfile } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import {
  connect,
  fixedInDegree,
  fixedOutDegree,
  fixedProbability,
} from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import type { GroupSlice } from '../../../src/network/slices/group-slice.js'
import { casesOf } from '../../support/cases-of.js'
import { allSynapses, connectedNetwork, type Pair } from './arbitrary-connected.js'

const SEED = 5
const BITS = 25
const LOIHI = chipProfile('loihi')
const limits = fc.record({
  neurons: fc.constantFrom(32, 64, 100),
  synapses: fc.constantFrom(300, 1500, 4000),
  axonsIn: fc.constantFrom(40, 110, 500),
  axonsOut: fc.constantFrom(40, 100, 500),
  axonsOutPerUnit: fc.constantFrom(null, 1, 2),
})

/** Loihi with other limits. */
type Limits = typeof limits extends fc.Arbitrary<infer Each> ? Each : never

function limited({ neurons, synapses, axonsIn, axonsOut, axonsOutPerUnit }: Limits): ChipProfile {
  const { core } = LOIHI
  const figure = (unit: 'neurons' | 'bit' | 'axons', value: number | undefined) =>
    ({ value, unit, provenance: 'assumed', source: 'a test' }) as never
  return defineChipProfile({
    ...LOIHI,
    core: {
      ...{
        neurons: figure('neurons', neurons),
        axonsIn: figure('axons', axonsIn),
        axonsOut: figure('axons', axonsOut),
        axonsOutPerUnit: axonsOutPerUnit === null ? null : figure('axons', axonsOutPerUnit),
      },
      synapses: { ...(core.synapses as object), bits: figure('bit', BITS * (synapses as number)) } as never,
    },
  })
}

const holds = (slices: readonly GroupSlice[], group: string, unit: number) =>
  slices.some((slice) => slice.group === group && unit >= slice.start && unit < slice.end)

/** What a core needs, counted synapse by synapse. */
function counted(pairs: readonly Pair[], cores: readonly CoreFit[], { slices, uses }: CoreFit) {
  const into = pairs.filter(({ to, neuron }) => holds(slices, to, neuron))
  const reached = pairs
    .filter(({ from, unit }) => holds(slices, from, unit))
    .map(({ from, unit, to, neuron }) => `${from} ${unit} ${cores.findIndex((core) => holds(core.slices, to, neuron))}`)
  const axons = [...new Set(reached.filter((each) => !each.endsWith(' -1')))]
  const perUnit = new Map<string, number>()
  for (const unit of axons.map((each) => each.replace(/ \S+$/, ''))) perUnit.set(unit, (perUnit.get(unit) ?? 0) + 1)
  const isOfUnits = uses.some(({ resource }) => resource === 'axonsOutPerUnit')
  return {
    neurons: slices.reduce((sum, { start, end }) => sum + end - start, 0),
    synapseBits: BITS * into.length,
    axonsIn: new Set(into.map(({ from, unit }) => `${from} ${unit}`)).size,
    axonsOut: axons.length,
    ...(isOfUnits ? { axonsOutPerUnit: Math.max(0, ...perUnit.values()) } : {}),
  }
}

const needsOf = (core: CoreFit) =>
  Object.fromEntries(core.uses.map(({ resource, need }) => [resource, need])) as Record<ChipResource, number>

describe('the cores of a fit', () => {
  it('need what their synapses, one by one, say', () => {
    fc.assert(
      fc.property(connectedNetwork, limits, (network, most) => {
        const pairs = allSynapses(network, SEED)
        const { cores } = fitChip(network, limited(most), { seed: SEED })
        for (const core of cores) expect(needsOf(core)).toEqual(counted(pairs, cores, core))
      }),
      { numRuns: casesOf({ short: 20, long: 60 }), seed: 71 },
    )
  })

  it('hold every unit once, each no more than it can, if all fits', () => {
    fc.assert(
      fc.property(connectedNetwork, limits, (network, most) => {
        const fit = fitChip(network, limited(most), { seed: SEED })
        if (!fit.fits) {
          expect(fit.messages).not.toEqual([])
          return
        }
        for (const core of fit.cores) expect(core.uses.every(isEnough)).toBe(true)
        const units = network.groups.flatMap(({ name, size }) =>
          Array.from({ length: size }, (_, unit) => [name, unit]),
        )
        for (const [name, unit] of units)
          expect(fit.cores.filter(({ slices }) => holds(slices, name as string, unit as number))).toHaveLength(1)
        const again = fitChip(network, limited(most), { seed: SEED, placement: fit })
        expect(again).toMatchObject({ fits: true, cores: fit.cores, chips: fit.chips, messages: [] })
        // What is placed fits as well.
        const placement = placeOnChip(network, limited(most), { seed: SEED, effort: 'none' })
        expect(fitChip(network, limited(most), { seed: SEED, placement })).toMatchObject({ fits: true, messages: [] })
      }),
      { numRuns: casesOf({ short: 13, long: 40 }), seed: 72 },
    )
  })

  it('are as few per group as cuts between blocks in order allow', () => {
    fc.assert(
      fc.property(connectedNetwork, limits, (network, most) => {
        const pairs = allSynapses(network, SEED)
        const fit = fitChip(network, limited({ ...most, axonsOut: 500, axonsOutPerUnit: null }), { seed: SEED })
        for (const { name, size } of network.groups) {
          const isRoomy = (start: number, end: number) => {
            const core = { chip: 0, core: 0, slices: [{ group: name, start, end }], uses: [] }
            const { neurons, synapseBits, axonsIn } = counted(pairs, [core], core)
            return neurons <= most.neurons && synapseBits <= BITS * most.synapses && axonsIn <= most.axonsIn
          }
          // The fewest cores for the first blocks, by all that may come last.
          const fewest = [0]
          for (let end = 32; end < size + 32; end += 32) {
            const last = Math.min(end, size)
            const options = fewest.map((cores, b) => (isRoomy(32 * b, last) ? cores + 1 : Infinity))
            fewest.push(Math.min(...options))
          }
          const cores = fewest.at(-1) as number
          expect(fit.groups.find(({ group }) => group === name)?.cores).toBe(cores === Infinity ? null : cores)
        }
      }),
      { numRuns: casesOf({ short: 13, long: 40 }), seed: 73 },
    )
  })
})

it.each([
  ['fixedInDegree', fixedInDegree(6, 1)],
  ['fixedInDegree with repeats', fixedInDegree(6, 1, { multiple: true })],
  ['fixedOutDegree', fixedOutDegree(6, 1)],
  ['fixedOutDegree with repeats', fixedOutDegree(6, 1, { multiple: true })],
  ['fixedProbability', fixedProbability(0.03, 1)],
])('without a seed, %s counts by its mean', (_, pattern) => {
  const neuron = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
  const network = defineNetwork({
    groups: { a: lif(200, neuron), b: lif(160, neuron) },
    projections: [connect('a', 'b', pattern)],
  })
  const slices = [{ group: 'b', start: 32, end: 96 }]
  const placement = { cores: [{ chip: 0, core: 0, slices: [...slices, { group: 'a', start: 0, end: 200 }] }] }
  const needs = (options: object) => needsOf(fitChip(network, LOIHI, { ...options, placement }).cores[0] as CoreFit)
  const mean = needs({})
  const drawn = Array.from({ length: 40 }, (__, seed) => needs({ seed }))
  for (const resource of ['synapseBits', 'axonsIn'] as const) {
    const average = drawn.reduce((sum, need) => sum + need[resource], 0) / drawn.length
    expect(Math.abs(average / mean[resource] - 1)).toBeLessThan(0.02)
  }
  // What units send to is the same, seen from the other side.
  expect(mean.axonsOut).toBe(mean.axonsIn)
})
