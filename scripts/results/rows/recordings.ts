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
/** What the surrogate learns best with, of 1.6, 4 and 10 spikes; the exact gradient learns as well with 1.6 as with 3 and 4. */
const ROOMY = ['--spike-budget', 'hidden:4:12'] as const
/** How far a group that is joined to itself runs ahead at a time is its smallest delay. */
const FAR_AHEAD = ['--bounds', 'delays:20:300'] as const
/** Never reached: as good as no budget. */
const UNBOUNDED = ['--spike-budget', 'hidden:1000'] as const
const SPARSE = ['--spike-budget', 'hidden:0.9:2'] as const

/** Of the network that learns the weights alone. */
const CAMERA_VARIANTS = [
  { name: 'sparse', what: 'a smaller budget of spikes', flags: [...SPARSE], seeds: '1' },
  { name: 'unbounded', what: 'no budget of spikes', flags: [...UNBOUNDED], seeds: '1' },
  { name: 'surrogate', what: 'surrogate gradients, steps of 2 ms', flags: [...SURROGATE] },
  {
    name: 'surrogate-sparse',
    what: 'surrogate gradients, steps of 2 ms, the smaller budget',
    flags: [...SURROGATE, ...SPARSE],
    seeds: '1',
  },
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
    train: [...SPEECH, '--recurrent', ...FAR_AHEAD],
    seeds: '1',
  },
  ...ablation(
    {
      name: 'spoken-digits-surrogate',
      network: '700 in 70-128-20, surrogate gradients, steps of 2 ms, a budget of 4 spikes a neuron in place of 1.6',
      train: [...SPEECH, ...SURROGATE, ...ROOMY],
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
    network:
      'the same by surrogate gradients, steps of 2 ms, a budget of 4 spikes a neuron in place of 1.6, weights and delays',
    train: [...SPEECH, ...SURROGATE, ...ROOMY, '--learn', 'weights,delays', ...HARDENED],
  },
  {
    ...SPOKEN,
    name: 'spoken-digits-unbounded',
    network: '700 in 70-128-20, weights, delays and thresholds, no budget of spikes',
    train: [...SPEECH, ...UNBOUNDED],
    seeds: '1',
  },
  {
    ...CAMERA,
    name: 'camera-digits-weights',
    network: '2 x 34 x 34 in 578-128-10, weights',
    train: [...PICTURES],
    bar: 95.5,
    aim: 97,
  },
  ...CAMERA_VARIANTS.map(({ name, what, flags, ...seeds }) => ({
    ...CAMERA,
    ...seeds,
    name: `camera-digits-${name}`,
    network: `2 x 34 x 34 in 578-128-10, weights, ${what}`,
    train: [...PICTURES, ...flags],
  })),
]
