import { expect } from 'vitest'
import type { ParameterLayout } from '../../src/dynamics/parameters/parameter-layout.js'
import type { KernelResult } from './drive-kernel.js'

/** Every number to so much of the largest. Returns the largest. */
export function expectNear(found: Float64Array, expected: Float64Array, accuracy: number, what = 'number'): number {
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(found.length).toBe(expected.length)
  // `expect` takes longer than all the rest.
  found.forEach((value, k) => {
    const isNear = Math.abs(value - expected[k]!) <= accuracy * scale
    if (!isNear) expect.fail(`${what} ${k}: ${value} and ${expected[k]}`)
  })
  return scale
}

/** Every part of the gradient to so much of the largest of it. Returns the parts that are not all 0. */
export function expectNearGradients(
  { delays, bias, threshold, adaptStep, taus, length }: ParameterLayout,
  found: Pick<KernelResult, 'gradient'>,
  expected: Pick<KernelResult, 'gradient'>,
  accuracy: number,
): readonly string[] {
  const edges = {
    weights: delays,
    delays: bias,
    bias: threshold,
    threshold: adaptStep,
    adaptStep: taus[0]!.at,
    taus: length,
  }
  let from = 0
  return Object.entries(edges)
    .filter(([part, to]) => {
      const [own, other] = [found.gradient.subarray(from, to), expected.gradient.subarray(from, to)]
      from = to
      return expectNear(own, other, accuracy, part) > 0
    })
    .map(([part]) => part)
}
