import { describe, expect, test } from 'vitest'
import { type ChipDevice, chipDevice, formatsInWords, formatsRecord } from '../../../src/cli/chip/flags/chip-device.js'
import { readNoise } from '../../../src/cli/noise/read-noise.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'

const NETWORK = defineNetwork({
  groups: { in: source(2), out: lif(2, { tauMem: 20, tauSyn: [5, 6], threshold: 1 }) },
  projections: [connect('in', 'out', dense(1))],
})

const device = async () => (await chipDevice({ chip: 'brainscales2' }, NETWORK)) as ChipDevice

describe('the noise of a profile with settings', () => {
  test.each([
    ['profile', 'noise of the profile: thresholdMismatch, jitter'],
    ['profile,jitter=0', 'noise of the profile: thresholdMismatch; in place of or beside it: jitter=0'],
    [
      'profile, jitter.in=0,thresholdMismatch=0.1,seed=3',
      'noise of the profile: none; in place of or beside it: jitter.in=0, thresholdMismatch=0.1, seed=3',
    ],
  ])('%s is told as %s', async (noise, words) => {
    expect(formatsInWords(formatsRecord(await device(), { noise }))).toMatch(new RegExp(`; ${words}$`))
  })

  test('needs no time constant for a jitter that is said in ms', async () => {
    const found = await readNoise('profile,jitter=0.05', NETWORK, await device())
    expect(found).toMatchObject({ jitter: 0.05, thresholdMismatch: 0.08 })
    await expect(readNoise('profile', NETWORK, await device())).rejects.toThrow(
      /--noise: groups.out.tauSyn: .* Say it in ms: --noise profile,jitter=0.05, or 0 for none/,
    )
    await expect(readNoise('profile,jiter=0.05,jitter=0', NETWORK, await device())).rejects.toThrow(
      'Did you mean "jitter"?',
    )
  })
})
