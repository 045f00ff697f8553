import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryArrivals, arbitraryNeuron, arbitraryScale, between } from './arbitraries.js'
import { casesOf } from './cases-of.js'
import { exact, Real } from './decimal.js'
import { type NeuronParameters, simulateNeuron } from './decimal-neuron.js'
import { grazingCase } from './grazing-case.js'
import { DECIMALS, DOUBLES, pictureAt } from './superposition.js'

const PLAIN: NeuronParameters = {
  tauMem: 20,
  tauSynExc: 5,
  tauSynInh: 5,
  tauAdapt: 40,
  bias: 0,
  threshold: 1,
  vReset: 0,
  refractory: 0,
  adaptStep: 0,
}
const ALPHA: NeuronParameters = { ...PLAIN, tauSynExc: 20, tauSynInh: 20 }
const E = Real.exp(1)

function trial(n: number) {
  return fc
    .record({ neuron: arbitraryNeuron(), arrivals: arbitraryArrivals(n) })
    .map(({ neuron, arrivals }) => ({ neuron, arrivals, until: Number(arrivals.at(-1)?.time ?? 0) + 50 }))
}

describe('the decimal neuron against superposition', () => {
  test('V = theta at every spike, and the slope is the difference quotient', () => {
    fc.assert(
      fc.property(trial(8), ({ neuron, arrivals, until }) => {
        const { spikes } = simulateNeuron(neuron, arrivals, until)
        const times = spikes.map(({ time }) => time)
        const excessAt = (index: number, t: Real) => {
          const { v, theta } = pictureAt(DECIMALS, neuron, { arrivals, spikes: times.slice(0, index), t })
          return v.minus(theta)
        }
        for (const [index, { time, slope }] of spikes.slice(0, 4).entries()) {
          expect(excessAt(index, time).abs().toNumber()).toBeLessThan(1e-36)
          const step = new Real('1e-15')
          const quotient = excessAt(index, time)
            .minus(excessAt(index, time.minus(step)))
            .div(step)
          expect(quotient.minus(slope).toNumber()).toBeCloseTo(0, 12)
        }
      }),
      { numRuns: casesOf({ short: 7, long: 15 }) },
    )
  })

  test('no crossing is missed on a dense sample of doubles', () => {
    fc.assert(
      fc.property(trial(12), ({ neuron, arrivals, until }) => {
        const times = simulateNeuron(neuron, arrivals, until).spikes.map(({ time }) => time.toNumber())
        for (let sample = 1; sample < 1000; sample++) {
          const t = (until * sample) / 1000
          const { v, theta, held } = pictureAt(DOUBLES, neuron, { arrivals, spikes: times, t })
          if (!held) expect(v - theta).toBeLessThan(1e-10)
        }
      }),
      { numRuns: casesOf({ short: 10, long: 30 }) },
    )
  })

  test('no crossing is missed on 600 points in decimals', () => {
    const neuron = { ...PLAIN, tauSynInh: 20 * (1 + 1e-11), bias: 1.3, adaptStep: 0.1, refractory: 2, vReset: -0.2 }
    const arrivals = [9, -1].map((weight, i) => ({ time: 2 + i, weight }))
    const spikes = simulateNeuron(neuron, arrivals, 60).spikes.map(({ time }) => time)
    expect(spikes.length).toBeGreaterThan(1)
    for (let sample = 1; sample < 600; sample++) {
      const t = new Real(sample).div(10)
      const { v, theta, held } = pictureAt(DECIMALS, neuron, { arrivals, spikes, t })
      if (!held) expect(v.lt(theta)).toBe(true)
    }
  })

  test('grazing: the spike is there above theta, not there below, and the margin is the height', () => {
    fc.assert(
      fc.property(grazingCase(), ({ neuron, arrivals, until, tuned, side, height, peakAfter }) => {
        const { spikes, peakMargin } = simulateNeuron(neuron, arrivals, until)
        const { time } = arrivals[tuned]!
        const found = spikes.filter((spike) => spike.time.gt(time) && spike.time.minus(time).lt(peakAfter + 1e-6))
        expect(found.length > 0).toBe(side === 'above')
        if (Math.abs(height) < 1e-3 * (neuron.threshold - neuron.vReset)) {
          // Far above, the current that is left may lift it once more.
          expect(found.length).toBeLessThanOrEqual(1)
          expect(peakMargin).toBeLessThan(Math.abs(height) + 1e-12)
        }
      }),
      { numRuns: casesOf({ short: 12, long: 50 }) },
    )
  })
})

describe('the decimal neuron against closed forms', () => {
  test('a constant bias charges to threshold after tauMem ln((bias - v0) / (bias - threshold)), again and again', () => {
    const constants = fc.record({
      excess: arbitraryScale(1e-3, 2),
      refractory: between(0, 5),
      vReset: between(-1, 0.5),
    })
    fc.assert(
      fc.property(constants, ({ excess, refractory, vReset }) => {
        const bias = 1 + excess
        const { spikes } = simulateNeuron({ ...PLAIN, bias, refractory, vReset }, [], 300)
        const charge = (from: number) => exact(bias).minus(exact(from)).div(exact(bias).minus(1)).ln().times(20)
        let due = charge(0)
        for (const { time } of spikes) {
          expect(time.minus(due).abs().lt('1e-36')).toBe(true)
          due = due.plus(exact(refractory)).plus(charge(vReset))
        }
        expect(due.gte(300)).toBe(true)
      }),
      { numRuns: casesOf({ short: 10, long: 30 }) },
    )
  })

  test('equal constants: one arrival peaks at w/e after tauMem; it spikes if that reaches the threshold', () => {
    fc.assert(
      fc.property(arbitraryScale(1e-14, 1e-4), fc.constantFrom(1, -1), (distance, side) => {
        const weight = E.times(1 + side * distance).toNumber()
        const height = exact(weight).div(E).minus(1)
        const { spikes, peakMargin } = simulateNeuron(ALPHA, [{ time: 3, weight }], Number.POSITIVE_INFINITY)
        expect(spikes.length).toBe(height.isNegative() ? 0 : 1)
        expect(peakMargin).toBeCloseTo(height.abs().toNumber(), 13)
        if (spikes.length === 1) expect(spikes[0]!.time.lt(23)).toBe(true)
      }),
    )
  })

  test('a threshold that falls onto a falling voltage is met', () => {
    const neuron = { ...PLAIN, tauMem: 100, tauAdapt: 2, adaptStep: 3, vReset: 0.9, bias: 0.95 }
    const { spikes } = simulateNeuron(neuron, [{ time: 0, weight: 30 }], 30)
    const times = spikes.map(({ time }) => time)
    expect(spikes.length).toBeGreaterThan(1)
    const { v, theta } = pictureAt(DECIMALS, neuron, {
      arrivals: [{ time: 0, weight: 30 }],
      spikes: times,
      t: times[1]!,
    })
    expect(v.minus(theta).abs().lt('1e-36')).toBe(true)
  })

  test('nearly equal constants approach equal ones linearly', () => {
    const firstAt = (tauSynExc: number) => {
      return simulateNeuron({ ...ALPHA, tauSynExc }, [{ time: 0, weight: 4 }], 100).spikes[0]!.time
    }
    const shift = (distance: number) => firstAt(20 * (1 + distance)).minus(firstAt(20))
    const [coarse, fine] = [shift(2 ** -20), shift(2 ** -50)]
    expect(coarse.isZero()).toBe(false)
    expect(
      coarse
        .div(fine)
        .div(2 ** 30)
        .toNumber(),
    ).toBeCloseTo(1, 5)
  })
})

describe('long trials', () => {
  test('a million milliseconds between arrivals leave nothing but the second one', () => {
    const weight = 9
    const late = 1e6
    const { spikes } = simulateNeuron(
      PLAIN,
      [0, late].map((time) => ({ time, weight })),
      Number.POSITIVE_INFINITY,
    )
    const half = spikes.length / 2
    expect(half).toBeGreaterThan(0)
    for (let index = 0; index < half; index++) {
      expect(spikes[index + half]!.time.minus(spikes[index]!.time).minus(late).abs().lt('1e-36')).toBe(true)
    }
  })
})

describe('order at one instant', () => {
  test('an own spike comes before an arrival at the same time', () => {
    const neuron = { ...PLAIN, threshold: 0, vReset: -1, bias: 0.5 }
    const { spikes } = simulateNeuron(neuron, [{ time: 0, weight: 8 }], 1)
    expect(spikes[0]!.time.isZero()).toBe(true)
    expect(spikes[0]!.slope.toNumber()).toBeCloseTo(0.5 / 20, 15)
  })

  test('the trial end is exclusive', () => {
    const alone = { ...PLAIN, bias: 2 }
    const charge = Real.ln(2).times(20).toNumber()
    expect(simulateNeuron(alone, [], charge).spikes.length).toBe(exact(charge).gt(Real.ln(2).times(20)) ? 1 : 0)
    expect(simulateNeuron(alone, [{ time: 5, weight: 100 }], 5).spikes).toEqual([])
  })

  test('bias = threshold never gets there', () => {
    expect(simulateNeuron({ ...PLAIN, bias: 1 }, [], Number.POSITIVE_INFINITY).spikes).toEqual([])
    expect(simulateNeuron({ ...PLAIN, bias: 1 }, [{ time: 1, weight: -1 }], 1e6).spikes).toEqual([])
  })
})

describe('the margin of near misses', () => {
  const charged = (t: number) => 1.5 * -Math.expm1(-t / 20)
  const crossing = 20 * Math.log(3)

  test.each([-1e-3, -1e-9, 1e-9, 1e-3])(
    'a strong inhibition %f ms after the crossing leaves a corner there',
    (late) => {
      const arrivals = [{ time: crossing + late, weight: -50 }]
      const { spikes, peakMargin } = simulateNeuron({ ...PLAIN, bias: 1.5 }, arrivals, crossing + 5)
      expect(spikes.length).toBe(late > 0 ? 1 : 0)
      expect(peakMargin / Math.abs(charged(crossing + late) - 1)).toBeCloseTo(1, 5)
    },
  )

  test('excitation there leaves none; the end of the trial does', () => {
    const arrivals = [{ time: crossing - 1e-9, weight: 1 }]
    expect(simulateNeuron({ ...PLAIN, bias: 1.5 }, arrivals, crossing + 5).peakMargin).toBe(Number.POSITIVE_INFINITY)
    expect(simulateNeuron({ ...PLAIN, bias: 1.5 }, [], crossing - 1e-3).peakMargin).toBeCloseTo(0.5 / 20 / 1000, 8)
  })
})
