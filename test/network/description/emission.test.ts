import { describe, expect, it } from 'vitest'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { inhomogeneousPoisson, poisson, regular } from '../../../src/network/description/emitting-sources.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import type { SourceGroup } from '../../../src/network/description/network.js'
import { formatNetwork } from '../../../src/network/file/format-network.js'
import { parseNetwork } from '../../../src/network/file/parse-network.js'
import { structureHash } from '../../../src/network/file/structure-hash.js'
import { requireEnd } from '../../../src/network/graph/decidable.js'
import type { SourceValues } from '../../../src/network/instance/instance.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { mistakeOf } from '../mistake-of.js'

const alone = (drive: SourceGroup) => defineNetwork({ groups: { drive }, projections: [] })
const asFile = (emission: object) =>
  JSON.stringify({
    format: 'antidrome-network',
    version: 1,
    groups: [{ name: 'drive', kind: 'source', size: 2, emission }],
    projections: [],
  })

const DRIVES: readonly SourceGroup[] = [
  regular(2, { period: 5 }),
  regular(2, { period: [5, 6], start: 1, stop: 40 }),
  poisson(2, { rate: 20_000 }),
  poisson(2, { rate: uniform(5, 10), stop: 300 }),
  inhomogeneousPoisson(2, { times: [0, 10], rates: [5, 50] }),
  inhomogeneousPoisson(2, { times: [0, 10], rates: [5, 50], scale: [1, 3] }),
]

describe('sources that emit by themselves', () => {
  it('are the same after a network file', () => {
    for (const drive of DRIVES) {
      const network = alone(drive)
      expect(parseNetwork(formatNetwork(network))).toEqual(network)
      expect(network.groups[0]).toEqual({ name: 'drive', ...drive })
    }
  })

  it('fill in what a file leaves out', () => {
    const [group] = parseNetwork(asFile({ process: 'poisson', rate: 20_000 })).groups
    expect(group).toEqual({
      name: 'drive',
      kind: 'source',
      size: 2,
      emission: { process: 'poisson', rate: 20_000, start: 0 },
    })
  })

  it('differ in the structure hash from each other and from a source that is given its spikes', () => {
    const hashes = [source(2), ...DRIVES].map((drive) => structureHash(alone(drive)))
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('are drawn unit by unit, the same in a slice', () => {
    const network = alone(poisson(64, { rate: uniform(5, 10) }))
    const rates = (slices?: Parameters<typeof instantiate>[2]) => {
      const { emission } = instantiate(network, 3, slices).groups[0] as SourceValues
      return emission?.process === 'poisson' ? [...emission.rate] : []
    }
    const whole = rates()
    expect(new Set(whole).size).toBe(64)
    expect(rates([{ group: 'drive', start: 32, end: 64 }])).toEqual(whole.slice(32))
  })

  const refusals: readonly (readonly [object, string, string])[] = [
    [{ process: 'gamma' }, 'EMISSION_PROCESS_UNKNOWN', 'process'],
    [{}, 'EMISSION_PROCESS_UNKNOWN', 'process'],
    [{ process: 'poisson' }, 'FIELD_MISSING', 'rate'],
    [{ process: 'poisson', rate: -1 }, 'RATE_OUT_OF_RANGE', 'rate'],
    [{ process: 'poisson', rate: [5, 2e9] }, 'RATE_OUT_OF_RANGE', 'rate[1]'],
    [{ process: 'poisson', rate: [5] }, 'SHAPE_MISMATCH', 'rate'],
    [{ process: 'poisson', rate: 5, period: 5 }, 'FIELD_UNKNOWN', 'period'],
    [{ process: 'poisson', rate: 5, start: -1 }, 'EMISSION_TIME_NEGATIVE', 'start'],
    [{ process: 'poisson', rate: 5, start: 9, stop: 9 }, 'EMISSION_STOP_NOT_AFTER_START', 'stop'],
    [{ process: 'regular', period: 0 }, 'PERIOD_NOT_POSITIVE', 'period'],
    [{ process: 'inhomogeneousPoisson', times: [], rates: [] }, 'SHAPE_MISMATCH', 'times'],
    [{ process: 'inhomogeneousPoisson', times: [0, 0], rates: [1, 2] }, 'EMISSION_TIMES_NOT_RISING', 'times[1]'],
    [{ process: 'inhomogeneousPoisson', times: [0, 1], rates: [1] }, 'SHAPE_MISMATCH', 'rates'],
    [{ process: 'inhomogeneousPoisson', times: [0], rates: [-1] }, 'RATE_OUT_OF_RANGE', 'rates[0]'],
    [{ process: 'inhomogeneousPoisson', times: [0], rates: [1], scale: -1 }, 'SCALE_NEGATIVE', 'scale'],
  ]
  it.each(refusals)('refuse %j with %s', (emission, code, field) => {
    const mistake = mistakeOf(() => parseNetwork(asFile(emission)))
    expect([mistake.code, mistake.field]).toEqual([code, `groups[0].emission.${field}`])
  })

  it('refuse what was drawn out of range, naming the unit', () => {
    const mistake = mistakeOf(() => instantiate(alone(poisson(2, { rate: normal(-5, 0.1) })), 0))
    expect([mistake.code, mistake.field]).toEqual(['RATE_OUT_OF_RANGE', 'groups[0].emission.rate[0]'])
  })

  it('need an end of the run unless they end by themselves', () => {
    const run = (drive: SourceGroup) => () => requireEnd(instantiate(alone(drive), 0), Infinity)
    for (const drive of [
      regular(1, { period: 1 }),
      poisson(1, { rate: 1 }),
      inhomogeneousPoisson(1, { times: [0], rates: [1] }),
    ]) {
      expect(mistakeOf(run(drive)).code).toBe('UNTIL_REQUIRED')
      expect(run(drive)).toThrow('"drive" emits spikes without end')
    }
    for (const drive of [
      regular(1, { period: 1, stop: 5 }),
      poisson(1, { rate: 1, stop: 5 }),
      inhomogeneousPoisson(1, { times: [0, 9], rates: [1, 0] }),
    ])
      expect(run(drive)).not.toThrow()
  })
})
