import { expect, test } from 'vitest'
import { brainScaleS2Noise } from '../../../src/hardware/noise/brain-scale-s2-noise.js'
import { chipNoise } from '../../../src/hardware/noise/chip-noise.js'
import { chipProfile, chipProfileNames } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { readDeviceNoise } from '../../../src/learning/noise/read-noise.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { constant, uniform } from '../../../src/network/description/initializers.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { mistakeOf } from '../../network/mistake-of.js'

const BRAINSCALES = chipProfile('brainscales2')

function networkWith(hidden: object, out: object) {
  const LIF = { tauMem: 20, threshold: 1 }
  return defineNetwork({
    groups: {
      in: source(3),
      hidden: lif(2, { ...LIF, ...hidden } as Parameters<typeof lif>[1]),
      out: li(2, { tauMem: 20, ...out } as Parameters<typeof li>[1]),
    },
    projections: [
      connect('in', 'hidden', dense(1)),
      connect('hidden', 'out', dense(1)),
      connect('in', 'out', dense(1)),
    ],
  })
}

test('is in the units of the network, as the helper for BrainScaleS-2 has it', () => {
  const same = networkWith({ tauSyn: 5 }, { tauSyn: [5, 5] })
  expect({ seed: 0, ...chipNoise(same, BRAINSCALES) }).toEqual(brainScaleS2Noise({ tauSyn: 5 }))
  const described = networkWith({ tauSyn: constant(5) }, { tauSyn: 5 })
  expect(chipNoise(described, BRAINSCALES)).toEqual(chipNoise(same, BRAINSCALES))
})

test('is no jitter where no spike arrives', () => {
  const alone = defineNetwork({ groups: { a: lif(2, { tauMem: 20, tauSyn: 5, threshold: 1 }) }, projections: [] })
  expect(chipNoise(alone, BRAINSCALES)).toEqual({ thresholdMismatch: 0.08, jitter: 0 })
})

test('goes by groups, or by ways where a group has targets of several time constants', () => {
  const network = networkWith({ tauSyn: 5 }, { tauSyn: 10 })
  const noise = chipNoise(network, BRAINSCALES)
  expect(noise).toEqual({ thresholdMismatch: 0.08, jitter: { 'in->hidden': 0.05, hidden: 0.1, 'in->out': 0.1 } })
  expect(() => readDeviceNoise(network, { seed: 0, ...noise })).not.toThrow()
})

test.each([
  [{ tauSyn: [5, 6] }, { tauSyn: 5 }, 'groups.hidden.tauSyn'],
  [{ tauSyn: 5 }, { tauSyn: uniform(4, 6) }, 'groups.out.tauSyn'],
  [{ tauSynExc: 5, tauSynInh: 5 }, { tauSyn: 5 }, 'groups.hidden.tauSynExc'],
])('is refused for %o and %o, whose jitter is a share of nothing', (hidden, out, field) => {
  expect(mistakeOf(() => chipNoise(networkWith(hidden, out), BRAINSCALES))).toEqual({ code: 'CHIP_NOISE', field })
  expect(chipNoise(networkWith(hidden, out), BRAINSCALES, { jitter: 0.1 })).toEqual({
    ...{ thresholdMismatch: 0.08, jitter: 0.1 },
  })
  const figure = { value: 0.1, unit: '1', provenance: 'assumed', source: 'for a test' } as const
  const still = { ...BRAINSCALES.noise, jitter: null, spikeLoss: figure, weightMismatch: figure }
  const profile = defineChipProfile({ ...BRAINSCALES, noise: still })
  const known = { thresholdMismatch: 0.08, weightMismatch: 0.1, spikeLoss: 0.1 }
  expect(chipNoise(networkWith(hidden, out), profile)).toEqual(known)
})

test('is in place of nothing that is said', () => {
  const network = networkWith({ tauSyn: 5 }, { tauSyn: 5 })
  const said = { thresholdMismatch: { absolute: 0.1 }, spikeLoss: 0.2 }
  expect(chipNoise(network, BRAINSCALES, said)).toEqual({ ...said, jitter: 0.05 })
  const refused = (given: object) => mistakeOf(() => chipNoise(network, BRAINSCALES, given))
  expect(refused({ seed: 3 })).toEqual({ code: 'FIELD_UNKNOWN', field: 'said.seed' })
  expect(refused({ jitter: -1 })).toEqual({ code: 'NOISE_OPTION', field: 'said.jitter' })
})

test.each(chipProfileNames().filter((name) => name !== 'brainscales2'))('%s knows none', (name) => {
  const network = networkWith({ tauSyn: 5 }, { tauSyn: 5 })
  const refused = () => chipNoise(network, chipProfile(name))
  expect(mistakeOf(refused)).toEqual({ code: 'CHIP_NOISE', field: 'profile.noise' })
  expect(refused).toThrow(name)
})
