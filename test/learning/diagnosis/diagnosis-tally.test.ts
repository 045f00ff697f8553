import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDiagnosisTally } from '../../../src/learning/diagnosis/diagnosis-tally.js'
import type { StepDiagnosis } from '../../../src/learning/session.js'

const count = fc.nat(9)
const NEURONS = 4
const lif = fc.record({
  spikes: fc.array(count, { minLength: NEURONS, maxLength: NEURONS }).map((list) => Float64Array.from(list)),
  pairs: fc.constant(8),
  silent: count,
  saturated: count,
  grazing: count,
  gradientNorm: fc.double({ min: 0, max: 9, noNaN: true }),
})
const LI = { spikes: new Float64Array(0), pairs: 0, silent: 0, saturated: 0, grazing: 0, gradientNorm: null }
const step: fc.Arbitrary<StepDiagnosis> = fc.record({
  groups: lif.map((hidden) => ({ hidden, readout: LI })),
  gradientNorms: fc.record({ weights: fc.double({ min: 0, max: 9, noNaN: true }) }),
})
const steps = fc.array(step, { minLength: 1, maxLength: 8 })

/** One step in which a lif group of 4 neurons saw 2 trials. */
function withNorm(gradientNorm: number, spikes = [0, 2, 0, 4]): StepDiagnosis {
  const hidden = { spikes: Float64Array.from(spikes), pairs: 8, silent: 5, saturated: 1, grazing: 3, gradientNorm }
  return { groups: { hidden, readout: LI }, gradientNorms: { weights: gradientNorm } }
}

function tallied(list: readonly StepDiagnosis[], from: ReturnType<typeof createDiagnosisTally> | null = null) {
  const tally = createDiagnosisTally(from === null ? null : structuredClone(from.save()))
  for (const each of list) tally.add(each)
  return tally
}

describe('the diagnosis of an epoch', () => {
  test('adds up its steps', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { layers, gradientNorms } = tallied(list).result()!
        const hidden = list.map(({ groups }) => groups.hidden!)
        const pairs = 8 * list.length
        const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
        const spikes = sum(hidden.flatMap((each) => [...each.spikes]))
        const never = [0, 1, 2, 3].filter((n) => hidden.every((each) => each.spikes[n] === 0)).length
        expect(layers.hidden).toMatchObject({
          silent: sum(hidden.map(({ silent }) => silent)) / pairs,
          silentNeurons: never / NEURONS,
          saturated: sum(hidden.map(({ saturated }) => saturated)) / pairs,
          spikes: spikes / pairs,
          grazing: sum(hidden.map(({ grazing }) => grazing)),
        })
        expect(layers.hidden!.gradientNorm).toBeCloseTo(sum(hidden.map((each) => each.gradientNorm!)) / list.length, 12)
        const mean = sum(list.map((each) => each.gradientNorms.weights!)) / list.length
        expect(gradientNorms.weights).toBeCloseTo(mean, 12)
        for (const value of Object.values(layers.readout!)) expect(value).toBeNull()
      }),
    )
  })

  test('goes on from what was saved, as plain data', () => {
    fc.assert(
      fc.property(steps, steps, (first, second) => {
        const whole = tallied([...first, ...second])
        const parts = tallied(second, tallied(first))
        expect(parts.result()).toStrictEqual(whole.result())
        expect(parts.save()).toStrictEqual(whole.save())
      }),
    )
  })

  test('calls those gradients explosions that are far above the median', () => {
    const share = (norms: readonly number[]) =>
      tallied(norms.map((norm) => withNorm(norm))).result()!.layers.hidden!.exploding
    expect(share([1, 1, 1, 1, 99.9])).toBe(0)
    expect(share([1, 1, 1, 1, 100.1])).toBe(0.2)
    expect(share([0.1, 0.2, 0.1, 50, 60])).toBe(0.4)
    // Of an even number the lower one in the middle is the median.
    expect(share([1, 100.1])).toBe(0.5)
    // Of gradients that mostly vanish none explodes.
    expect(share([0, 0, 0, 1])).toBe(0)
  })

  test('is none if nothing was looked at', () => {
    expect(createDiagnosisTally().result()).toBeNull()
    expect(createDiagnosisTally(createDiagnosisTally().save()).result()).toBeNull()
  })
})
