import { describe, expect, test } from 'vitest'
import { areNoiseSettings, parseNoiseSettings, settingsOnProfile } from '../../../src/cli/noise/parse-noise-settings.js'

describe('settings of noise', () => {
  test('are the record that a file would hold', () => {
    const text =
      'seed=3,jitter=0.5,spikeLoss.hidden=1e-2,spikeLoss.input->hidden=.1,weightMismatch.absolute=0.1,mismatch=redrawn'
    expect(parseNoiseSettings(text, '--noise')).toEqual({
      seed: 3,
      jitter: 0.5,
      spikeLoss: { hidden: 0.01, 'input->hidden': 0.1 },
      weightMismatch: { absolute: 0.1 },
      mismatch: 'redrawn',
    })
  })

  test('may stand behind the word for those of a chip', () => {
    expect(settingsOnProfile('profile')).toBe('')
    expect(settingsOnProfile('profile,seed=3,jitter=1')).toBe('seed=3,jitter=1')
    for (const text of ['./profile', 'profile.json', 'profiles,seed=3', 'seed=3,profile'])
      expect(settingsOnProfile(text)).toBeNull()
  })

  test('are told from paths', () => {
    for (const text of ['jitter=1', 'jitter.in=1,seed=2', 'a=b']) expect(areNoiseSettings(text)).toBe(true)
    for (const text of ['noise.json', './a=b.json', 'runs/x', '']) expect(areNoiseSettings(text)).toBe(false)
  })

  test.each([
    'jitter=1,jitter=2',
    'jitter=1,jitter.in=2',
    'jitter.in=1,jitter.in=2',
    'jitter.in=1,jitter=2',
    'jitter=1,x',
    'jitter=NaN',
    'jitter=',
    'weightBits=six',
  ])('%s is refused', (text) => {
    expect(() => parseNoiseSettings(text, '--noise')).toThrow(
      expect.objectContaining({ code: 'FLAG_VALUE', details: expect.objectContaining({ field: '--noise' }) }),
    )
  })
})
