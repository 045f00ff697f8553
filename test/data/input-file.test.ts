import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseInput } from '../../src/data/input-file.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { poisson } from '../../src/network/description/emitting-sources.js'
import { source } from '../../src/network/description/groups.js'
import { lif } from '../../src/network/models/lif.js'
import { mistakeOf } from '../network/mistake-of.js'

const SIZE = 3
const network = defineNetwork({
  groups: {
    input: source(SIZE),
    other: source(1),
    drive: poisson(1, { rate: 10 }),
    hidden: lif(1, { tauMem: 20, tauSyn: 5, threshold: 1 }),
  },
  projections: [],
})

const read = (fields: object) => parseInput(JSON.stringify(fields), network)

interface Spikes {
  readonly times: number[]
  readonly units: number[]
}

/** Times from a small set, so that ties and duplicates abound. */
const anySpikes: fc.Arbitrary<Spikes> = fc
  .array(fc.tuple(fc.oneof(fc.nat(4), fc.double({ min: 0, max: 5, noNaN: true })), fc.nat(SIZE - 1)))
  .map((spikes) => ({
    times: spikes.map(([time]) => time + 0).sort((a, b) => a - b),
    units: spikes.map(([, unit]) => unit),
  }))

describe('an input file', () => {
  it('gives its spikes in (time, unit, number) order', () => {
    fc.assert(
      fc.property(anySpikes, (input) => {
        const { trains, fileOrder } = read({ input })
        const order = [...(fileOrder.input ?? [])]
        const later = order.slice(1).map((place, k): boolean => {
          const before = order[k] as number
          const [t0, t1] = [input.times[before] as number, input.times[place] as number]
          const [u0, u1] = [input.units[before] as number, input.units[place] as number]
          return t0 < t1 || (t0 === t1 && (u0 < u1 || (u0 === u1 && before < place)))
        })
        expect(later.every(Boolean)).toBe(true)
        expect(trains.input?.offsets).toEqual(Uint32Array.of(0, input.times.length))
      }),
    )
  })

  it('gives the way back to the order of the file', () => {
    fc.assert(
      fc.property(anySpikes, (input) => {
        const { trains, fileOrder } = read({ input })
        const times: number[] = []
        const units: number[] = []
        fileOrder.input?.forEach((place, k) => {
          times[place] = trains.input?.times[k] as number
          units[place] = trains.input?.units[k] as number
        })
        expect({ times, units }).toStrictEqual(input)
      }),
    )
  })

  it('is read like this', () => {
    expect(read({ input: { times: [1, 4, 4, 4], units: [2, 1, 0, 1] } })).toStrictEqual({
      trains: {
        input: {
          offsets: Uint32Array.of(0, 4),
          times: Float64Array.of(1, 4, 4, 4),
          units: Uint32Array.of(2, 0, 1, 1),
        },
        other: { offsets: Uint32Array.of(0, 0), times: new Float64Array(), units: new Uint32Array() },
      },
      fileOrder: { input: Uint32Array.of(0, 2, 1, 3), other: new Uint32Array() },
    })
  })

  it.each([
    [[], 'FIELD_TYPE', '$'],
    [{ inputs: { times: [], units: [] } }, 'GROUP_UNKNOWN', 'inputs'],
    [{ hidden: { times: [], units: [] } }, 'GROUP_NOT_SOURCE', 'hidden'],
    [{ drive: { times: [], units: [] } }, 'GROUP_EMITS', 'drive'],
    [{ input: [] }, 'FIELD_TYPE', 'input'],
    [{ input: { times: [1] } }, 'FIELD_MISSING', 'input.units'],
    [{ input: { units: [1] } }, 'FIELD_MISSING', 'input.times'],
    [{ input: { times: [], units: [], weights: [] } }, 'FIELD_UNKNOWN', 'input.weights'],
    [{ input: { times: [1], units: [0, 1] } }, 'SHAPE_MISMATCH', 'input.units'],
    [{ input: { times: [1, '2'], units: [0, 1] } }, 'FIELD_TYPE', 'input.times[1]'],
    [{ input: { times: [-1, 2], units: [0, 1] } }, 'INPUT_TIME_NEGATIVE', 'input.times[0]'],
    [{ input: { times: [2, 1], units: [0, 1] } }, 'INPUT_TIMES_UNSORTED', 'input.times[1]'],
    [{ input: { times: [1, 2], units: [0, 3] } }, 'UNIT_OUT_OF_RANGE', 'input.units[1]'],
    [{ input: { times: [1], units: [-1] } }, 'UNIT_OUT_OF_RANGE', 'input.units[0]'],
    [{ input: { times: [1], units: [0.5] } }, 'UNIT_OUT_OF_RANGE', 'input.units[0]'],
    [{ input: { times: [1], units: [null] } }, 'FIELD_TYPE', 'input.units[0]'],
  ])('refuses %j', (fields, code, field) => {
    expect(mistakeOf(() => read(fields))).toEqual({ code, field })
  })

  it.each([
    ['{"input": {"times": [1e999], "units": [0]}}', 'NUMBER_NOT_FINITE', 'input.times[0]'],
    ['{"input": {"times": [NaN], "units": [0]}}', 'JSON_INVALID', 'line 1, column 22'],
    ['{"other": {"times": [], "units": []}, "other": {}}', 'JSON_DUPLICATE_KEY', 'line 1, column 39'],
    ['{"__proto__": {"times": [], "units": []}}', 'GROUP_UNKNOWN', '__proto__'],
  ])('refuses the text %s', (text, code, field) => {
    expect(mistakeOf(() => parseInput(text, network))).toEqual({ code, field })
  })

  it('tells the name of the file', () => {
    const bad = () => parseInput('{"input": {"times": [2, 1], "units": [0, 0]}}', network, 'in.json')
    expect(bad).toThrow('in.json: input.times[1]: found 1 after 2, expected times that never decrease.')
  })
})
