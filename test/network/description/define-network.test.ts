import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { InputError } from '../../../src/events/errors.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { constant, normal, uniform } from '../../../src/network/description/initializers.js'
import type { Network } from '../../../src/network/description/network.js'
import { connect, dense, perSource, perSynapse, synapses } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { anyNetwork } from '../arbitrary-network.js'
import { mistakeOf } from '../mistake-of.js'

const neuron = { tauMem: 20, tauSyn: 5, threshold: 1 }
const groups = { input: source(2), hidden: lif(3, neuron), readout: li(1, { tauMem: 20, tauSyn: 5 }) }

describe('a defined network', () => {
  it('is frozen in every part', () => {
    fc.assert(
      fc.property(anyNetwork, (network) => {
        expect(thawed(network)).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it('has keys of its own for projections', () => {
    fc.assert(
      fc.property(anyNetwork, ({ groups, projections }) => {
        const keys = [...groups.map(({ name }) => name), ...projections.map(({ key }) => key)]
        expect(new Set(keys).size).toBe(keys.length)
      }),
      { numRuns: 50 },
    )
  })

  it('shares nothing with what it was made of', () => {
    const threshold = [1, 2, 3]
    const row = [1, 2]
    const network = defineNetwork({
      groups: { ...groups, hidden: lif(3, { ...neuron, threshold }) },
      projections: [connect('input', 'readout', dense([row]))],
    })
    threshold[0] = -9
    row[0] = -9
    expect(network.groups[1]).toMatchObject({ threshold: [1, 2, 3] })
    expect(network.projections[0]?.weights).toEqual([1, 2])
  })

  it('counts the projections of a pair, named ones too', () => {
    const hidden = () => connect('input', 'hidden', dense(1))
    const { projections } = defineNetwork({
      groups,
      projections: [
        hidden(),
        connect('input', 'hidden', dense(1), { name: 'second' }),
        connect('hidden', 'hidden', dense(1)),
        hidden(),
      ],
    })
    expect(projections.map(({ key }) => key)).toEqual(['input->hidden', 'second', 'hidden->hidden', 'input->hidden#3'])
  })

  it('knows absent pairs, and a weight of 0 as a synapse', () => {
    const weights = [
      [0, null],
      [1, -0],
      [null, 2],
    ]
    const delay = perSynapse([
      [1, null],
      [2, 3],
      [9, 4],
    ])
    const network = defineNetwork({ groups, projections: [connect('input', 'hidden', dense(weights), { delay })] })
    expect(network.projections[0]).toStrictEqual({
      source: 'input',
      target: 'hidden',
      key: 'input->hidden',
      connectivity: { kind: 'dense', absent: [1, 4] },
      weights: [0, 0, 1, 0, 0, 2],
      delays: { kind: 'perSynapse', values: [1, 0, 2, 3, 0, 4] },
    })
  })

  it('takes synapses as tuples and as records', () => {
    const list = synapses([[0, 2, 1.5], { source: 1, target: 0, weight: -1, delay: 2 }])
    const network = defineNetwork({ groups, projections: [connect('input', 'hidden', list)] })
    expect(network.projections[0]).toMatchObject({
      connectivity: { kind: 'synapses', sources: [0, 1], targets: [2, 0] },
      weights: [1.5, -1],
      delays: { kind: 'perSynapse', values: [0, 2] },
    })
  })

  it('fills in what is not said', () => {
    const filled = { vReset: 0, bias: 0, refractory: 0, tauAdapt: 100, adaptStep: 0 }
    expect(lif(3, neuron)).toEqual({ kind: 'lif', size: 3, ...neuron, ...filled })
    expect(li(1, { tauMem: 20, tauSyn: 5 })).toEqual({ kind: 'li', size: 1, tauMem: 20, tauSyn: 5, bias: 0 })
  })
})

describe('the type of a network', () => {
  it('holds the names of its groups', () => {
    const network = defineNetwork({ groups, projections: [] })
    expectTypeOf(network).toEqualTypeOf<Network<'input' | 'hidden' | 'readout'>>()
    expectTypeOf(network).toExtend<Network>()
  })

  it('refuses a misspelt group, and so does the program', () => {
    const misspelt = () =>
      defineNetwork({
        groups,
        // @ts-expect-error no group has this name
        projections: [connect('inputs', 'hidden', dense(1))],
      })
    expect(mistakeOf(misspelt)).toEqual({ code: 'GROUP_UNKNOWN', field: 'projections[0].source' })
  })

  it('refuses tauSyn beside tauSynExc, and so does the program', () => {
    // @ts-expect-error one or the other
    const group = () => lif(1, { ...neuron, tauSynExc: 5, tauSynInh: 5 })
    const both = () => defineNetwork({ groups: { a: group() }, projections: [] })
    expect(mistakeOf(both)).toEqual({ code: 'TAU_SYN_AMBIGUOUS', field: 'groups.a.tauSyn' })
  })

  it('refuses an unknown field, and so does the program', () => {
    // @ts-expect-error misspelt
    const group = () => lif(1, { ...neuron, treshold: 5 })
    const unknown = () => defineNetwork({ groups: { a: group() }, projections: [] })
    expect(mistakeOf(unknown)).toEqual({ code: 'FIELD_UNKNOWN', field: 'groups.a.treshold' })
  })
})

describe('a planted mistake', () => {
  const withGroup = (parameters: Partial<Parameters<typeof lif>[1]>, size = 2) =>
    mistakeOf(() =>
      defineNetwork({ groups: { a: lif(size, { ...neuron, ...parameters } as typeof neuron) }, projections: [] }),
    )
  const withProjection = (...[pattern, options]: [Parameters<typeof connect>[2], Parameters<typeof connect>[3]?]) =>
    mistakeOf(() => defineNetwork({ groups, projections: [connect('input', 'hidden', pattern, options)] }))

  it.each([
    [{ tauMem: 0 }, 'TIME_CONSTANT_NOT_POSITIVE', 'groups.a.tauMem'],
    [{ tauMem: 1e31 }, 'TIME_CONSTANT_NOT_POSITIVE', 'groups.a.tauMem'],
    [{ tauSyn: -1 }, 'TIME_CONSTANT_NOT_POSITIVE', 'groups.a.tauSyn'],
    [{ tauAdapt: [1, 0] }, 'TIME_CONSTANT_NOT_POSITIVE', 'groups.a.tauAdapt[1]'],
    [{ threshold: Number.NaN }, 'NUMBER_NOT_FINITE', 'groups.a.threshold'],
    [{ bias: [0, Number.POSITIVE_INFINITY] }, 'NUMBER_NOT_FINITE', 'groups.a.bias[1]'],
    [{ bias: [0, 1, 2] }, 'SHAPE_MISMATCH', 'groups.a.bias'],
    [{ refractory: -1e-9 }, 'REFRACTORY_NEGATIVE', 'groups.a.refractory'],
    [{ adaptStep: -1 }, 'ADAPT_STEP_NEGATIVE', 'groups.a.adaptStep'],
    [{ vReset: 1 }, 'RESET_NOT_BELOW_THRESHOLD', 'groups.a.vReset'],
    [{ vReset: [0, 2], threshold: [1, 2] }, 'RESET_NOT_BELOW_THRESHOLD', 'groups.a.vReset[1]'],
    [{ vReset: 1, threshold: [2, 1] }, 'RESET_NOT_BELOW_THRESHOLD', 'groups.a.vReset'],
    [{ bias: normal(0, -1) }, 'DISTRIBUTION_INVALID', 'groups.a.bias.std'],
    [{ bias: uniform(1, 0) }, 'DISTRIBUTION_INVALID', 'groups.a.bias.high'],
    [{ bias: constant(Number.NaN) }, 'NUMBER_NOT_FINITE', 'groups.a.bias.value'],
    [{ bias: { distribution: 'cauchy' } as never }, 'DISTRIBUTION_UNKNOWN', 'groups.a.bias.distribution'],
    [{ bias: '0' as never }, 'FIELD_TYPE', 'groups.a.bias'],
    [{ bias: undefined as never }, 'FIELD_MISSING', 'groups.a.bias'],
  ])('in an lif group %j', (parameters, code, field) => {
    expect(withGroup(parameters)).toEqual({ code, field })
  })

  it.each([0, -1, 1.5, Number.NaN, 2 ** 32])('in a size of %d', (size) => {
    expect(withGroup({}, size)).toEqual({ code: 'GROUP_SIZE_INVALID', field: 'groups.a.size' })
  })

  it.each(['', '1a', 'a b', '_a', 'a->b', '__proto__x', 'é'])('in the name "%s"', (name) => {
    const bad = () => defineNetwork({ groups: { [name]: source(1) }, projections: [] })
    expect(mistakeOf(bad).code).toBe('NAME_INVALID')
  })

  const rows = (row: (number | null)[]) => [row, row, row]
  it.each([
    ['dense, rows', dense([[1, 2]]), {}, 'SHAPE_MISMATCH', 'weights'],
    ['dense, row', dense(rows([1])), {}, 'SHAPE_MISMATCH', 'weights[0]'],
    ['dense, number', dense(rows([1, Number.NaN])), {}, 'NUMBER_NOT_FINITE', 'weights[0][1]'],
    ['dense, flat', dense([1, 2] as never), {}, 'SHAPE_MISMATCH', 'weights'],
    ['scalar delay', dense(1), { delay: -1 }, 'DELAY_NEGATIVE', 'delay'],
    ['infinite delay', dense(1), { delay: Number.POSITIVE_INFINITY }, 'NUMBER_NOT_FINITE', 'delay'],
    ['delays per source', dense(1), { delay: perSource([1, -1]) }, 'DELAY_NEGATIVE', 'delay[1]'],
    ['shape per source', dense(1), { delay: perSource([1, 1, 1]) }, 'SHAPE_MISMATCH', 'delay'],
    ['shape per synapse', dense(1), { delay: perSynapse([1, 1]) }, 'SHAPE_MISMATCH', 'delay'],
    ['no delay for a synapse', dense(1), { delay: perSynapse(rows([1, null])) }, 'FIELD_TYPE', 'delay[0][1]'],
    ['delay of the wrong kind', dense(1), { delay: 'perSource' as never }, 'FIELD_TYPE', 'delay'],
    ['unknown option', dense(1), { delays: 1 } as never, 'FIELD_UNKNOWN', 'delays'],
    ['source unit', synapses([[2, 0, 1]]), {}, 'UNIT_OUT_OF_RANGE', 'synapses[0][0]'],
    ['target unit', synapses([{ source: 0, target: -1, weight: 1 }]), {}, 'UNIT_OUT_OF_RANGE', 'synapses[0].target'],
    ['half a unit', synapses([[0.5, 0, 1]]), {}, 'UNIT_OUT_OF_RANGE', 'synapses[0][0]'],
    ['synapse too short', synapses([[0, 0] as never]), {}, 'SHAPE_MISMATCH', 'synapses[0]'],
    ['synapse delay', synapses([[0, 0, 1, -1]]), {}, 'DELAY_NEGATIVE', 'synapses[0][3]'],
    ['delays twice', synapses([[0, 0, 1, 1]]), { delay: 1 }, 'DELAYS_AMBIGUOUS', 'delay'],
    ['name of a group', dense(1), { name: 'hidden' }, 'NAME_DUPLICATE', 'name'],
    ['bad name', dense(1), { name: 'a->b' }, 'NAME_INVALID', 'name'],
  ])('in a projection: %s', (_, pattern, options, code, field) => {
    expect(withProjection(pattern, options)).toEqual({ code, field: `projections[0].${field}` })
  })

  it('in the pattern', () => {
    expect(withProjection(undefined as never)).toEqual({ code: 'PATTERN_UNKNOWN', field: 'projections[0]' })
  })

  it('in the direction', () => {
    const back = () => defineNetwork({ groups, projections: [connect('hidden', 'input', dense(1))] })
    const out = () => defineNetwork({ groups, projections: [connect('readout', 'hidden', dense(1))] })
    expect(mistakeOf(back)).toEqual({ code: 'TARGET_IS_SOURCE', field: 'projections[0].target' })
    expect(mistakeOf(out)).toEqual({ code: 'SOURCE_NEVER_SPIKES', field: 'projections[0].source' })
  })

  it('in two names alike', () => {
    const twice = connect('input', 'hidden', dense(1), { name: 'twice' })
    const bad = () => defineNetwork({ groups, projections: [twice, twice] })
    expect(mistakeOf(bad)).toEqual({ code: 'NAME_DUPLICATE', field: 'projections[1].name' })
  })

  it('in a size beyond any memory', () => {
    const large = { a: source(2 ** 20), b: lif(2 ** 20, neuron) }
    const bad = () => defineNetwork({ groups: large, projections: [connect('a', 'b', dense(1))] })
    expect(mistakeOf(bad)).toEqual({ code: 'PROJECTION_TOO_LARGE', field: 'projections[0].weights' })
  })

  it('in a network of nothing', () => {
    expect(mistakeOf(() => defineNetwork({ groups: {}, projections: [] })).code).toBe('NETWORK_EMPTY')
  })

  it('is told with place, found and expected', () => {
    const bad = () => defineNetwork({ groups: { a: lif(2, { ...neuron, bias: [1] }) }, projections: [] })
    expect(bad).toThrow(InputError)
    expect(bad).toThrow('groups.a.bias: found 1 values, expected 2.')
  })
})

/** The places at which a value could still be changed. */
function thawed(value: unknown, place = '$'): string[] {
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.entries(value).flatMap(([key, part]) => thawed(part, `${place}.${key}`))
  return Object.isFrozen(value) ? inside : [place, ...inside]
}
