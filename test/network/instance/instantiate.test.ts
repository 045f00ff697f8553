import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InternalError } from '../../../src/events/errors.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { constant, normal, uniform } from '../../../src/network/description/initializers.js'
import { connect, dense, perSource, perSynapse, synapses } from '../../../src/network/description/projections.js'
import { structureHash } from '../../../src/network/file/structure-hash.js'
import type { GroupValues, LifValues, ProjectionValues } from '../../../src/network/instance/instance.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { withValues } from '../../../src/network/instance/with-values.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import type { Slice } from '../../../src/network/slices/blocks.js'
import { createRandomStream } from '../../../src/numerics/random-stream.js'
import { ANY, having, without } from '../../support/case-ranges.js'
import { kernelCase } from '../../support/kernel-case.js'
import { expectSameBits } from '../../support/same-bits.js'
import { anyNetwork } from '../arbitrary-network.js'
import { mistakeOf } from '../mistake-of.js'

const neuron = { tauMem: 20, tauSyn: 5, threshold: 1 }
const numRuns = 60

describe('an instance', () => {
  it('is a function of network and seed', () => {
    fc.assert(
      fc.property(anyNetwork, fc.nat(), (network, seed) => {
        expect(instantiate(network, seed)).toStrictEqual(instantiate(network, seed))
      }),
      { numRuns },
    )
  })

  it('has one number for everything there is', () => {
    fc.assert(
      fc.property(anyNetwork, fc.nat(), (network, seed) => {
        for (const values of instantiate(network, seed).projections) {
          const { layout, sources, targets, weights, absent, delayShape, delays, sourceSize, targetSize } = values
          if (layout === 'dense') expect(sources.length).toBe(sourceSize * targetSize)
          for (const perSynapse of [targets, weights, ...(absent === null ? [] : [absent])]) {
            expect(perSynapse.length).toBe(sources.length)
          }
          const lengths = { none: 0, scalar: 1, perSource: sourceSize, perSynapse: sources.length }
          expect(delays.length).toBe(lengths[delayShape])
          expect(sources.every((unit) => unit < sourceSize) && targets.every((unit) => unit < targetSize)).toBe(true)
        }
      }),
      { numRuns },
    )
  })

  it('has 0 where there is no synapse, and dense synapses by target and source', () => {
    const delay = perSynapse(uniform(1, 2))
    const rows = [
      [1, null],
      [2, 3],
      [null, 4],
    ]
    const network = defineNetwork({
      groups: { a: source(2), b: lif(3, neuron) },
      projections: [connect('a', 'b', dense(rows), { delay })],
    })
    const [values] = instantiate(network, 1).projections
    expect(values).toMatchObject({
      key: 'a->b',
      layout: 'dense',
      sources: Uint32Array.of(0, 1, 0, 1, 0, 1),
      targets: Uint32Array.of(0, 0, 1, 1, 2, 2),
      absent: Uint8Array.of(0, 1, 0, 0, 1, 0),
      joined: Uint8Array.of(1, 1),
      weights: Float64Array.of(1, 0, 2, 3, 0, 4),
      delayShape: 'perSynapse',
    })
    expect([...(values?.delays ?? [])].map((d) => d >= 1 && d < 2)).toEqual([true, false, true, true, false, true])
  })

  it('draws from streams named after projection or group and quantity', () => {
    const network = defineNetwork({
      groups: { a: source(2), b: lif(3, { ...neuron, threshold: normal(1, 0.1), bias: uniform(-1, 0) }) },
      projections: [
        connect('a', 'b', dense(normal(1.5, 0.8)), { delay: perSource(uniform(2, 5)) }),
        connect('a', 'b', dense(uniform(-1, 1)), { name: 'extra' }),
      ],
    })
    const { groups, projections } = instantiate(network, 7)
    const stream = (name: string) => createRandomStream(7, name)
    const { threshold, bias } = groups[1] as LifValues
    expect(threshold[2]).toBe(1 + 0.1 * stream('b/threshold').normal(2))
    expect(bias[1]).toBe(-1 + 1 * stream('b/bias').uniform(1))
    expect(projections[0]?.weights[5]).toBe(1.5 + 0.8 * stream('a->b/weights').normal(5))
    expect(projections[0]?.delays[1]).toBe(2 + 3 * stream('a->b/delays').uniform(1))
    expect(projections[1]?.weights[0]).toBe(-1 + 2 * stream('extra/weights').uniform(0))
  })

  it('shares the array of a single synaptic time constant', () => {
    const two = { tauMem: 20, tauSynExc: 5, tauSynInh: 5 }
    const network = defineNetwork({ groups: { a: lif(2, neuron), b: li(2, two) }, projections: [] })
    const [a, b] = instantiate(network, 0).groups
    if (a?.kind !== 'lif' || b?.kind !== 'li') throw new Error('wrong kinds')
    expect(a.tauSynInh).toBe(a.tauSynExc)
    expect(b.tauSynInh).not.toBe(b.tauSynExc)
  })

  it.each([
    [{ tauMem: uniform(-1, 0) }, 'TIME_CONSTANT_NOT_POSITIVE', 'groups[1].tauMem[0]'],
    [{ tauSyn: constant(-0.1) }, 'TIME_CONSTANT_NOT_POSITIVE', 'groups[1].tauSyn[0]'],
    [{ vReset: uniform(2, 3) }, 'RESET_NOT_BELOW_THRESHOLD', 'groups[1].vReset[0]'],
    [{ refractory: constant(-1) }, 'REFRACTORY_NEGATIVE', 'groups[1].refractory[0]'],
    [{ adaptStep: constant(-1) }, 'ADAPT_STEP_NEGATIVE', 'groups[1].adaptStep[0]'],
    [{ bias: normal(1.7e308, 1e308) }, 'NUMBER_NOT_FINITE', 'groups[1].bias['],
  ])('refuses what %j draws', (parameters, code, field) => {
    const group = lif(64, { ...neuron, ...parameters } as typeof neuron)
    const network = defineNetwork({ groups: { a: source(1), b: group }, projections: [] })
    const mistake = mistakeOf(() => instantiate(network, 3))
    expect(mistake.code).toBe(code)
    expect(mistake.field).toContain(field)
  })

  it('refuses a drawn delay below 0', () => {
    const delay = perSynapse(normal(0, 1))
    const list = synapses(Array.from({ length: 20 }, () => [0, 0, 1] as const))
    const network = defineNetwork({
      groups: { a: source(1), b: lif(1, neuron) },
      projections: [connect('a', 'b', list, { delay })],
    })
    expect(mistakeOf(() => instantiate(network, 3)).code).toBe('DELAY_NEGATIVE')
  })
})

/** The numbers of a slice, cut out of those of the whole group. */
function groupPart(whole: GroupValues, { start, end }: Slice): GroupValues {
  const cut = Object.entries(whole).map(([field, value]) => [
    field,
    value instanceof Float64Array ? value.slice(start, end) : value,
  ])
  return { ...(Object.fromEntries(cut) as GroupValues), start, size: end - start }
}

function projectionPart(whole: ProjectionValues, { start, end }: Slice): ProjectionValues {
  const held = Array.from(whole.targets, (_, s) => s).filter(
    (s) => whole.targets[s]! >= start && whole.targets[s]! < end,
  )
  const pick = (values: Float64Array) => Float64Array.from(held, (s) => values[s]!)
  const absent = Uint8Array.from(held, (s) => whole.absent?.[s] ?? 0)
  return {
    ...whole,
    targetSize: end - start,
    sources: Uint32Array.from(held, (s) => whole.sources[s]!),
    targets: Uint32Array.from(held, (s) => whole.targets[s]! - start),
    absent: absent.includes(1) ? absent : null,
    weights: pick(whole.weights),
    delays: whole.delayShape === 'perSynapse' ? pick(whole.delays) : whole.delays,
  }
}

const largeCase = fc.constantFrom('lif' as const, 'li' as const).chain((kind) => {
  return kernelCase(kind, having('several blocks', without('recurrent input', ANY[kind])))
})

describe('a part of an instance', () => {
  it('has the bits of the whole: neurons of a slice, and the synapses into it', () => {
    let cut = 0
    fc.assert(
      fc.property(largeCase, (sample) => {
        const whole = instantiate(sample.network, sample.seed)
        const parts = [
          ...sample.targetSlices.map((slice) => ({ group: 'x', ...slice })),
          ...sample.sourceSlices.map((slice) => ({ group: 'in', ...slice })),
        ]
        for (const slice of parts) {
          const place = slice.group === 'in' ? 0 : 1
          expectSameBits(instantiate(sample.network, sample.seed, [slice]), {
            groups: [groupPart(whole.groups[place]!, slice)],
            projections: place === 0 ? [] : whole.projections.map((projection) => projectionPart(projection, slice)),
          })
          if (slice.start > 0) cut++
        }
      }),
      { numRuns: 80, seed: 62 },
    )
    expect(cut).toBeGreaterThan(60)
  })

  it('has groups in the order of the description, whatever the order of the slices, and nothing of others', () => {
    fc.assert(
      fc.property(anyNetwork, fc.nat(), fc.nat(15), (network, seed, mask) => {
        const whole = instantiate(network, seed)
        const kept = network.groups.filter((_, g) => ((mask >> g) & 1) === 1)
        const slices = kept.map(({ name, size }) => ({ group: name, start: 0, end: size }))
        const names = new Set(kept.map(({ name }) => name))
        expect(instantiate(network, seed, slices.toReversed())).toStrictEqual({
          groups: whole.groups.filter(({ name }) => names.has(name)),
          projections: whole.projections.filter(({ target }) => names.has(target)),
        })
      }),
      { numRuns },
    )
  })

  it('names a drawn number that is out of range by its place in the whole', () => {
    const group = (parameters: object) => lif(64, { ...neuron, ...parameters } as typeof neuron)
    const network = (parameters: object, delays: Parameters<typeof connect>[3] = {}, list = dense(1)) =>
      defineNetwork({
        groups: { a: source(3), b: group({}), c: group(parameters) },
        projections: [connect('a', 'b', dense(1)), connect('a', 'c', list, delays)],
      })
    const slices = [{ group: 'c', start: 32, end: 64 }]
    const fieldOf = (described: Parameters<typeof instantiate>[0]) =>
      mistakeOf(() => instantiate(described, 3, slices)).field
    expect(fieldOf(network({ tauMem: uniform(-1, 0) }))).toBe('groups[2].tauMem[32]')
    expect(fieldOf(network({ vReset: uniform(2, 3) }))).toBe('groups[2].vReset[32]')
    expect(fieldOf(network({}, { delay: perSynapse(uniform(-2, -1)) }))).toBe('projections[1].delays[96]')
    expect(fieldOf(network({}, { delay: perSource(uniform(-2, -1)) }))).toBe('projections[1].delays[0]')
    expect(fieldOf(network({}, {}, dense(normal(1.7e308, 1e308))))).toMatch(
      /^projections\[1\]\.weights\[(9[6-9]|1[0-9]{2})\]$/,
    )
    const listed = synapses([
      [0, 5, 1],
      [1, 40, 1],
    ])
    expect(fieldOf(network({}, { delay: perSynapse(uniform(-2, -1)) }, listed as never))).toBe(
      'projections[1].delays[1]',
    )
  })

  it.each([
    [{ group: 'nobody', start: 0, end: 32 }],
    [{ group: 'b', start: 16, end: 64 }],
    [{ group: 'b', start: 0, end: 33 }],
    [{ group: 'b', start: 32, end: 32 }],
    [{ group: 'b', start: 0, end: 96 }],
    [
      { group: 'b', start: 0, end: 32 },
      { group: 'b', start: 32, end: 64 },
    ],
  ])('is made of one slice per group, cut between blocks: not of %o', (...slices) => {
    const network = defineNetwork({ groups: { a: source(1), b: lif(64, neuron) }, projections: [] })
    expect(() => instantiate(network, 0, slices)).toThrow(InternalError)
  })
})

it('a part knows what units the description joins to other slices, and whom to none', () => {
  const rows = Array.from({ length: 64 }, (_, target) => [1, target < 32 ? null : 1, null])
  const network = defineNetwork({
    groups: { a: source(3), b: lif(64, neuron) },
    projections: [connect('a', 'b', dense(rows)), connect('a', 'b', dense(1))],
  })
  for (const start of [0, 32]) {
    const { projections } = instantiate(network, 1, [{ group: 'b', start, end: start + 32 }])
    expect(projections.map(({ joined }) => joined)).toEqual([Uint8Array.of(1, 1, 0), null])
  }
})

describe('a network with the values of an instance', () => {
  it('draws the same values from any seed', () => {
    fc.assert(
      fc.property(anyNetwork, fc.nat(), fc.nat(), (network, seed, other) => {
        const instance = instantiate(network, seed)
        expect(sameZeros(instantiate(withValues(network, instance), other))).toEqual(sameZeros(instance))
      }),
      { numRuns },
    )
  })

  it('is itself again and has the same structure, but for rules that have become lists', () => {
    let ruled = 0
    fc.assert(
      fc.property(anyNetwork, fc.nat(), (network, seed) => {
        const instance = instantiate(network, seed)
        const settled = withValues(network, instance)
        expect(withValues(settled, instance)).toStrictEqual(settled)
        const hasRule = network.projections.some(({ connectivity }) => connectivity.kind === 'rule')
        if (hasRule) ruled++
        else expect(structureHash(settled)).toBe(structureHash(network))
        expect(settled.projections.map(({ connectivity }) => connectivity.kind)).not.toContain('rule')
        expect(Object.isFrozen(settled.groups[0])).toBe(true)
      }),
      { numRuns },
    )
    expect(ruled).toBeGreaterThan(numRuns / 10)
  })

  it('keeps single numbers that did not change and spreads those that did', () => {
    const network = defineNetwork({
      groups: { a: source(2), b: lif(2, neuron) },
      projections: [connect('a', 'b', dense(0.5), { delay: 1 }), connect('b', 'b', dense(0.25))],
    })
    const instance = instantiate(network, 0)
    const [first] = instance.projections
    first?.weights.set([-0, 7])
    first?.delays.set([2.5])
    const b = instance.groups[1] as LifValues
    b.threshold[1] = 3
    const settled = withValues(network, instance)
    expect(settled.projections[0]).toMatchObject({ weights: [0, 7, 0.5, 0.5], delays: { kind: 'scalar', value: 2.5 } })
    expect(settled.projections[1]?.weights).toBe(0.25)
    expect(settled.groups[1]).toMatchObject({ threshold: [1, 3], tauSyn: 5, bias: 0 })
  })

  it('needs all of them', () => {
    const network = defineNetwork({ groups: { a: source(1), b: lif(64, neuron) }, projections: [] })
    const slices = [
      { group: 'a', start: 0, end: 1 },
      { group: 'b', start: 0, end: 32 },
    ]
    expect(() => withValues(network, instantiate(network, 0, slices))).toThrow(InternalError)
  })

  it('refuses values that no network may have', () => {
    const network = defineNetwork({
      groups: { a: source(1), b: lif(1, neuron) },
      projections: [connect('a', 'b', dense(1))],
    })
    const instance = instantiate(network, 0)
    instance.projections[0]?.weights.fill(Number.NaN)
    expect(mistakeOf(() => withValues(network, instance))).toEqual({
      code: 'NUMBER_NOT_FINITE',
      field: 'projections[0].weights[0]',
    })
  })
})

/** A drawn -0 is written as 0. */
function sameZeros<Value>(value: Value): Value {
  if (value instanceof Float64Array) return value.map((entry) => entry + 0) as Value
  if (Array.isArray(value)) return value.map(sameZeros) as Value
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, sameZeros(part)])) as Value
}
