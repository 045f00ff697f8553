import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/events/errors.js'
import { checkPlacement } from '../../src/hardware/check-placement.js'
import { type Chip, mesh } from '../../src/hardware/chip.js'
import { coresFor, place } from '../../src/hardware/place.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import type { Placement } from '../../src/hardware/placement.js'
import { findQuickCycles, type QuickCycle } from '../../src/hardware/quick-cycles.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { uniform } from '../../src/network/description/initializers.js'
import type { GroupSpec, Network } from '../../src/network/description/network.js'
import { connect, dense, perSynapse, synapses } from '../../src/network/description/projections.js'
import { MINIMAL_CYCLE_DELAY } from '../../src/network/graph/lookahead.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { blocksOf } from '../../src/network/slices/blocks.js'
import { mistakeOf } from '../network/mistake-of.js'
import { casesOf } from '../support/cases-of.js'
import { allCuttings, segments } from './all-cuttings.js'
import { blockNetwork, smallChip } from './arbitrary-placed.js'

const neuron = { tauMem: 20, tauSyn: 5, threshold: 1 }
const layers = defineNetwork({
  groups: { input: source(5), hidden: lif(120, neuron), output: lif(3, neuron) },
  projections: [connect('input', 'hidden', dense(1)), connect('hidden', 'output', dense(1))],
})

/** A source, then layers, each joined to the one before. */
function chainOf(sizes: readonly number[]): Network {
  const groups = sizes.map((size, k) => [`g${k}`, k === 0 ? source(size) : lif(size, neuron)] as const)
  return defineNetwork<Record<string, GroupSpec>>({
    groups: Object.fromEntries(groups),
    projections: sizes.slice(1).map((_, k) => connect(`g${k}`, `g${k + 1}`, dense(1))),
  })
}

/** The placement, or null where it is refused for lack of room. */
function placed(network: Network, chip: Chip): Placement | null {
  try {
    return place(network, chip)
  } catch (error) {
    if (error instanceof InputError && /^PLACEMENT_(CAPACITY|CYCLE)$/.test(error.code)) return null
    throw error
  }
}

const textOf = ({ cores }: Placement) =>
  cores.map(({ slices }) => slices.map(({ group, start, end }) => `${group}[${start}:${end}]`).join(' '))

const messageOf = (call: () => unknown) => {
  try {
    call()
  } catch (error) {
    if (error instanceof InputError) return `${error.message} [${error.code}]`
    throw error
  }
  throw new Error('expected an InputError, but nothing was raised')
}

/** Synapses into every block, counted one by one. */
function synapsesByUnit(network: Network): Map<string, number[]> {
  const counts = new Map(network.groups.map(({ name, size }) => [name, new Array<number>(size).fill(0)]))
  for (const { target, targets, absent } of instantiate(network, 0).projections) {
    const here = counts.get(target)!
    targets.forEach((unit, s) => {
      if (absent?.[s] !== 1) here[unit]!++
    })
  }
  return counts
}

describe('a placement', () => {
  it('holds every unit once, cut at blocks, within the limits of the chip, or is refused', () => {
    fc.assert(
      fc.property(blockNetwork, smallChip, (network, chip) => {
        const placement = placed(network, chip)
        fc.pre(placement !== null)
        const counts = synapsesByUnit(network)
        const units = new Map(network.groups.map(({ name }) => [name, [] as number[]]))
        for (const { core, column, row, slices, neurons, synapses } of placement.cores) {
          expect(row * chip.columns + column).toBe(core)
          expect(column).toBeLessThan(chip.columns)
          expect(slices.length).toBeGreaterThan(0)
          expect(new Set(slices.map(({ group }) => group)).size).toBe(slices.length)
          const held = slices.map(({ group, start, end }) => {
            const { kind, size } = network.groups.find(({ name }) => name === group)!
            expect(start % 32).toBe(0)
            expect(end % 32 === 0 || end === size).toBe(true)
            for (let unit = start; unit < end; unit++) units.get(group)!.push(unit)
            const into = counts.get(group)!.slice(start, end)
            return { neurons: kind === 'source' ? 0 : end - start, synapses: into.reduce((a, b) => a + b, 0) }
          })
          expect(neurons).toBe(held.reduce((sum, slice) => sum + slice.neurons, 0))
          expect(synapses).toBe(held.reduce((sum, slice) => sum + slice.synapses, 0))
          expect(neurons).toBeLessThanOrEqual(chip.neuronsPerCore)
          expect(synapses).toBeLessThanOrEqual(chip.synapsesPerCore)
        }
        for (const { name, size } of network.groups) {
          expect(units.get(name)!.sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, unit) => unit))
        }
        expect(placement.cores.length).toBeLessThanOrEqual(chip.columns * chip.rows)
        checkPlacement(network, placement)
      }),
      { numRuns: casesOf({ short: 50, long: 150 }), seed: 41 },
    )
  })

  it('never parts a cycle without delay, nor a short one where there is room', () => {
    let tied = 0
    fc.assert(
      fc.property(blockNetwork, smallChip, (network, chip) => {
        const { tight, short } = findQuickCycles(network)
        const expectTogether = ({ cores }: Placement, quickCycle: QuickCycle | undefined) => {
          if (quickCycle === undefined) return
          tied++
          expect(
            cores.filter(({ slices }) => slices.some(({ group }) => quickCycle.groups.includes(group))),
          ).toHaveLength(1)
        }
        const [placement, roomy] = [placed(network, chip), place(network, mesh({ columns: 4, rows: 3 }))]
        for (const { name } of network.groups) {
          if (placement !== null) expectTogether(placement, tight(name))
          expectTogether(roomy, short(name))
        }
        for (const { lookahead } of [...(placement?.cycles ?? []), ...roomy.cycles])
          expect(lookahead).toBeGreaterThanOrEqual(MINIMAL_CYCLE_DELAY)
      }),
      { numRuns: casesOf({ short: 50, long: 150 }), seed: 42 },
    )
    expect(tied).toBeGreaterThan(50)
  })

  it('gives no core more synapses than the best cutting of the same order does', () => {
    const chain = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 2, maxLength: 4 })
    fc.assert(
      fc.property(chain, fc.integer({ min: 1, max: 5 }), (sizes, cores) => {
        const network = chainOf(sizes)
        const blocks = sizes.flatMap((size, k) =>
          blocksOf(size).map(({ start, end }) => (sizes[k - 1] ?? 0) * (end - start)),
        )
        const maxima = allCuttings(blocks.length, Math.min(cores, blocks.length)).map((ends) => {
          return Math.max(...segments(blocks, ends).map((part) => part.reduce((sum, load) => sum + load, 0)))
        })
        const placement = place(network, mesh({ columns: cores, rows: 1 }))
        expect(Math.max(...placement.cores.map(({ synapses }) => synapses))).toBe(Math.min(...maxima))
      }),
      { numRuns: casesOf({ short: 50, long: 150 }), seed: 46 },
    )
  })

  it('is possible on every larger chip, too', () => {
    const more = fc.record({ rows: fc.nat(2), neurons: fc.nat(100), synapses: fc.nat(9000) })
    fc.assert(
      fc.property(blockNetwork, smallChip, more, (network, chip, { rows, neurons, synapses }) => {
        fc.pre(placed(network, chip) !== null)
        const larger = mesh({
          columns: chip.columns,
          rows: chip.rows + rows,
          neuronsPerCore: chip.neuronsPerCore + neurons,
          synapsesPerCore: chip.synapsesPerCore + synapses,
        })
        expect(placed(network, larger)).not.toBeNull()
      }),
      { numRuns: casesOf({ short: 50, long: 150 }), seed: 43 },
    )
  })

  it('is a frozen value that follows from network and chip alone', () => {
    fc.assert(
      fc.property(blockNetwork, smallChip, (network, chip) => {
        const placement = placed(network, chip)
        expect(placed(network, chip)).toEqual(placement)
        if (placement === null) return
        expect(Object.isFrozen(placement) && Object.isFrozen(placement.cores[0]?.slices[0])).toBe(true)
        expect(placed(network, { ...chip })).toEqual(placement)
      }),
      { numRuns: casesOf({ short: 17, long: 50 }), seed: 44 },
    )
  })

  it('uses as many cores as there are blocks, up to all', () => {
    fc.assert(
      fc.property(blockNetwork, fc.integer({ min: 1, max: 12 }), (network, cores) => {
        const { short } = findQuickCycles(network)
        const placementUnits = network.groups.flatMap(({ name, size }) => {
          const quickCycle = short(name)
          return quickCycle === undefined ? blocksOf(size).map(() => name) : quickCycle.groups[0] === name ? [name] : []
        })
        const { cores: used } = place(network, mesh({ columns: cores, rows: 1 }))
        expect(used.length).toBe(Math.min(cores, placementUnits.length))
        if (cores <= placementUnits.length) expect(placeOnCores(network, cores).cores).toHaveLength(cores)
        else expect(mistakeOf(() => placeOnCores(network, cores)).code).toBe('CORES_TOO_MANY')
      }),
      { numRuns: casesOf({ short: 33, long: 100 }), seed: 45 },
    )
  })

  it('is these', () => {
    expect(textOf(place(layers, mesh({ columns: 1, rows: 1 })))).toEqual(['input[0:5] hidden[0:120] output[0:3]'])
    expect(place(layers, mesh({ columns: 2, rows: 2 }))).toEqual({
      cores: [
        {
          core: 0,
          column: 0,
          row: 0,
          slices: [
            { group: 'input', start: 0, end: 5 },
            { group: 'hidden', start: 0, end: 32 },
          ],
          neurons: 32,
          synapses: 160,
        },
        { core: 1, column: 1, row: 0, slices: [{ group: 'hidden', start: 32, end: 64 }], neurons: 32, synapses: 160 },
        { core: 2, column: 0, row: 1, slices: [{ group: 'hidden', start: 64, end: 120 }], neurons: 56, synapses: 280 },
        { core: 3, column: 1, row: 1, slices: [{ group: 'output', start: 0, end: 3 }], neurons: 3, synapses: 360 },
      ],
      cuts: [
        {
          key: 'input->hidden',
          crossings: [
            { from: 0, to: 1 },
            { from: 0, to: 2 },
          ],
        },
        {
          key: 'hidden->output',
          crossings: [
            { from: 0, to: 3 },
            { from: 1, to: 3 },
            { from: 2, to: 3 },
          ],
        },
      ],
      cycles: [],
    })
  })

  it('cuts a source only if there are cores to fill', () => {
    const network = defineNetwork({
      groups: { input: source(70), output: lif(32, neuron) },
      projections: [connect('input', 'output', dense(1))],
    })
    expect(textOf(placeOnCores(network, 2))).toEqual(['input[0:70]', 'output[0:32]'])
    expect(textOf(placeOnCores(network, 3))).toEqual(['input[0:32]', 'input[32:70]', 'output[0:32]'])
    expect(textOf(placeOnCores(network, 4))).toEqual(['input[0:32]', 'input[32:64]', 'input[64:70]', 'output[0:32]'])
  })

  it('counts the synapses there are, not the pairs', () => {
    const weights = Array.from({ length: 64 }, (_, target) => [1, target < 32 ? null : 1, target === 63 ? null : 1])
    const network = defineNetwork({
      groups: { input: source(3), output: lif(64, neuron), readout: li(1, { tauMem: 20, tauSyn: 5 }) },
      projections: [connect('input', 'output', dense(weights)), connect('output', 'readout', synapses([[63, 0, 1]]))],
    })
    const { cores, cuts } = placeOnCores(network, 3)
    expect(cores.map(({ synapses }) => synapses)).toEqual([64, 95, 1])
    expect(cuts.map(({ key, crossings }) => ({ key, crossings }))).toEqual([
      {
        key: 'input->output',
        crossings: [
          { from: 2, to: 0 },
          { from: 2, to: 1 },
        ],
      },
      { key: 'output->readout', crossings: [{ from: 1, to: 2 }] },
    ])
  })

  it('is quick for a group of a million neurons', () => {
    const size = 1_000_000
    const list = Array.from({ length: 1000 }, (_, k) => ({ source: k % 10, target: (k * 997) % size, weight: 1 }))
    const network = defineNetwork({
      groups: { input: source(10), big: lif(size, neuron) },
      projections: [connect('input', 'big', dense(1)), connect('big', 'big', synapses(list), { delay: 1 })],
    })
    const { cores } = placeOnCores(network, 64)
    expect(cores.reduce((sum, { synapses }) => sum + synapses, 0)).toBe(10 * size + 1000)
    const loads = cores.map(({ synapses }) => synapses)
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThan(800)
  })
})

describe('groups on a cycle', () => {
  const around = (there: number, back: number, size = 64) =>
    defineNetwork({
      groups: { input: source(1), a: lif(size, neuron), b: lif(size, neuron) },
      projections: [
        connect('input', 'a', dense(1)),
        connect('a', 'b', dense(1), { delay: there }),
        connect('b', 'a', dense(1), { delay: back }),
      ],
    })

  it('are cut where the cycle has a delay, with the lookahead it leaves', () => {
    const placement = placeOnCores(around(0, 1.5), 2)
    expect(textOf(placement)).toEqual(['input[0:1] a[0:64]', 'b[0:64]'])
    expect(placement.cycles).toEqual([{ groups: ['a', 'b'], lookahead: 1.5 }])
  })

  it('stay together if it is short, unless they do not fit', () => {
    const short = around(0.05, 0.06)
    expect(textOf(place(short, mesh({ columns: 2, rows: 2 })))).toEqual(['input[0:1]', 'a[0:64] b[0:64]'])
    const small = mesh({ columns: 2, rows: 2, neuronsPerCore: 64 })
    expect(textOf(place(short, small))).toEqual(['input[0:1] a[0:32]', 'a[32:64]', 'b[0:32]', 'b[32:64]'])
    expect(place(short, small).cycles).toEqual([{ groups: ['a', 'b'], lookahead: expect.closeTo(0.11, 12) }])
  })

  it('are cut if short where all together would not fit otherwise', () => {
    const groups = { c: lif(32, neuron), a: lif(32, neuron), b: lif(32, neuron), d: lif(32, neuron) }
    const network = defineNetwork({
      groups,
      projections: [
        connect('c', 'a', dense(1)),
        connect('a', 'b', dense(1), { delay: 0.05 }),
        connect('b', 'a', dense(1), { delay: 0.05 }),
        connect('b', 'd', dense(1)),
      ],
    })
    const on = (columns: number) => textOf(place(network, mesh({ columns, rows: 1, neuronsPerCore: 64 })))
    expect(on(3)).toEqual(['c[0:32]', 'a[0:32] b[0:32]', 'd[0:32]'])
    expect(on(2)).toEqual(['c[0:32] a[0:32]', 'b[0:32] d[0:32]'])
  })

  it('fill the cores one after the other, cut or not', () => {
    const network = defineNetwork({
      groups: { a: lif(32, neuron), c: lif(32, neuron), b: lif(32, neuron) },
      projections: [
        connect('a', 'b', dense(1), { delay: 0.05 }),
        connect('b', 'a', dense(1), { delay: 0.05 }),
        connect('b', 'c', dense(1), { delay: 3 }),
        connect('c', 'a', dense(1), { delay: 3 }),
      ],
    })
    const on = (neuronsPerCore: number) => textOf(place(network, mesh({ columns: 3, rows: 1, neuronsPerCore })))
    expect(on(64)).toEqual(['a[0:32] b[0:32]', 'c[0:32]'])
    expect(on(32)).toEqual(['a[0:32]', 'b[0:32]', 'c[0:32]'])
  })

  it.each([
    [0.05, 0.03],
    [0, 1e-14],
    [1e-9, 1e-9],
  ])('stay together if all of it takes no longer than %d + %d ms', (there, back) => {
    const network = around(there, back)
    expect(textOf(place(network, mesh({ columns: 2, rows: 2 })))).toEqual(['input[0:1]', 'a[0:64] b[0:64]'])
    const refused = messageOf(() => place(network, mesh({ columns: 2, rows: 2, neuronsPerCore: 64 })))
    expect(refused).toMatch(/^chip: found the cycle a -> b -> a, which must stay on one core, .*PLACEMENT_CYCLE\]$/)
  })

  it('are cut where they share no cycle that is too short', () => {
    const network = defineNetwork({
      groups: { a: lif(32, neuron), b: lif(32, neuron), c: lif(32, neuron) },
      projections: [
        connect('a', 'b', dense(1), { delay: 0.04 }),
        connect('b', 'a', dense(1), { delay: 0.04 }),
        connect('b', 'c', dense(1), { delay: 0.09 }),
        connect('c', 'b', dense(1), { delay: 0.09 }),
      ],
    })
    const on = (neuronsPerCore: number) => place(network, mesh({ columns: 2, rows: 1, neuronsPerCore }))
    expect(textOf(on(96))).toEqual(['a[0:32] b[0:32] c[0:32]'])
    expect(textOf(on(64))).toEqual(['a[0:32] b[0:32]', 'c[0:32]'])
    expect(on(64).cycles).toEqual([{ groups: ['b', 'c'], lookahead: 0.18 }])
  })

  it('stay together if nothing says that it has a delay', () => {
    const small = mesh({ columns: 2, rows: 2, neuronsPerCore: 64 })
    expect(messageOf(() => place(around(0, 0), small))).toBe(
      'chip: found the cycle a -> b -> a, which must stay on one core, with 128 neurons and 8256 synapses, expected at ' +
        'most 64 neurons on a core. Choose a chip with larger cores, or give a projection of the cycle delays that are ' +
        'surely 0.1 ms or more. [PLACEMENT_CYCLE]',
    )
    const drawn = defineNetwork({
      groups: { a: lif(64, neuron) },
      projections: [connect('a', 'a', dense(1), { delay: perSynapse(uniform(0, 5)) })],
    })
    expect(mistakeOf(() => place(drawn, mesh({ columns: 2, rows: 1, neuronsPerCore: 32 }))).code).toBe(
      'PLACEMENT_CYCLE',
    )
    expect(place(drawn, mesh({ columns: 2, rows: 1 })).cores).toHaveLength(1)
    expect(messageOf(() => placeOnCores(drawn, 2, {}, '--cores'))).toBe(
      '--cores: found 2, expected at most 1. The network has 1 block of 32 neurons, with a in one piece: ' +
        'spikes go around a cycle there in next to no time. [CORES_TOO_MANY]',
    )
  })

  it('leave the others of their component free', () => {
    const network = defineNetwork({
      groups: { a: lif(32, neuron), c: lif(32, neuron), b: lif(32, neuron) },
      projections: [
        connect('a', 'b', dense(1)),
        connect('b', 'a', dense(1)),
        connect('b', 'c', dense(1), { delay: 3 }),
        connect('c', 'a', dense(1), { delay: 4 }),
      ],
    })
    const placement = placeOnCores(network, 2)
    expect(textOf(placement)).toEqual(['a[0:32] b[0:32]', 'c[0:32]'])
    expect(placement.cycles).toEqual([{ groups: ['a', 'b', 'c'], lookahead: 7 }])
  })
})

describe('a chip that is too small', () => {
  it('is told with what there is and what would do', () => {
    const chip = { columns: 2, rows: 1, neuronsPerCore: 64, synapsesPerCore: 500 }
    expect(messageOf(() => place(layers, mesh(chip)))).toBe(
      'chip: found 2 cores of 64 neurons and 500 synapses each, full before output[0:3], expected room for 123 neurons ' +
        'and 960 synapses. 3 such cores would do. [PLACEMENT_CAPACITY]',
    )
    expect(place(layers, mesh({ ...chip, columns: 3 })).cores).toHaveLength(3)
  })

  it('is told with the block that does not fit', () => {
    expect(messageOf(() => place(layers, mesh({ columns: 9, rows: 9, synapsesPerCore: 200 })))).toBe(
      'chip: found output[0:3], a single block with 3 neurons and 360 synapses, expected at most 200 synapses on a core. ' +
        'Blocks of 32 neurons are not cut: choose a chip with larger cores. [PLACEMENT_CAPACITY]',
    )
  })

  it('has fewer blocks than cores were asked for', () => {
    expect(messageOf(() => placeOnCores(layers, 7, {}, '--cores'))).toBe(
      '--cores: found 7, expected at most 6. The network has 6 blocks of 32 neurons. [CORES_TOO_MANY]',
    )
    expect(mistakeOf(() => placeOnCores(layers, 0, {}, '--cores'))).toEqual({
      code: 'OPTION_OUT_OF_RANGE',
      field: '--cores',
    })
    expect(coresFor(layers, 6)).toMatchObject({ columns: 3, rows: 2 })
    expect(coresFor(layers, 5)).toMatchObject({ columns: 5, rows: 1 })
  })
})
