import { expect, test } from 'vitest'
import { formatsInWords, formatsRecord } from '../../../src/cli/chip/flags/chip-device.js'
import { chipFormats } from '../../../src/hardware/formats/chip-formats.js'
import { chipProfile } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'

const network = defineNetwork({
  groups: { in: source(2), a: lif(2, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
  projections: [connect('in', 'a', dense(4))],
})
const profile = { ...chipProfile('brainscales2'), deadCores: [{ chip: 0, core: 0 }] }
const device = { profile, formats: chipFormats(network, profile) }
const dead = { format: 'dead cores', why: 'avoided only where there is a placement' }

test('dead cores are not applied but by a placement', () => {
  expect(formatsRecord(device, {}).notApplied).toEqual([...device.formats.notApplied, dead])
  expect(formatsRecord(device, { placement: 'p.json' }).notApplied).toEqual(device.formats.notApplied)
})

test('noise of the profile is told where it is asked for, not beside noise of one’s own', () => {
  const record = formatsRecord(device, { noise: 'profile' })
  expect(record.noise).toEqual(['thresholdMismatch', 'jitter'])
  expect(formatsInWords(record)).toContain('; noise of the profile: thresholdMismatch, jitter')
  for (const flags of [{}, { noise: 'jitter=1' }, { noise: 'profile.json' }]) {
    expect(formatsRecord(device, flags)).not.toHaveProperty('noise')
    expect(formatsInWords(formatsRecord(device, flags))).not.toContain('noise')
  }
})
