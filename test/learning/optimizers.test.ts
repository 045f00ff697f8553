import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InternalError } from '../../src/events/errors.js'
import { adam } from '../../src/learning/optimizers/adam.js'
import { createOptimizer, isSameMethod } from '../../src/learning/optimizers/create-optimizer.js'
import type { OptimizerChoice } from '../../src/learning/optimizers/optimizer.js'
import { sgd } from '../../src/learning/optimizers/sgd.js'

const choices: readonly OptimizerChoice[] = [
  adam({ learningRate: 0.01 }),
  sgd({ learningRate: 0.01 }),
  sgd({ learningRate: 0.01, momentum: 0.9 }),
]
const free = { scale: 1, min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY }
const number = fc.double({ min: -10, max: 10, noNaN: true })
const gradients = (length: number) =>
  fc.array(fc.array(number, { minLength: length, maxLength: length }), { minLength: 1, maxLength: 8 })

function run(choice: OptimizerChoice, start: readonly number[], steps: readonly (readonly number[])[], rate = 0.01) {
  const optimizer = createOptimizer(choice.kind, start.length)
  const parameters = Float64Array.from(start)
  for (const step of steps) optimizer.step(parameters, Float64Array.from(step), { ...free, rate })
  return { optimizer, parameters }
}

describe.each(choices)('$kind.kind $kind.momentum', (choice) => {
  it('treats every entry alone: a slice takes the steps of the whole', () => {
    fc.assert(
      fc.property(gradients(6), fc.nat({ max: 6 }), (steps, cut) => {
        const start = [1, -2, 3, -4, 5, -6]
        const part = (from: number, to: number) =>
          run(
            choice,
            start.slice(from, to),
            steps.map((step) => step.slice(from, to)),
          ).parameters
        expect([...part(0, cut), ...part(cut, 6)]).toEqual([...run(choice, start, steps).parameters])
      }),
    )
  })

  it('goes on with the same bits from a restored state', () => {
    fc.assert(
      fc.property(gradients(3), gradients(3), (before, after) => {
        const whole = run(choice, [0, 1, 2], [...before, ...after])
        const { optimizer, parameters } = run(choice, [0, 1, 2], before)
        const resumed = createOptimizer(choice.kind, 3)
        resumed.restore(optimizer.state())
        // A state is a copy: more steps of the first optimiser do not reach it.
        optimizer.step(new Float64Array(3), Float64Array.of(9, 9, 9), { ...free, rate: 1 })
        for (const step of after) resumed.step(parameters, Float64Array.from(step), { ...free, rate: 0.01 })
        expect(parameters).toEqual(whole.parameters)
        expect(resumed.state()).toEqual(whole.optimizer.state())
      }),
    )
  })

  it('projects onto the bounds, and scales the gradient', () => {
    fc.assert(
      fc.property(number, number, (start, gradient) => {
        const bounded = Float64Array.of(start)
        createOptimizer(choice.kind, 1).step(bounded, Float64Array.of(gradient), { rate: 1, scale: 1, min: -1, max: 2 })
        expect(bounded[0]).toBeGreaterThanOrEqual(-1)
        expect(bounded[0]).toBeLessThanOrEqual(2)
        const scaled = Float64Array.of(start)
        createOptimizer(choice.kind, 1).step(scaled, Float64Array.of(gradient), { ...free, rate: 0.01, scale: 0.25 })
        expect(scaled).toEqual(run(choice, [start], [[gradient / 4]]).parameters)
      }),
    )
  })

  it('with decay steps as without, from what is kept', () => {
    fc.assert(
      fc.property(gradients(3), fc.constantFrom(1, 0.9, 0.5, 0), (steps, keep) => {
        const [decayed, plain] = [createOptimizer(choice.kind, 3), createOptimizer(choice.kind, 3)]
        const [found, expected] = [Float64Array.of(1, -2, 3), Float64Array.of(1, -2, 3)]
        for (const step of steps) {
          decayed.step(found, Float64Array.from(step), { ...free, rate: 0.01, keep })
          expected.forEach((value, n) => {
            expected[n] = keep * value
          })
          plain.step(expected, Float64Array.from(step), { ...free, rate: 0.01 })
        }
        expect(found).toEqual(expected)
      }),
    )
  })

  it('leaves parameters without a gradient and the gradients themselves alone', () => {
    const given = Float64Array.of(0, 3)
    const parameters = Float64Array.of(5, 5)
    createOptimizer(choice.kind, 2).step(parameters, given, { ...free, rate: 0.01 })
    expect(parameters[0]).toBe(5)
    expect(parameters[1]).toBeLessThan(5)
    expect([...given]).toEqual([0, 3])
  })

  it('finds the minimum of a parabola', () => {
    const optimizer = createOptimizer(choice.kind, 1)
    const parameters = Float64Array.of(3)
    for (let n = 0; n < 2000; n++) {
      optimizer.step(parameters, Float64Array.of(2 * (parameters[0]! - 1)), { ...free, rate: 0.01 })
    }
    expect(parameters[0]).toBeCloseTo(1, 3)
  })

  it('refuses arrays and states of another shape', () => {
    const optimizer = createOptimizer(choice.kind, 2)
    const step = () => optimizer.step(new Float64Array(2), new Float64Array(3), { ...free, rate: 1 })
    expect(step).toThrow(InternalError)
    const longer = createOptimizer(choice.kind, 3).state()
    const other = createOptimizer({ ...choices.find((each) => each.kind.kind !== choice.kind.kind)!.kind }, 2).state()
    for (const state of [longer, other]) {
      expect(() => optimizer.restore(state)).toThrow(expect.objectContaining({ code: 'OPTIMIZER_STATE_MISMATCH' }))
    }
  })
})

describe('adam', () => {
  it('takes a first step of the learning rate against the sign of the gradient, whatever its size', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.constantFrom(-1, 1), (size, sign) => {
        const { parameters } = run(choices[0]!, [0], [[sign * size]])
        expect(Math.abs(parameters[0]! + sign * 0.01)).toBeLessThan(1e-6)
      }),
    )
  })

  it('agrees with the published formula over many steps', () => {
    const [beta1, beta2] = [0.9, 0.999]
    let [m, v, p] = [0, 0, 1]
    const steps: number[][] = []
    for (let n = 1; n <= 50; n++) {
      const g = ((n * 37) % 11) - 4
      steps.push([g])
      m = beta1 * m + (1 - beta1) * g
      v = beta2 * v + (1 - beta2) * g * g
      p -= (0.01 * (m / (1 - beta1 ** n))) / (Math.sqrt(v / (1 - beta2 ** n)) + 1e-8)
    }
    expect(run(choices[0]!, [1], steps).parameters[0]).toBeCloseTo(p, 12)
  })

  it('has its defaults', () => {
    expect(adam({ learningRate: 0.5 })).toEqual({
      learningRate: 0.5,
      kind: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    })
  })
})

describe('sgd', () => {
  it('has its literal values', () => {
    expect([...run(sgd({ learningRate: 1, momentum: 0.5 }), [0], [[1], [1], [0]], 1).parameters]).toEqual([-3.25])
    expect([...run(sgd({ learningRate: 1 }), [0], [[1], [1], [0]], 1).parameters]).toEqual([-2])
  })
})

describe('adam over many steps', () => {
  it('keeps to its formula, also once a correction is 1', () => {
    const choice = adam({ learningRate: 0.25, beta1: 0.5 })
    const steps = Array.from({ length: 80 }, (_, n) => [Math.cos(n)])
    let [parameter, mean, square, power1, power2] = [1, 0, 0, 1, 1]
    for (const [gradient] of steps as [number][]) {
      mean = 0.5 * mean + 0.5 * gradient
      square = 0.999 * square + (1 - 0.999) * (gradient * gradient)
      power1 *= 0.5
      power2 *= 0.999
      parameter -= ((0.25 / (1 - power1)) * mean) / (Math.sqrt(square) * (1 / Math.sqrt(1 - power2)) + 1e-8)
    }
    expect(1 - power1).toBe(1)
    expect([...run(choice, [1], steps, 0.25).parameters]).toEqual([parameter])
  })
})

describe('two methods', () => {
  it('are the same if all their numbers are', () => {
    const rate = { learningRate: 1 }
    const methods = [
      () => adam(rate),
      () => adam({ ...rate, beta1: 0.8 }),
      () => adam({ ...rate, beta2: 0.99 }),
      () => adam({ ...rate, epsilon: 1e-6 }),
      () => sgd(rate),
      () => sgd({ ...rate, momentum: 0.5 }),
    ]
    for (const [k, one] of methods.entries())
      for (const [l, other] of methods.entries()) expect(isSameMethod(one().kind, other().kind)).toBe(k === l)
    const { kind } = adam(rate)
    expect(isSameMethod(kind, kind)).toBe(true)
  })
})

describe('options', () => {
  it.each([
    () => adam({ learningRate: 0 }),
    () => adam({ learningRate: Number.NaN }),
    () => adam({ learningRate: 1, beta1: 1 }),
    () => adam({ learningRate: 1, beta2: -0.1 }),
    () => adam({ learningRate: 1, epsilon: 0 }),
    () => sgd({ learningRate: Number.POSITIVE_INFINITY }),
    () => sgd({ learningRate: 1, momentum: 1 }),
    () => sgd({ learningRate: 1, momentum: Number.NaN }),
  ])('out of range are refused: %s', (create) => {
    expect(create).toThrow(expect.objectContaining({ code: 'OPTIMIZER_OPTION' }))
  })
})
