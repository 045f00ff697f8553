import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkPlacement } from '../../src/hardware/check-placement.js'
import { mesh } from '../../src/hardware/chip.js'
import { definePlacement } from '../../src/hardware/define-placement.js'
import { place } from '../../src/hardware/place.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import type { Placement } from '../../src/hardware/placement.js'
import { placementHash } from '../../src/hardware/placement-hash.js'
import { singleCore } from '../../src/hardware/single-core.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, dense, perSource, synapses } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import type { GroupSlice } from '../../src/network/slices/group-slice.js'
import { mistakeOf } from '../network/mistake-of.js'
import { blockNetwork } from './arbitrary-placed.js'

const neuron = { tauMem: 20, tauSyn: 5, threshold: 1 }
const network = defineNetwork({
  groups: { input: source(5), hidden: lif(70, neuron), output: lif(3, neuron) },
  projections: [
    connect('input', 'hidden', dense(1)),
    connect('hidden', 'hidden', dense(1), { delay: perSource(Array.from({ length: 70 }, (_, k) => 2 + k)) }),
    connect('hidden', 'output', synapses([[65, 0, 1]])),
    connect('output', 'hidden', synapses([[0, 3, 1]]), { delay: 1 }),
  ],
})

/** `hidden[0:64]` as a slice. */
function slice(text: string): GroupSlice {
  const [, group = '', start, end] = /^(\w+)\[(.+):(.+)\]$/.exec(text) ?? []
  return { group, start: Number(start), end: Number(end) }
}
const define = (...cores: string[]) =>
  definePlacement(
    network,
    cores.map((core) => core.split(' ').filter(Boolean).map(slice)),
  )

describe('a placement by hand', () => {
  it('is the one that place makes of the same slices', () => {
    fc.assert(
      fc.property(blockNetwork, fc.integer({ min: 1, max: 4 }), (any, columns) => {
        const placement = place(any, mesh({ columns, rows: 2 }))
        const slices = placement.cores.map((core) => [...core.slices].reverse())
        expect(definePlacement(any, slices, { columns })).toEqual(placement)
      }),
      { numRuns: 60, seed: 51 },
    )
  })

  it('tells what the cores hold, what is cut and how far they may run ahead', () => {
    expect(define('hidden[0:32] input[0:5]', 'output[0:3]', 'hidden[32:70]')).toEqual({
      cores: [
        {
          core: 0,
          column: 0,
          row: 0,
          slices: [slice('input[0:5]'), slice('hidden[0:32]')],
          neurons: 32,
          synapses: 32 * 75 + 1,
        },
        { core: 1, column: 1, row: 0, slices: [slice('output[0:3]')], neurons: 3, synapses: 1 },
        { core: 2, column: 2, row: 0, slices: [slice('hidden[32:70]')], neurons: 38, synapses: 38 * 75 },
      ],
      cuts: [
        { key: 'input->hidden', crossings: [{ from: 0, to: 2 }] },
        {
          key: 'hidden->hidden',
          crossings: [
            { from: 0, to: 2 },
            { from: 2, to: 0 },
          ],
        },
        { key: 'hidden->output', crossings: [{ from: 2, to: 1 }] },
        { key: 'output->hidden', crossings: [{ from: 1, to: 0 }] },
      ],
      cycles: [{ groups: ['hidden', 'output'], lookahead: 1 }],
    })
  })

  it('may give a core a part of any group', () => {
    const { cores, cycles } = define('input[0:5] hidden[32:64] output[0:3]', 'hidden[0:32]', 'hidden[64:70]')
    expect(cores.map(({ neurons }) => neurons)).toEqual([35, 32, 6])
    expect(cycles).toEqual([{ groups: ['hidden', 'output'], lookahead: 1 }])
    expect(define('input[0:5]', 'hidden[0:70] output[0:3]').cycles).toEqual([])
  })

  it('holds everything on a single core', () => {
    const placement = singleCore(network)
    expect(placement.cuts).toEqual([])
    expect(placement).toEqual(place(network, mesh({ columns: 1, rows: 1 })))
  })
})

describe('a wrong placement', () => {
  const whole = 'hidden[0:70] output[0:3]'

  it.each<readonly [cores: readonly string[], code: string, field: string]>([
    [[], 'PLACEMENT_CORE_EMPTY', 'cores'],
    [[`input[0:5] ${whole}`, ''], 'PLACEMENT_CORE_EMPTY', 'cores[1].slices'],
    [['input[0:5]', `${whole} other[0:3]`], 'PLACEMENT_GROUP_UNKNOWN', 'cores[1].slices[2].group'],
    [[`input[0:6] ${whole}`], 'PLACEMENT_SLICE_INVALID', 'cores[0].slices[0]'],
    [[`input[0:0] ${whole}`], 'PLACEMENT_SLICE_INVALID', 'cores[0].slices[0]'],
    [[`input[-32:5] ${whole}`], 'PLACEMENT_SLICE_INVALID', 'cores[0].slices[0]'],
    [[`input[0:NaN] ${whole}`], 'PLACEMENT_SLICE_INVALID', 'cores[0].slices[0]'],
    [['input[0:5] hidden[0:40]', 'hidden[40:70] output[0:3]'], 'PLACEMENT_CUT', 'cores[0].slices[1]'],
    [['input[0:5] hidden[0:32] hidden[32:70] output[0:3]'], 'PLACEMENT_GROUP_TWICE', 'cores[0].slices[2]'],
    [['input[0:5] hidden[0:64]', 'hidden[32:70] output[0:3]'], 'PLACEMENT_OVERLAP', 'hidden'],
    [['input[0:5] hidden[0:70]', 'hidden[0:32] output[0:3]'], 'PLACEMENT_OVERLAP', 'hidden'],
    [['input[0:5] hidden[0:32]', 'hidden[64:70] output[0:3]'], 'PLACEMENT_GAP', 'hidden'],
    [['input[0:5] hidden[32:70] output[0:3]'], 'PLACEMENT_GAP', 'hidden'],
    [['input[0:5] hidden[0:64] output[0:3]'], 'PLACEMENT_GAP', 'hidden'],
    [['input[0:5] hidden[0:70]'], 'PLACEMENT_GAP', 'output'],
  ])('%j is refused', (cores, code, field) => {
    expect(mistakeOf(() => define(...cores))).toEqual({ code, field })
  })

  const anything = <Value>(value: unknown) => value as Value
  type Slices = Parameters<typeof definePlacement>[1]

  it.each<readonly [slices: unknown, field: string]>([
    [null, 'cores'],
    [undefined, 'cores'],
    [[null], 'cores[0].slices'],
    [[[null]], 'cores[0].slices[0]'],
    [['input'], 'cores[0].slices'],
  ])('%j is no list of slices', (slices, field) => {
    expect(mistakeOf(() => definePlacement(network, anything<Slices>(slices))).field).toBe(field)
  })

  it.each([[0], [NaN], [-2.5], ['2'], [undefined]])('has %j columns', (columns) => {
    const slices = placeOnCores(network, 2).cores.map((core) => core.slices)
    const call = () => definePlacement(network, slices, { columns: anything<number>(columns) })
    expect(mistakeOf(call)).toEqual({ code: 'CHIP_INVALID', field: 'chip.columns' })
  })

  it.each<readonly [change: unknown, field: string]>([
    [null, 'placement'],
    [7, 'placement'],
    [{}, 'cores'],
    [{ cores: [null] }, 'cores[0]'],
    [{ cores: placeOnCores(network, 1).cores }, 'cuts'],
    [{ cores: placeOnCores(network, 1).cores, cuts: [{}] }, 'cuts[0].crossings'],
    [{ cores: [{ core: 0 }], cuts: [] }, 'cores[0].slices'],
  ])('%j is none at all', (placement, field) => {
    expect(mistakeOf(() => checkPlacement(network, anything<Placement>(placement))).field).toBe(field)
  })

  it('is told in words', () => {
    expect(() => define('input[0:5] hidden[0:32]', 'hidden[64:70] output[0:3]')).toThrow(
      'hidden: found hidden[32:64] on no core, expected every unit of hidden on exactly one core.',
    )
    expect(() => define('input[0:5] hidden[0:64]', 'hidden[32:70] output[0:3]')).toThrow(
      'hidden: found hidden[32:64] on core 0 and on core 1, expected every unit of hidden on exactly one core.',
    )
  })

  it('cuts a cycle that nothing says has a delay', () => {
    const direct = defineNetwork({
      groups: { a: lif(64, neuron), b: lif(3, neuron) },
      projections: [
        connect('a', 'b', dense(1)),
        connect('b', 'a', dense(1)),
        connect('a', 'a', dense(1), { delay: 1 }),
      ],
    })
    const on = (...cores: string[]) =>
      definePlacement(
        direct,
        cores.map((core) => core.split(' ').map(slice)),
      )
    expect(() => on('a[0:64]', 'b[0:3]')).toThrow(
      'a: found the cycle a -> b -> a over cores 0, 1, expected a, b on one core, for nothing says that the cycle has a ' +
        'delay. Keep them together, or give a projection of the cycle delays that are surely 0.1 ms or ' +
        'more.',
    )
    expect(mistakeOf(() => on('a[0:32] b[0:3]', 'a[32:64]')).code).toBe('PLACEMENT_CYCLE')
    expect(on('a[0:64] b[0:3]').cores).toHaveLength(1)
  })

  it('cuts a cycle that may be over before a window could be', () => {
    const quick = (delay: number) =>
      defineNetwork({ groups: { a: lif(64, neuron) }, projections: [connect('a', 'a', dense(1), { delay })] })
    const halves = [[slice('a[0:32]')], [slice('a[32:64]')]]
    expect(() => definePlacement(quick(1e-14), halves)).toThrow(
      'a: found the cycle a -> a over cores 0, 1, expected a on one core, for the cycle may take only 1e-14 ms. Keep ' +
        'them together, or give a projection of the cycle delays that are surely 0.1 ms or more.',
    )
    const placement = definePlacement(quick(0.1), halves)
    expect(placement.cycles).toEqual([{ groups: ['a'], lookahead: 0.1 }])
    expect(mistakeOf(() => checkPlacement(quick(0.09), placement)).code).toBe('PLACEMENT_CYCLE')
  })

  it('is that of another network', () => {
    const placement = placeOnCores(network, 2)
    checkPlacement(network, placement)
    const [first, second] = placement.cores
    const wrong = (change: object) => mistakeOf(() => checkPlacement(network, { ...placement, ...change }))
    expect(wrong({ cores: [second, first] })).toEqual({ code: 'PLACEMENT_CORE_NUMBER', field: 'cores[0].core' })
    expect(wrong({ cores: [first, { ...second, synapses: 0 }] })).toEqual({
      code: 'PLACEMENT_STALE',
      field: 'cores[1].synapses',
    })
    expect(wrong({ cores: [{ ...first, neurons: 1 }, second] }).field).toBe('cores[0].neurons')
    expect(wrong({ cuts: [] })).toEqual({ code: 'PLACEMENT_STALE', field: 'cuts' })
    expect(wrong({ cores: [first] }).code).toBe('PLACEMENT_GAP')
    // Lookaheads follow the delays, which training changes.
    checkPlacement(network, { ...placement, cycles: [] })
  })
})

describe('the hash of a placement', () => {
  it('is equal exactly if the slices are', () => {
    const cores = fc.integer({ min: 1, max: 4 })
    fc.assert(
      fc.property(blockNetwork, cores, cores, (any, m, n) => {
        const [a, b] = [m, n].map((columns) => place(any, mesh({ columns, rows: 1 })))
        const slices = [a, b].map((placement) => JSON.stringify(placement!.cores.map((core) => core.slices)))
        expect(placementHash(a!) === placementHash(b!)).toBe(slices[0] === slices[1])
      }),
      { numRuns: 60, seed: 52 },
    )
  })

  it('is this number', () => {
    expect(placementHash(define('input[0:5] hidden[0:32]', 'hidden[32:70] output[0:3]'))).toMatchInlineSnapshot(
      `"6ea853da4df9234e881bdf39af20ae19"`,
    )
  })
})
