import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryArrivals, arbitraryNeuron } from './arbitraries.js'
import { exact, Real } from './decimal.js'
import { maximumOf } from './decimal-li.js'
import { DOUBLES, pictureAt } from './superposition.js'

const PLAIN = { tauMem: 20, tauSynExc: 5, tauSynInh: 5, bias: 0 }

describe('the maximum of a leaky integrator', () => {
  test('no sampled voltage is above it, and the voltage at its time is it', () => {
    const trial = fc.record({ neuron: arbitraryNeuron(), arrivals: arbitraryArrivals(12) })
    fc.assert(
      fc.property(trial, ({ neuron, arrivals }) => {
        const until = Number(arrivals.at(-1)?.time ?? 0) + 30
        const { value, time } = maximumOf(neuron, arrivals, until)
        const voltage = (t: number) => pictureAt(DOUBLES, neuron, { arrivals, spikes: [], t }).v
        const top = value.toNumber()
        for (let sample = 1; sample <= 1000; sample++)
          expect(voltage((until * sample) / 1000)).toBeLessThan(top + 1e-10)
        expect(Math.abs(voltage(time.toNumber()) - top)).toBeLessThan(1e-10)
      }),
      { numRuns: 40 },
    )
  })

  test('one arrival: tauMem tauSyn/(tauMem - tauSyn) ln(tauMem/tauSyn) after it', () => {
    const { value, time } = maximumOf(PLAIN, [{ time: 2, weight: 3 }], Number.POSITIVE_INFINITY)
    const peak = Real.ln(4).times(100).div(15)
    expect(time.minus(2).minus(peak).abs().lt('1e-36')).toBe(true)
    const kappa = Real.exp(peak.div(-5))
      .minus(Real.exp(peak.div(-20)))
      .div(-3)
    expect(value.minus(kappa.times(3)).abs().lt('1e-40')).toBe(true)
  })

  test('equal constants: w/e', () => {
    const { value, time } = maximumOf({ ...PLAIN, tauSynExc: 20, tauSynInh: 20 }, [{ time: 0, weight: 3 }], 100)
    expect(time.minus(20).abs().lt('1e-36')).toBe(true)
    expect(value.minus(Real.exp(-1).times(3)).abs().lt('1e-40')).toBe(true)
  })

  test('without excitation it is the start; what cancels at once never moves', () => {
    const start = { value: exact(0), time: exact(0) }
    expect(maximumOf(PLAIN, [{ time: 1, weight: -3 }], Number.POSITIVE_INFINITY)).toEqual(start)
    expect(maximumOf({ ...PLAIN, bias: -1 }, [], 10)).toEqual(start)
    const cancelling = [3, -3].map((weight) => ({ time: 1, weight }))
    expect(maximumOf(PLAIN, cancelling, Number.POSITIVE_INFINITY)).toEqual(start)
  })

  test('a bias still charging is highest at the end, a cut rise at the cut', () => {
    const rising = maximumOf({ ...PLAIN, bias: 1 }, [], 10)
    expect(rising.time.toNumber()).toBe(10)
    expect(rising.value.minus(1).plus(Real.exp('-0.5')).abs().lt('1e-40')).toBe(true)
    const cut = maximumOf(
      PLAIN,
      [3, -30].map((weight, i) => ({ time: 1 + i, weight })),
      100,
    )
    expect(cut.time.toNumber()).toBe(2)
    expect(() => maximumOf({ ...PLAIN, bias: 1 }, [], Number.POSITIVE_INFINITY)).toThrow(RangeError)
  })
})
