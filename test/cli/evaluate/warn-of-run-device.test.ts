import { expect, test } from 'vitest'
import { runDeviceWarning } from '../../../src/cli/evaluate/warn-of-run-device.js'

const EXACT = { flags: {}, identity: {} }
const LOIHI = {
  flags: { chip: 'loihi' },
  noise: { seed: 3, weightLevels: 511, weightRange: { 'in->out': 1 }, tick: 1 },
  formats: { chip: 'loihi', applied: ['weights', 'ticks'], notApplied: [] },
  identity: {},
}
const NOISY = { flags: { noise: 'jitter=0.5' }, noise: { jitter: 0.5 }, identity: {} }
const LATE = { flags: { placement: 'p.json', 'chip-latency': true }, identity: { chipPlacement: 'f00' } }
const GRID = { flags: { method: 'surrogate' }, identity: {} }
const FINE = { flags: { method: 'surrogate', dt: 0.5 }, identity: {} }
const BOTH = { ...LOIHI, flags: { chip: 'mine.json', noise: 'jitter=1' }, noise: { ...LOIHI.noise, jitter: 1 } }

type Question = Parameters<typeof runDeviceWarning>[0]
const asked = (record: Question['record'], flags: Question['flags'] = {}, noiseIn?: Question['noiseIn']) =>
  runDeviceWarning({ path: 'runs/a', record, noiseIn, flags })

test.each([
  ['formats', LOIHI, 'the formats of loihi', 'give --chip loihi '],
  ['noise', NOISY, 'noise (jitter)', 'give --noise jitter=0.5 '],
  [
    'noise of a preset',
    { ...NOISY, flags: {} },
    'noise (jitter)',
    'give --noise FILE (the noise that its run.json keeps) ',
  ],
  ['both', BOTH, 'the formats of loihi and noise (jitter)', 'give --chip mine.json --noise jitter=1 '],
  ['latencies', LATE, 'the latencies of its placement on a chip', 'give --placement p.json --chip-latency '],
  ['time steps', GRID, 'the time steps of the surrogate method', 'give --method surrogate '],
  ['short ones', FINE, 'the time steps of the surrogate method', 'give --method surrogate --dt 0.5 '],
])('a run with %s is told as measured with them', (_, record, what, help) => {
  const { code, message } = asked(record) ?? { code: '', message: '' }
  expect(code).toBe('RUN_DEVICE')
  expect(message).toContain(`runs/a was measured with ${what}, and is measured here without: ${help}`)
  expect(message).not.toContain('\n')
})

test('nothing is told where there is nothing, or where flags say it', () => {
  expect(asked(null)).toBeNull()
  expect(asked(EXACT)).toBeNull()
  expect(asked(LOIHI, { chip: 'loihi' })).toBeNull()
  expect(asked(NOISY, { noise: 'jitter=0.5' })).toBeNull()
  expect(asked(LATE, { chipLatency: true })).toBeNull()
  expect(asked(GRID, { method: 'surrogate' })).toBeNull()
  expect(asked(GRID, { method: 'surrogate', dt: 1 })).toBeNull()
  expect(asked(FINE, { method: 'surrogate' })).not.toBeNull()
  expect(asked(FINE, { method: 'surrogate', dt: 0.5 })).toBeNull()
})

test('noise in the training alone is none of the measurement', () => {
  expect(asked(NOISY, {}, 'train')).toBeNull()
  expect(asked({ ...NOISY, flags: { ...NOISY.flags, 'noise-in': 'train' } })).toBeNull()
  expect(asked({ ...NOISY, flags: { ...NOISY.flags, 'noise-in': 'both' } }, {}, 'train')).not.toBeNull()
})

test('a part that is said is not told', () => {
  const { message } = asked(BOTH, { chip: 'loihi' }) ?? { message: '' }
  expect(message).toContain('with noise (jitter), and')
})
