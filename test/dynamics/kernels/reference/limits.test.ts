import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kernelOfGroup } from '../../../../src/dynamics/kernels/kernel-of-group.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense, perSynapse } from '../../../../src/network/description/projections.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { type LifParameters, lif } from '../../../../src/network/models/lif.js'
import { nextUp } from '../../../../src/numerics/neighbours.js'
import { type Spike, trainsOf } from '../../../learning/trains.js'
import { between } from '../../../support/arbitraries.js'
import { casesOf } from '../../../support/cases-of.js'
import { AT_ONCE, type Cutting, driveKernel, type KernelResult } from '../../../support/drive-kernel.js'
import { WHOLE } from '../kernel-for.js'

const UNTIL = 60
const INPUTS = 6

interface Course {
  readonly spikes: readonly Spike[]
  readonly weights: readonly number[]
  readonly delays: readonly number[]
  readonly bias: number
  readonly refractory: number
  readonly adaptStep: number
  readonly vReset: number
  readonly hasInhibition: boolean
}

const course: fc.Arbitrary<Course> = fc.record({
  spikes: fc
    .array(fc.record({ time: between(0, 50), unit: fc.nat(INPUTS - 1) }), { minLength: 4, maxLength: 14 })
    .map((list) => list.toSorted((a, b) => a.time - b.time)),
  weights: fc.array(between(-0.5, 1.2), { minLength: INPUTS, maxLength: INPUTS }),
  delays: fc.array(between(0, 5), { minLength: INPUTS, maxLength: INPUTS }),
  bias: between(-0.3, 0.9),
  refractory: fc.constantFrom(0, 0, 2.5),
  adaptStep: fc.constantFrom(0, 0.4),
  vReset: fc.constantFrom(0, 0, -0.3, 0.25),
  hasInhibition: fc.boolean(),
})

function run(
  { spikes, weights, delays }: Course,
  neurons: LifParameters,
  cutting: Cutting = AT_ONCE,
  scale = 1,
  peakGradients: Float64Array | null = null,
): KernelResult {
  const network = defineNetwork({
    groups: { in: source(INPUTS), x: lif(1, neurons) },
    projections: [
      connect('in', 'x', dense([weights.map((weight) => weight * scale)]), { delay: perSynapse([[...delays]]) }),
    ],
  })
  const options = { ...WHOLE, until: UNTIL, tauGradient: true, trackSilent: true, whole: cutting === AT_ONCE }
  const input = { trains: [trainsOf([spikes])], options, peakGradients, delta: () => 1 }
  return driveKernel(kernelOfGroup(instantiate(network, 0), 'x'), input, cutting)
}

/** V at many times, right before and after every arrival among them. */
function voltagesOf({ spikes, weights, delays }: Course, { tauMem, tauSyn, bias }: LifParameters): readonly number[] {
  const arrivals = spikes
    .map(({ time, unit }) => ({ time: time + delays[unit]!, weight: weights[unit]! }))
    .filter(({ time }) => time < UNTIL)
    .toSorted((a, b) => a.time - b.time)
  const grid = Array.from({ length: 600 }, (_, k) => (k + 0.5) / 10)
  const times = [...grid, ...arrivals.flatMap(({ time }) => [time, nextUp(time)])]
  const [mem, syn, drive] = [Number(tauMem), Number(tauSyn), Number(bias)]
  const kick = (d: number) => {
    if (syn === 0) return mem === Number.POSITIVE_INFINITY ? 1 : Math.exp(-d / mem)
    return mem === Number.POSITIVE_INFINITY
      ? syn * (1 - Math.exp(-d / syn))
      : (syn / (syn - mem)) * (Math.exp(-d / syn) - Math.exp(-d / mem))
  }
  return times.map((time) => {
    const own = mem === Number.POSITIVE_INFINITY ? drive * time : drive * (1 - Math.exp(-time / mem))
    return arrivals.reduce(
      (v, arrival) => (arrival.time < time ? v + arrival.weight * kick(time - arrival.time) : v),
      own,
    )
  })
}

const close = (found: ArrayLike<number>, expected: ArrayLike<number>, bound: number, what: string) => {
  expect(found.length, what).toBe(expected.length)
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  for (let k = 0; k < expected.length; k++)
    expect(Math.abs(found[k]! - expected[k]!), `${what} ${k}`).toBeLessThanOrEqual(bound * largest)
}

/** Crossings of the course that graze are not compared: there two neurons that differ by next to nothing may differ by a spike. */
const isSteep = (result: KernelResult) => result.gradient.every((value) => Math.abs(value) < 1e3)

describe('a membrane without a leak', () => {
  const tausOf = ({ hasInhibition }: Course) => (hasInhibition ? { tauSynExc: 5, tauSynInh: 8 } : { tauSyn: 5 })
  const neurons = (drawn: Course, tauMem: number, unit: number): LifParameters => ({
    ...tausOf(drawn),
    ...{ tauMem, threshold: 1, bias: 0.3 * drawn.bias * unit, refractory: drawn.refractory, vReset: drawn.vReset },
    ...{ adaptStep: drawn.adaptStep, tauAdapt: 30 },
  })

  test('is one of a huge tauMem, whose currents are in units of it', () => {
    const tauMem = 1e9
    let compared = 0
    fc.assert(
      fc.property(course, (drawn) => {
        const near = run(drawn, neurons(drawn, tauMem, tauMem), AT_ONCE, 0.3 * tauMem)
        const found = run(drawn, neurons(drawn, Infinity, 1), AT_ONCE, 0.3)
        fc.pre(isSteep(found))
        compared += found.spikes.times.length
        close(found.spikes.times, near.spikes.times, 1e-6, 'spike')
        close(found.returned[0]!, near.returned[0]!, 1e-5, 'arrival')
        const [w, d] = [INPUTS, 2 * INPUTS]
        const inUnits = near.gradient.map((value, k) => value * (k < w ? tauMem : k < d ? 1 : k === d ? tauMem : 1))
        close(found.gradient.subarray(0, d + 3), inUnits.subarray(0, d + 3), 1e-5, 'gradient')
      }),
      { numRuns: casesOf({ short: 80, long: 2000 }), seed: 1, endOnFailure: true },
    )
    expect(compared).toBeGreaterThan(100)
  })

  test('is raised by its bias for ever, and by nothing else', () => {
    const times = (bias: number, until = 1e6) => {
      const network = defineNetwork({
        groups: { x: lif(1, { tauMem: Infinity, tauSyn: 5, threshold: 1, bias }) },
        projections: [],
      })
      const kernel = kernelOfGroup(instantiate(network, 0), 'x')
      kernel.begin({ ...WHOLE, until, gradients: false })
      return [...kernel.advance(until).times]
    }
    expect(times(2 ** -18)).toEqual([2 ** 18, 2 ** 19, 3 * 2 ** 18])
    expect(times(0)).toEqual([])
    expect(times(-1)).toEqual([])
  })
})

describe('arrivals that move V at once', () => {
  const neurons = ({ bias, refractory, adaptStep, vReset }: Course, tauMem = 20): LifParameters => ({
    ...{ tauMem, tauSyn: 0, threshold: 1, bias, refractory, adaptStep, vReset, tauAdapt: 30 },
  })

  test('are currents that last next to no time', () => {
    // What is left of a current after the spike that it brings about is spent while V is held.
    const [tauSyn, held] = [1e-7, 1e-5]
    let [compared, jumped] = [0, 0]
    fc.assert(
      fc.property(course, (drawn) => {
        const refractory = Math.max(drawn.refractory, held)
        const found = run(drawn, { ...neurons(drawn), refractory })
        const near = run(drawn, { ...neurons(drawn), refractory, tauSyn } as LifParameters, AT_ONCE, 20 / tauSyn)
        const arrivals = drawn.spikes.map(({ time, unit }) => time + drawn.delays[unit]!)
        fc.pre(isSteep(found))
        close(found.spikes.times, near.spikes.times, 1e-5, 'spike')
        compared += found.spikes.times.length
        jumped += found.spikes.times.filter((time) => arrivals.some((arrival) => nextUp(arrival) === time)).length
      }),
      { numRuns: casesOf({ short: 80, long: 2000 }), seed: 2, endOnFailure: true },
    )
    expect(compared).toBeGreaterThan(100)
    expect(jumped).toBeGreaterThan(30)
  })

  test('carry a spike along, by their positive weights, which have no gradient then', () => {
    const at = (time: number) => [0, 1, 2].map((unit) => ({ time, unit }))
    const drawn = {
      spikes: at(10),
      weights: [0.9, 0.6, -0.2, 0, 0, 0],
      delays: [0, 0, 0, 0, 0, 0],
    } as unknown as Course
    const { spikes, returned, gradient } = run(drawn, { tauMem: 20, tauSyn: 0, threshold: 1 })
    expect([...spikes.times]).toEqual([nextUp(10)])
    expect([...returned[0]!]).toEqual([0.9 / 1.5, 0.6 / 1.5, 0].map((share) => expect.closeTo(share, 14)))
    // Weights, and the threshold.
    expect([...gradient.subarray(0, INPUTS)].every((value) => value === 0)).toBe(true)
    expect(gradient[2 * INPUTS + 1]).toBe(0)
  })

  test('carry each spike of two in a row by what has come after the one before', () => {
    const spikes = [
      { time: 10, unit: 0 },
      { time: nextUp(10), unit: 1 },
    ]
    const drawn = { spikes, weights: [1.5, 1.2, 0, 0, 0, 0], delays: [0, 0, 0, 0, 0, 0] } as unknown as Course
    const found = run(drawn, { tauMem: 20, tauSyn: 0, threshold: 1 })
    expect([...found.spikes.times]).toEqual([nextUp(10), nextUp(nextUp(10))])
    expect([...found.returned[0]!]).toEqual([expect.closeTo(1, 14), expect.closeTo(1, 14)])
  })

  test('together decide, not one by one, and move nothing while V is held', () => {
    const both = {
      spikes: [
        { time: 10, unit: 0 },
        { time: 10, unit: 1 },
      ],
      delays: [0, 0, 0, 0, 0, 0],
    }
    const never = { ...both, weights: [1.5, -0.8, 0, 0, 0, 0] } as unknown as Course
    expect(run(never, { tauMem: 20, tauSyn: 0, threshold: 1 }).spikes.times.length).toBe(0)
    const held = {
      ...both,
      spikes: [
        { time: 10, unit: 0 },
        { time: 11, unit: 0 },
        { time: 13, unit: 0 },
      ],
      weights: [1.5, 0, 0, 0, 0, 0],
    } as unknown as Course
    const { spikes } = run(held, { tauMem: 20, tauSyn: 0, threshold: 1, refractory: 2 })
    expect([...spikes.times]).toEqual([nextUp(10), nextUp(13)])
  })
})

const LIMITS: readonly (readonly [string, Pick<LifParameters, 'tauMem' | 'tauSyn'>])[] = [
  ['no leak', { tauMem: Infinity, tauSyn: 5 }],
  ['no current', { tauMem: 20, tauSyn: 0 }],
  ['neither', { tauMem: Infinity, tauSyn: 0 }],
]

describe.each(LIMITS)('with %s', (_, taus) => {
  const neurons = ({ bias, refractory, adaptStep, vReset }: Course) =>
    ({
      ...taus,
      threshold: 1,
      bias: (taus.tauMem === Infinity ? 0.1 : 1.5) * bias,
      refractory,
      adaptStep,
      vReset,
      tauAdapt: 30,
    }) as LifParameters

  test('no window changes a bit', () => {
    const cuts = fc.array(between(0.01, UNTIL - 0.01), { maxLength: 8 }).map((list) => list.toSorted((a, b) => a - b))
    fc.assert(
      fc.property(course, cuts, fc.boolean(), (drawn, own, atArrivals) => {
        const arrivals = drawn.spikes.map(({ time, unit }) => time + drawn.delays[unit]!)
        const near = atArrivals ? arrivals.flatMap((time) => [time, nextUp(time), nextUp(nextUp(time))]) : []
        const horizons = [...own, ...near].filter((time) => time < UNTIL).toSorted((a, b) => a - b)
        const cutting: Cutting = { horizons, batches: [own], arrival: 'late' }
        expect(run(drawn, neurons(drawn), cutting)).toEqual(run(drawn, neurons(drawn)))
      }),
      { numRuns: casesOf({ short: 60, long: 1000 }), seed: 3, endOnFailure: true },
    )
  })

  test('the maximum of a silent neuron is the largest of many samples, and its gradient a difference quotient', () => {
    const silent = (drawn: Course) => ({ ...neurons(drawn), threshold: 99 })
    const maximumOf = (drawn: Course) => run(drawn, silent(drawn)).maxima.values[0]!
    fc.assert(
      fc.property(course, fc.nat(INPUTS - 1), (drawn, k) => {
        const found = run(drawn, silent(drawn), AT_ONCE, 1, Float64Array.of(1))
        const samples = voltagesOf(drawn, silent(drawn))
        const largest = Math.max(0, ...samples)
        const [value] = found.maxima.values
        expect(value!).toBeGreaterThanOrEqual(largest - 1e-9)
        expect(value! - largest).toBeLessThan(0.02 * Math.max(1, largest))
        const h = 1e-6
        for (const kind of ['weights', 'delays'] as const) {
          if (kind === 'delays' && drawn.delays[k]! < h) continue
          const moved = (by: number) =>
            maximumOf({ ...drawn, [kind]: drawn[kind].map((each, j) => each + (j === k ? by : 0)) })
          const [more, same, less] = [moved(h), moved(0), moved(-h)]
          // Where one peak takes over from another there is a kink.
          if (Math.abs(more + less - 2 * same) > 1e-9) continue
          const at = kind === 'weights' ? k : INPUTS + k
          expect(Math.abs(found.gradient[at]! - (more - less) / (2 * h)), kind).toBeLessThan(
            1e-5 * Math.max(1, largest),
          )
        }
      }),
      { numRuns: casesOf({ short: 100, long: 2000 }), seed: 5, endOnFailure: true },
    )
  })

  test('gradients are difference quotients', () => {
    const compared = { weights: 0, delays: 0, taus: 0 }
    const sum = (result: KernelResult) => result.spikes.times.reduce((total, time) => total + time, 0)
    const h = 1e-5
    const expectQuotient = (kind: keyof typeof compared, found: number, moved: (by: number) => KernelResult) => {
      const [more, less] = [moved(h), moved(-h)]
      const quotient = (sum(more) - sum(less)) / (2 * h)
      if (more.spikes.times.length !== less.spikes.times.length || Math.abs(quotient) > 1e3) return
      expect(Math.abs(found - quotient), kind).toBeLessThan(1e-3 * Math.max(1, Math.abs(quotient)))
      if (quotient !== 0) compared[kind]++
    }
    fc.assert(
      fc.property(course, fc.nat(INPUTS - 1), (drawn, k) => {
        const found = run(drawn, neurons(drawn))
        fc.pre(isSteep(found))
        for (const kind of ['weights', 'delays'] as const) {
          if (kind === 'delays' && drawn.delays[k]! < h) continue
          expectQuotient(kind, found.gradient[kind === 'weights' ? k : INPUTS + k]!, (by) => {
            return run({ ...drawn, [kind]: drawn[kind].map((value, j) => value + (j === k ? by : 0)) }, neurons(drawn))
          })
        }
        for (const [at, field] of (['tauMem', 'tauSyn'] as const).entries()) {
          const tau = Number(taus[field])
          if (tau === 0 || tau === Infinity) expect(Math.abs(found.taus[at]!), field).toBe(0)
          else
            expectQuotient('taus', found.taus[at]!, (by) => {
              return run(drawn, { ...neurons(drawn), [field]: tau + by } as LifParameters)
            })
        }
      }),
      { numRuns: casesOf({ short: 100, long: 2000 }), seed: 4, endOnFailure: true },
    )
    expect(Math.min(compared.weights, compared.delays)).toBeGreaterThan(1)
    expect(compared.taus).toBeGreaterThan(taus.tauMem === Infinity && taus.tauSyn === 0 ? -1 : 5)
  })
})
