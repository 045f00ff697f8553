import { describe, expect, test } from 'vitest'
import { COCHLEA, createCochlea } from '../../../scripts/data/cochlea/cochlea.js'
import { equivalentBandwidth, erbSpaced } from '../../../scripts/data/cochlea/erb-scale.js'
import { gammatone } from '../../../scripts/data/cochlea/gammatone.js'
import { hairCell } from '../../../scripts/data/cochlea/hair-cell.js'

const RATE = 22_050
const tone = (frequency: number, amplitude: number, seconds: number) =>
  Float64Array.from({ length: RATE * seconds }, (_, k) => amplitude * Math.sin((2 * Math.PI * frequency * k) / RATE))

describe('channels', () => {
  test('are equally far apart in bandwidths, from 60 to 8000 Hz', () => {
    const frequencies = erbSpaced(700, 60, 8000)
    expect([frequencies[0], frequencies[699]]).toEqual([60, 8000])
    // So many bandwidths there are between two frequencies, by a sum over the integral of df / ERB(f).
    const between = (from: number, to: number) => {
      const parts = 200
      let sum = 0
      for (let k = 0; k < parts; k++)
        sum += (to - from) / parts / equivalentBandwidth(from + ((k + 0.5) / parts) * (to - from))
      return sum
    }
    const steps = Array.from({ length: 699 }, (_, k) => between(frequencies[k] as number, frequencies[k + 1] as number))
    const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length
    expect(Math.max(...steps.map((step) => Math.abs(step / mean - 1)))).toBeLessThan(1e-6)
    expect(equivalentBandwidth(1000)).toBeCloseTo(132.639, 2)
  })
})

describe('a gammatone', () => {
  const gainAt = (frequency: number, sounding: number) => {
    const out = new Float64Array(RATE / 2)
    gammatone(tone(sounding, 1, 0.5), frequency, RATE, out)
    return Math.max(...out.subarray(RATE / 4))
  }

  test.each([100, 440, 1000, 4000])('lets a tone at %i Hz through as it is', (frequency) => {
    expect(gainAt(frequency, frequency)).toBeGreaterThan(0.97)
    expect(gainAt(frequency, frequency)).toBeLessThan(1.03)
  })

  test('weakens others, more the farther they are away: 4 stages of 6 dB an octave of distance', () => {
    const b = 1.019 * equivalentBandwidth(1000)
    for (const distance of [1, 2, 3]) {
      // |H| = (1 + (df / b)^2)^(-2)
      const expected = (1 + distance ** 2) ** -2
      for (const side of [-1, 1]) {
        const found = gainAt(1000, 1000 + side * distance * b)
        expect(found).toBeGreaterThan(0.85 * expected)
        expect(found).toBeLessThan(1.15 * expected)
      }
    }
  })
})

describe('a hair cell', () => {
  const spikesOf = (x: Float64Array, gain = 35, deadTime = 4) => {
    const times: number[] = []
    hairCell(x, RATE, { gain, deadTime }, (time) => times.push(time))
    return times
  }

  test('is silent without a sound, and where everything moves the other way', () => {
    expect(spikesOf(new Float64Array(RATE))).toEqual([])
    expect(spikesOf(new Float64Array(RATE).fill(-1))).toEqual([])
  })

  test('spikes at once, and then less: it adapts', () => {
    const times = spikesOf(new Float64Array(RATE).fill(0.05), 35, 1)
    const within = (from: number, to: number) => times.filter((time) => time >= from && time < to).length
    expect(times[0]).toBeLessThan(2)
    expect(within(0, 100)).toBeGreaterThan(1.2 * within(400, 500))
    expect(within(400, 500)).toBeGreaterThan(0)
  })

  test('rests for its dead time', () => {
    const times = spikesOf(new Float64Array(RATE).fill(1), 1e6, 5)
    const gaps = times.slice(1).map((time, k) => time - (times[k] as number))
    expect(gaps.length).toBeGreaterThan(150)
    expect(Math.min(...gaps)).toBeGreaterThan(5 - 1000 / RATE)
    expect(Math.max(...gaps)).toBeLessThan(5 + 2 * (1000 / RATE))
  })
})

describe('a cochlea', () => {
  const cochlea = createCochlea(COCHLEA)

  test('hears a tone where it belongs, the same every time', () => {
    const heard = cochlea.hear(tone(1000, 0.05, 0.4))
    const places = [...heard.units].map((unit) => cochlea.frequencies[unit] as number).sort((a, b) => a - b)
    const middle = places[Math.floor(places.length / 2)] as number
    expect(places.length).toBeGreaterThan(100)
    expect(Math.abs(middle - 1000)).toBeLessThan(0.1 * 1000)
    expect(places[0]).toBeGreaterThan(500)
    expect(places.at(-1)).toBeLessThan(2000)
    expect(createCochlea(COCHLEA).hear(tone(1000, 0.05, 0.4))).toEqual(heard)
  })

  test('tells spikes in the order of time and channel', () => {
    const { times, units } = cochlea.hear(tone(300, 0.1, 0.1))
    const isInOrder = times.every(
      (time, k) =>
        k === 0 ||
        time > (times[k - 1] as number) ||
        (time === times[k - 1] && (units[k] as number) > (units[k - 1] as number)),
    )
    expect(times.length).toBeGreaterThan(10)
    expect(isInOrder).toBe(true)
  })
})
