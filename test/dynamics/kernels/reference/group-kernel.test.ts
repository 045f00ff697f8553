import { describe, expect, test } from 'vitest'
import { createFusedKernel } from '../../../../src/dynamics/kernels/fused-kernel.js'
import type { Kernel } from '../../../../src/dynamics/kernels/kernel.js'
import { kernelOfGroup } from '../../../../src/dynamics/kernels/kernel-of-group.js'
import { EXPLICIT } from '../../../../src/dynamics/kernels/returned-events.js'
import { InternalError, RunError } from '../../../../src/events/errors.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense, synapses } from '../../../../src/network/description/projections.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { type LifParameters, lif } from '../../../../src/network/models/lif.js'
import { expectSameBits } from '../../../support/same-bits.js'
import { expectClosedForm, neuron, PARAMETERS, uAt } from '../../models/closed-form-neuron.js'
import { batchOf, kernelFor, WHOLE } from '../kernel-for.js'

describe('one neuron', () => {
  test('fires where the closed form says, and its gradients are those of the closed form', () => {
    const kernel = kernelFor(neuron({ refractory: 200 }), 'x')
    kernel.begin(WHOLE)
    expectClosedForm(kernel)
  })

  test('fires again after each refractory period, and later each time its threshold is raised', () => {
    const spikes = (parameters: Partial<LifParameters>) => {
      const kernel = kernelFor(neuron({ bias: 2, ...parameters }, 0), 'x')
      kernel.begin({ ...WHOLE, gradients: false })
      return Array.from(kernel.advance(100, 100).times)
    }
    const period = 20 * Math.LN2
    expect(spikes({})).toEqual([1, 2, 3, 4, 5, 6, 7].map((k) => expect.closeTo(k * period, 11)))
    expect(spikes({ refractory: 3 })).toEqual(
      [0, 1, 2, 3, 4, 5].map((k) => expect.closeTo((k + 1) * period + 3 * k, 11)),
    )
    const raised = spikes({ adaptStep: 0.3, tauAdapt: 50 })
    const gaps = raised.slice(1).map((time, k) => time - raised[k]!)
    expect(gaps.length).toBeGreaterThan(2)
    expect(gaps.slice(1).every((gap, k) => gap > gaps[k]!)).toBe(true)
  })

  test('whose crossing has no slope has no gradient: refused, or ignored when asked to', () => {
    // V comes closer to its bias, the threshold, until the last trace of a current lifts it over: 1 + 5e-18 - 1 is 0.
    const network = neuron({ tauMem: 10, tauSyn: 40, bias: 1 }, 1e-13)
    const backward = (undefinedSlope: 'refuse' | 'ignore') => {
      const kernel = kernelFor(network, 'x')
      kernel.begin({ ...WHOLE, until: 400, undefinedSlope })
      kernel.receive(0, batchOf([[{ time: 0, unit: 0 }]]))
      const { times } = kernel.advance(400, 400)
      expect(times.length).toBe(1)
      kernel.beginBackward(null)
      kernel.backward(Float64Array.of(1))
      return kernel
    }
    expect(() => backward('refuse')).toThrow(
      expect.objectContaining({
        code: 'GRADIENT_UNDEFINED',
        details: expect.objectContaining({ group: 'x', unit: 0 }),
      }),
    )
    const kernel = backward('ignore')
    expect(kernel.finishGradient().every((value) => value === 0)).toBe(true)
    expect(kernel.grazing).toBe(1)
  })

  test('whose crossing has no slope leaves nothing behind where it was refused', () => {
    // Source 0 leaves a trace of a current, which lifts V over the threshold without a slope; source 1 does it properly.
    const network = defineNetwork({
      groups: { in: source(2), x: lif(1, { tauMem: 10, tauSyn: 40, threshold: 1, bias: 1 }) },
      projections: [connect('in', 'x', dense([[1e-13, 0.5]]), { delay: 1 })],
    })
    const kernel = kernelFor(network, 'x')
    const run = (whole: boolean, unitOfSecond: number) => {
      kernel.begin({ ...WHOLE, until: 400, whole, trials: 2, undefinedSlope: 'refuse' })
      kernel.receive(0, batchOf([[{ time: 1, unit: 1 }], [{ time: 0, unit: unitOfSecond }]]))
      const { times } = kernel.advance(400, 400)
      kernel.beginBackward(null)
      kernel.backward(times.map(() => 1))
      return { returned: kernel.takeReturned().map(({ values }) => values), gradient: kernel.finishGradient().slice() }
    }
    for (const whole of [true, false]) {
      const before = run(whole, 1)
      expect(before.gradient[1]).not.toBe(0)
      expect(() => run(whole, 0)).toThrow(RunError)
      expectSameBits(run(whole, 1), before)
    }
  })
})

describe('a kernel', () => {
  test('says when something can happen next', () => {
    const kernel = kernelFor(neuron({ bias: 2 }), 'x')
    kernel.begin({ ...WHOLE, whole: false })
    expect(kernel.nextEvent()).toBeCloseTo(20 * Math.LN2, 12)
    kernel.receive(0, batchOf([[{ time: 1.5, unit: 0 }]]))
    expect(kernel.nextEvent()).toBe(3.5)
    kernel.advance(4, 4)
    expect(kernel.nextEvent()).toBeGreaterThan(4)
  })

  test('is made of groups of neurons', () => {
    const instance = instantiate(neuron(), 0)
    expect(() => kernelOfGroup(instance, 'in')).toThrow(RangeError)
    expect(() => kernelOfGroup(instance, 'nobody')).toThrow(RangeError)
    expect(() => createFusedKernel(instance, ['x', 'in'])).toThrow(RangeError)
  })
})

describe('a kernel of a slice', () => {
  const network = defineNetwork({
    groups: { in: source(40), x: lif(70, { ...PARAMETERS, refractory: 200 } as LifParameters), y: lif(64, PARAMETERS) },
    projections: [
      connect('in', 'y', dense(1)),
      connect(
        'in',
        'x',
        synapses([
          [3, 40, 8, 2],
          [39, 63, 8, 1],
          [39, 69, 8, 0],
        ]),
      ),
      connect('x', 'x', synapses([[69, 32, 1]]), { delay: 4 }),
    ],
  })
  const slice = (start: number, end: number) => instantiate(network, 0, [{ group: 'x', start, end }])
  const sourceSlices = (group: string) =>
    group === 'in'
      ? [
          { start: 0, end: 32 },
          { start: 32, end: 40 },
        ]
      : [
          { start: 0, end: 64 },
          { start: 64, end: 70 },
        ]

  test('has one input per projection and slice of its source, with its own smallest delay', () => {
    const kernel = kernelOfGroup(slice(32, 64), 'x', sourceSlices)
    expect(
      kernel.inputs.map(({ order, slice: part, source: from, projection }) => [order, projection, from, part]),
    ).toEqual([
      [1, 0, 'in', 0],
      [1, 0, 'in', 1],
      [2, 1, 'x', 0],
      [2, 1, 'x', 1],
    ])
    expect(kernel.smallestDelays()).toEqual([2, 1, Number.POSITIVE_INFINITY, 4])
    expect(kernel.layout.returnedNodes).toEqual([{ from: 1, to: 2 }])
    expect(kernelOfGroup(slice(32, 70), 'x').layout.returnedNodes).toEqual([
      { from: 1, to: 2 },
      { from: 2, to: 3 },
    ])
    expect(kernelOfGroup(slice(0, 70), 'x').layout.returnedNodes).toEqual([{ from: 0, to: 3 }])
  })

  test('emits units of the whole group, and names them', () => {
    const kernel = kernelOfGroup(slice(32, 70), 'x', sourceSlices)
    kernel.begin(WHOLE)
    kernel.receive(1, batchOf([[{ time: 2, unit: 39 }]]))
    kernel.receive(0, batchOf([[{ time: 5, unit: 3 }]]))
    expect([...kernel.advance(100, 100).units]).toEqual([69, 63, 40])
    const hot = defineNetwork({
      groups: { x: lif(34, { ...PARAMETERS, bias: 2e6 } as LifParameters) },
      projections: [],
    })
    const runaway = kernelOfGroup(instantiate(hot, 0, [{ group: 'x', start: 32, end: 34 }]), 'x')
    runaway.begin({ ...WHOLE, gradients: false })
    expect(() => runaway.advance(100, 100)).toThrow(
      expect.objectContaining({ code: 'RUNAWAY_NEURON', details: expect.objectContaining({ group: 'x', unit: 32 }) }),
    )
  })

  test('leaves shared delays to who knows all slices', () => {
    const kernel = kernelOfGroup(slice(32, 70), 'x')
    kernel.begin(WHOLE)
    kernel.advance(100, 100)
    kernel.beginBackward(null)
    kernel.backward(new Float64Array(0))
    const gradient = kernel.finishGradient()
    expect(kernel.partialSums(0)).toBeNull()
    expect(kernel.partialSums(1)?.values.length).toBe(2 * 70)
    kernel.setSharedGradient(1, Float64Array.of(7))
    expect(gradient[kernel.layout.bias - 1]).toBe(7)
    expect(() => kernel.setSharedGradient(1, Float64Array.of(7, 8))).toThrow(InternalError)
    expect(kernel.finishGradient()[kernel.layout.bias - 1]).toBe(0)
  })

  test('is no part of what runs event by event', () => {
    expect(() => createFusedKernel(slice(32, 70), ['x'])).toThrow(InternalError)
  })
})

describe('signs of life', () => {
  const EVENTS = 4096

  /** Beats while a run goes forward, and while it goes backward. */
  function beatsOf(kernel: Kernel, trials: Parameters<typeof batchOf>[0]): readonly [number, number, number] {
    let beats = 0
    kernel.begin({ ...WHOLE, trials: trials.length, beat: () => void beats++ })
    if (kernel.inputs.length > 0) kernel.receive(0, batchOf(trials))
    const { times } = kernel.advance(100, 100)
    const forward = beats
    kernel.beginBackward(null)
    kernel.backward(times.map(() => 1))
    return [forward, beats - forward, times.length]
  }

  test('come every few thousand arrivals', () => {
    const groups = { in: source(1), x: lif(100, PARAMETERS) }
    const network = defineNetwork({ groups, projections: [connect('in', 'x', dense(0.01))] })
    const spikes = Array.from({ length: 1000 }, (_, k) => ({ time: k / 20, unit: 0 }))
    const [forward, backward] = beatsOf(kernelFor(network, 'x'), [spikes])
    expect(forward).toBeGreaterThan(1e5 / EVENTS)
    expect(backward).toBeGreaterThan(1e5 / EVENTS)
    expect(forward).toBeLessThan((8 * 1e5) / EVENTS)
  })

  test('come every few thousand spikes of a single neuron', () => {
    const network = defineNetwork({
      groups: { x: lif(1, { ...PARAMETERS, bias: 8e3 } as LifParameters) },
      projections: [],
    })
    const [forward, backward, spikes] = beatsOf(kernelFor(network, 'x'), [[]])
    expect(spikes).toBeGreaterThan(4 * EVENTS)
    expect(forward).toBeGreaterThan(spikes / EVENTS)
    expect(backward).toBeGreaterThan(spikes / EVENTS)
  })

  test('come with every pass of the SIMD kernel through a lane group whose tape has run full', () => {
    const groups = { x: lif(64, { ...PARAMETERS, bias: 80 } as LifParameters) }
    const kernel = kernelFor(defineNetwork({ groups, projections: [] }), 'x', 'simd')
    const [first, , spikes] = beatsOf(kernel, [[]])
    const [again] = beatsOf(kernel, [[]])
    // The first lane group has its tape doubled, from 64 records on; the other seven go once more with what it needed.
    const doublings = Math.ceil(Math.log2(spikes / 8 / 64))
    expect(doublings).toBeGreaterThan(3)
    // Where spikes are put in order one of 65,536 addresses counts, which the runs need not meet equally often.
    expect(Math.abs(first - again - (doublings + 7))).toBeLessThanOrEqual(1)
  })

  test('come while the SIMD kernel puts very many arrivals and spikes of one trial in order', () => {
    const groups = { in: source(1), x: lif(1, PARAMETERS) }
    const kernel = kernelFor(defineNetwork({ groups, projections: [connect('in', 'x', dense(1e-9))] }), 'x', 'simd')
    const [few] = beatsOf(kernel, [Array.from({ length: 1000 }, (_, k) => ({ time: k / 20, unit: 0 }))])
    const [many] = beatsOf(kernel, [Array.from({ length: 400_000 }, (_, k) => ({ time: k / 8000, unit: 0 }))])
    // Gathered, and given their instants: once in 65,536 each time.
    expect(many - few).toBeGreaterThan(10)
  })

  test('come once per trial, however little happens in it', () => {
    const [forward, backward] = beatsOf(
      kernelFor(neuron(), 'x'),
      Array.from({ length: 20 }, () => []),
    )
    expect([forward, backward]).toEqual([20, 20])
  })
})

describe('a neuron that has fired before a run goes on', () => {
  test('is not silent afterwards, and one that has not is', () => {
    const network = defineNetwork({
      groups: { in: source(1), x: lif(3, PARAMETERS) },
      projections: [connect('in', 'x', dense([[4.5], [1], [4.4]]))],
    })
    const options = { ...WHOLE, trials: 2, whole: false, gradients: false, segmented: true }
    const first = kernelFor(network, 'x')
    first.begin(options)
    // In the second trial nothing happens before the run goes on.
    first.receive(0, batchOf([[{ time: 1, unit: 0 }], []], [0, 50]))
    expect([...first.advance(50, 50).units]).toEqual([0, 2])
    const rest = kernelFor(network, 'x')
    rest.resume(options, 50, first.saveState())
    const silent = () => [0, 1].map((trial) => [0, 1, 2].map((n) => rest.isSilent(trial, n)))
    expect(silent()).toEqual([
      [false, true, false],
      [true, true, true],
    ])
    rest.receive(0, batchOf([[], [{ time: 60, unit: 0 }]], [50, 100], 1))
    expect([...rest.advance(100, 100).units]).toEqual([0, 2])
    expect(silent()).toEqual([
      [false, true, false],
      [false, true, false],
    ])
  })
})

describe('groups that run event by event', () => {
  const network = defineNetwork({
    groups: {
      in: source(1),
      a: lif(1, { ...PARAMETERS, refractory: 50 } as LifParameters),
      b: lif(1, { ...PARAMETERS, refractory: 50 } as LifParameters),
    },
    projections: [connect('in', 'a', dense(8)), connect('a', 'b', dense(8)), connect('b', 'a', dense(8))],
  })

  test('hand a spike on within the instant', () => {
    const kernel = createFusedKernel(instantiate(network, 0), ['a', 'b'])
    expect(kernel.inputs).toEqual([expect.objectContaining({ order: 0, key: 'in->a', source: 'in' })])
    expect(kernel.smallestDelays()).toEqual([0])
    kernel.begin(() => WHOLE)
    kernel.receive(0, batchOf([[{ time: 3, unit: 0 }]]))
    const [a, b] = kernel.advance(40)
    const delay = -20 * Math.log(uAt(8))
    expect([...a!.times]).toEqual([expect.closeTo(3 + delay, 13)])
    expect([...b!.times]).toEqual([expect.closeTo(3 + 2 * delay, 13)])
    // b's spike raised a's current within a's refractory period: what is left of it after 50 ms is below the threshold.
    kernel.advance(100)
    kernel.beginBackward([null, null])
    kernel.backward([[], []])
    kernel.backward([[], [{ ...EXPLICIT, values: Float64Array.of(1) }]])
    const [gradients] = kernel.takeReturned()
    expect(gradients?.values[0]).toBeCloseTo(1, 12)
    expect(kernel.takeReturned()).toEqual([])
  })
})
