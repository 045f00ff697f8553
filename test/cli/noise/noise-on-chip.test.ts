import { describe, expect, test } from 'vitest'
import type { ChipDevice } from '../../../src/cli/chip/flags/chip-device.js'
import { noiseOnChip } from '../../../src/cli/noise/noise-on-chip.js'
import { chipFormats } from '../../../src/hardware/formats/chip-formats.js'
import { chipProfile } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { mistakeOf } from '../../network/mistake-of.js'

const network = defineNetwork({
  groups: { in: source(2), a: lif(2, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
  projections: [connect('in', 'a', dense(4))],
})

function deviceOf(profile: ChipDevice['profile']): ChipDevice {
  return { profile, formats: chipFormats(network, profile) }
}

const loihi = chipProfile('loihi')
const BITS = { value: 6, unit: 'bit', provenance: 'assumed', source: 'for a test' } as const
const quantised = defineChipProfile({ ...loihi, formats: { ...loihi.formats, thresholdBits: BITS } })
const FORMATS = { weightLevels: 511, delayStep: 1, delayMin: 1, delayMax: 62, tick: 1 }

describe('noise beside the formats of a chip', () => {
  test('are the fields of one device, whose ranges are still to be found', () => {
    const given = { jitter: 0.5, weightRange: 2 }
    expect(noiseOnChip(given, deviceOf(loihi), '--noise')).toEqual({ ...FORMATS, ...given })
    expect(noiseOnChip(given, null, '--noise')).toBe(given)
  })

  test.each(['weightBits', 'weightLevels', 'delayStep', 'delayMin', 'delayMax', 'thresholdBits', 'tick'])(
    'may not say %s, too',
    (name) => {
      const refused = () => noiseOnChip({ jitter: 0.5, [name]: 4 }, deviceOf(quantised), 'the noise of the preset')
      expect(mistakeOf(refused)).toEqual({ code: 'FLAG_CONFLICT', field: 'the noise of the preset' })
      expect(refused).toThrow(`found ${name}=4,`)
    },
  )

  test('may say what the chip does not', () => {
    expect(noiseOnChip({ thresholdBits: 4 }, deviceOf(loihi), '--noise')).toEqual({ ...FORMATS, thresholdBits: 4 })
    const { noise } = chipFormats(network, chipProfile('seneca'))
    const { weightRange: _, ...formats } = noise
    expect(noiseOnChip({ tick: 2 }, deviceOf(chipProfile('seneca')), '--noise')).toEqual({ ...formats, tick: 2 })
  })
})
