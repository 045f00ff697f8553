import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { GroupBlocks } from '../../../src/hardware/block-table.js'
import { type Grouping, grownGrouping, inOrderGrouping } from '../../../src/hardware/chip-placement/grouping.js'
import type { SpikeNets } from '../../../src/hardware/chip-placement/spike-nets.js'
import { casesOf } from '../../support/cases-of.js'

/** Blocks of a net's units and of its targets, and its spikes. */
interface Net {
  readonly source: number
  readonly targets: readonly number[]
  readonly spikes: number
}

/** Blocks 0 … 5 are the sources', 6 … 11 the neurons'. */
const SOURCES: GroupBlocks = { name: 'sources', size: 192, isSource: true, first: 0, end: 6 }
const NEURONS: GroupBlocks = { name: 'neurons', size: 192, isSource: false, first: 6, end: 12 }

const someNets: fc.Arbitrary<readonly Net[]> = fc.array(
  fc.record({
    source: fc.nat(11),
    targets: fc.uniqueArray(fc.integer({ min: 6, max: 11 }), { minLength: 1, maxLength: 4 }),
    spikes: fc.nat(4),
  }),
  { maxLength: 12 },
)

function netsOf(nets: readonly Net[]): SpikeNets {
  const those = (keep: (net: Net) => boolean) => Uint32Array.from(nets.keys()).filter((k) => keep(nets[k]!))
  return {
    count: nets.length,
    source: Int32Array.from(nets, ({ source }) => source),
    units: new Int32Array(nets.length).fill(32),
    spikes: Float64Array.from(nets, ({ spikes }) => spikes),
    targetsOf: (net) => Uint32Array.from(nets[net]!.targets),
    into: (block) => those(({ targets }) => targets.includes(block)),
    outOf: (block) => those(({ source }) => source === block),
  }
}

/** The blocks of a group as they come, so many to a core. */
function orderOf(grouping: Grouping, perCore: number): readonly number[] {
  const order: number[] = []
  for (;;) {
    if (order.length % perCore === 0) grouping.begin()
    const next = grouping.next()
    if (next === null) return order
    grouping.taken(next)
    order.push(next)
  }
}

/** The same, where the core is asked anew about each block what it shares with those that are there. */
function expectedOrder(
  { first, end }: GroupBlocks,
  perCore: number,
  shared: (held: readonly number[], block: number) => number,
): readonly number[] {
  const order: number[] = []
  const left = Array.from({ length: end - first }, (_, k) => first + k)
  while (left.length > 0) {
    const held = order.slice(order.length - (order.length % perCore))
    const scores = left.map((block) => shared(held, block))
    order.push(...left.splice(scores.indexOf(Math.max(...scores)), 1))
  }
  return order
}

const sum = (nets: readonly Net[]) => nets.reduce((all, { spikes }) => all + spikes, 0)
const perCore = fc.integer({ min: 2, max: 5 })

it('a core takes the neurons that share most spikes with it, each of which counts once however many of its blocks hear it', () => {
  fc.assert(
    fc.property(someNets, perCore, (nets, most) => {
      const heard = (held: readonly number[], block: number) =>
        sum(nets.filter(({ targets }) => targets.includes(block) && held.some((other) => targets.includes(other))))
      expect(orderOf(grownGrouping(NEURONS, netsOf(nets)), most)).toEqual(expectedOrder(NEURONS, most, heard))
    }),
    { numRuns: casesOf({ short: 100, long: 300 }), seed: 76 },
  )
})

it('a core takes the sources that send most spikes to where its own are heard, each place counting once', () => {
  fc.assert(
    fc.property(someNets, perCore, (nets, most) => {
      const sent = (held: readonly number[], block: number) => {
        const places = new Set(nets.filter(({ source }) => held.includes(source)).flatMap(({ targets }) => targets))
        const own = nets.filter(({ source }) => source === block)
        return [...places].reduce((all, place) => all + sum(own.filter(({ targets }) => targets.includes(place))), 0)
      }
      expect(orderOf(grownGrouping(SOURCES, netsOf(nets)), most)).toEqual(expectedOrder(SOURCES, most, sent))
    }),
    { numRuns: casesOf({ short: 100, long: 300 }), seed: 77 },
  )
})

it('blocks come in their order where nothing is asked about nets', () => {
  expect(orderOf(inOrderGrouping(NEURONS), 4)).toEqual([6, 7, 8, 9, 10, 11])
})
