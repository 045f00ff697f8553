import { describe, expect, test } from 'vitest'
import type { NoiseChoice } from '../../../src/learning/noise/device-noise.js'
import { withRanges } from '../../../src/learning/noise/with-ranges.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'

const network = defineNetwork({
  groups: {
    in: source(3),
    a: lif(2, { tauMem: 20, tauSyn: 5, threshold: 1.5 }),
    out: li(2, { tauMem: 20, tauSyn: 5 }),
  },
  projections: [connect('in', 'a', dense(4)), connect('a', 'out', dense(-2))],
})

describe('the ranges of what is quantised', () => {
  test('are those that are said, then those that were taken earlier, then those of the description', () => {
    const noise = { weightBits: 4, weightRange: { 'in->a': 7 } }
    expect(withRanges(network, noise)).toEqual({ weightBits: 4, weightRange: { 'in->a': 7, 'a->out': 2 } })
    const known = { weightRange: { 'in->a': 8, 'a->out': 9 } }
    expect(withRanges(network, noise, known).weightRange).toEqual({ 'in->a': 7, 'a->out': 9 })
    const levels: NoiseChoice = { weightLevels: 9 }
    expect(withRanges(network, levels, { weightRange: 3 }).weightRange).toEqual({ 'in->a': 3, 'a->out': 3 })
    expect(withRanges(network, { ...levels, weightRange: 5 }, known).weightRange).toBe(5)
  })

  test('are of neurons with a threshold, and of what is quantised alone', () => {
    const known = { weightRange: 3 }
    expect(withRanges(network, { thresholdBits: 4 }, known)).toEqual({ thresholdBits: 4, thresholdRange: { a: 1.5 } })
    expect(withRanges(network, { jitter: 1 }, known)).toEqual({ jitter: 1 })
  })
})
