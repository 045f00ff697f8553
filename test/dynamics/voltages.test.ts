import { expect, test } from 'vitest'
import { deriveConstants } from '../../src/dynamics/equations/derive-constants.js'
import { type TrajectoryParameters, VoltageTrajectory } from '../../src/dynamics/voltages/voltage-trajectory.js'

const AT = [0.5, 1, 2, 4, 4.5, 6]

function voltages(parameters: Partial<TrajectoryParameters>, tauMem: number, tauSyn: number): readonly number[] {
  const constants = deriveConstants(tauMem, tauSyn, tauSyn, 100)
  const course = new VoltageTrajectory({
    ...{ constants, bias: 0, vReset: 0, refractory: 0, stopAfterFirst: false },
    ...parameters,
  })
  const values = new Float64Array(AT.length)
  course.sampleAt(Float64Array.from(AT), values)
  course.arrive(1, 0.8)
  course.arrive(3, 0.9)
  course.spike(3)
  course.arrive(4, 0.5)
  course.finish(7)
  return [...values]
}

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 12))

test('without a current V jumps at arrivals, but while it is held', () => {
  const left = (d: number) => Math.exp(-d / 20)
  const free = [0, 0.8, 0.8 * left(1), 0.5, 0.5 * left(0.5), 0.5 * left(2)]
  expect(voltages({}, 20, 0)).toEqual(close(free))
  expect(voltages({ refractory: 1.5 }, 20, 0)).toEqual(close([...free.slice(0, 3), 0, 0, 0]))
})

test('without a leak V stays where it is but for bias and currents', () => {
  expect(voltages({ bias: 0.1 }, Infinity, 0)).toEqual(close([0.05, 0.9, 1, 0.6, 0.65, 0.8]))
  const kappa = (d: number) => 5 * (1 - Math.exp(-d / 5))
  const at = (time: number) =>
    0.8 * (kappa(time - 1) - kappa(2)) + 0.9 * kappa(time - 3) + 0.5 * kappa(Math.max(0, time - 4))
  expect(voltages({}, Infinity, 5)).toEqual(close([0, 0, 0.8 * kappa(1), at(4), at(4.5), at(6)]))
})
