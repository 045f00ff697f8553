import { ablation, type ResultRow } from './row.js'

const SPOKEN = { task: 'events', data: 'spoken-digits', seeds: '1..3' } as const
const CAMERA = { task: 'events', data: 'camera-digits', seeds: '1..3' } as const

const SPEECH = ['events', '--preset', 'spoken-digits'] as const
const PICTURES = ['events', '--preset', 'camera-digits'] as const
const SURROGATE = ['--method', 'surrogate', '--dt', '2'] as const
/** Another device with every mini-batch, and a quiet one to be measured on. */
const HARDENED = [
  '--noise',
  'mismatch=redrawn,jitter=2,thresholdMismatch=0.1,spikeLoss=0.1',
  '--noise-in',
  'train',
] as const

export const RECORDING_ROWS: readonly ResultRow[] = [
  ...ablation({ name: 'spoken-digits', network: '700 in 70-128-20', train: SPEECH, base: SPOKEN }, [
    'weights',
    'delays',
    'thresholds',
  ]).map((row) => (row.name === 'spoken-digits-thresholds' ? { ...row, bar: 88, aim: 91 } : row)),
  {
    ...SPOKEN,
    name: 'spoken-digits-recurrent',
    network: '700 in 70-128-20, joined to itself, weights, delays and thresholds',
    train: [...SPEECH, '--recurrent'],
  },
  ...ablation(
    {
      name: 'spoken-digits-surrogate',
      network: '700 in 70-128-20, surrogate gradients, steps of 2 ms',
      train: [...SPEECH, ...SURROGATE],
      base: SPOKEN,
    },
    ['weights', 'delays', 'thresholds'],
  ),
  {
    ...SPOKEN,
    name: 'spoken-digits-hardened',
    network: '700 in 70-128-20, weights, delays and thresholds, trained on many noisy devices, measured on a quiet one',
    train: [...SPEECH, '--learn', 'weights,delays,thresholds', ...HARDENED],
  },
  {
    ...SPOKEN,
    name: 'spoken-digits-surrogate-hardened',
    network: 'the same by surrogate gradients, steps of 2 ms, weights and delays',
    train: [...SPEECH, ...SURROGATE, '--learn', 'weights,delays', ...HARDENED],
  },
  {
    ...CAMERA,
    name: 'camera-digits-weights',
    network: '2 x 34 x 34 in 578-128-10, weights',
    train: [...PICTURES],
    bar: 95.5,
    aim: 97,
  },
  {
    ...CAMERA,
    name: 'camera-digits-surrogate',
    network: '2 x 34 x 34 in 578-128-10, weights, surrogate gradients, steps of 2 ms',
    train: [...PICTURES, ...SURROGATE],
  },
]
