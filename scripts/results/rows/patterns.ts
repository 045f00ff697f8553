import { ablation, COMPARED_SEEDS, type ResultRow } from './row.js'

const TEMPORAL = { task: 'temporal-patterns', seeds: '1' } as const
const TIMES = { task: 'spike-times', seeds: COMPARED_SEEDS } as const

const PATTERNS = ['temporal-patterns', '--preset', 'temporal-patterns'] as const
const SURROGATE = ['temporal-patterns', '--preset', 'temporal-patterns-weights', '--method', 'surrogate'] as const

export const PATTERN_ROWS: readonly ResultRow[] = [
  {
    ...TEMPORAL,
    name: 'temporal-patterns-all',
    network: '40 hidden, all',
    train: [...PATTERNS],
  },
  {
    ...TEMPORAL,
    name: 'temporal-patterns-weights',
    network: '40 hidden, weights',
    train: ['temporal-patterns', '--preset', 'temporal-patterns-weights'],
  },
  {
    ...TEMPORAL,
    name: 'temporal-patterns-60',
    network: '60 hidden, weights',
    train: ['temporal-patterns', '--preset', 'temporal-patterns-weights', '--hidden', '60'],
  },
  {
    ...TEMPORAL,
    name: 'temporal-patterns-recurrent',
    network: '60 hidden, joined to themselves, weights',
    train: ['temporal-patterns', '--preset', 'temporal-patterns-recurrent'],
  },
  ...ablation({ name: 'temporal-patterns', network: '40 hidden', train: PATTERNS, base: TEMPORAL }, [
    'delays',
    'adaptation',
    'taus',
  ]),
  {
    ...TEMPORAL,
    name: 'temporal-patterns-surrogate',
    network: '40 hidden, weights, surrogate gradients',
    train: [...SURROGATE],
  },
  {
    ...TEMPORAL,
    name: 'temporal-patterns-surrogate-81',
    network: '81 hidden, weights, surrogate gradients: as many parameters as with delays',
    train: [...SURROGATE, '--hidden', '81'],
  },
  {
    ...TEMPORAL,
    name: 'temporal-patterns-surrogate-delays',
    network: '40 hidden, weights and delays, surrogate gradients',
    train: [...PATTERNS, '--learn', 'weights,delays', '--method', 'surrogate'],
  },
  { ...TIMES, name: 'spike-times-all', network: '60 hidden, all', train: ['spike-times'] },
  ...ablation({ name: 'spike-times', network: '60 hidden', train: ['spike-times'], base: TIMES }, [
    'weights',
    'delays',
    'adaptation',
    'taus',
  ]),
  {
    ...TIMES,
    name: 'spike-times-surrogate',
    network: '60 hidden, all, surrogate gradients, steps of 1 ms',
    train: ['spike-times', '--method', 'surrogate'],
  },
  {
    ...TIMES,
    name: 'spike-times-surrogate-fine',
    network: '60 hidden, all, surrogate gradients, steps of 0.1 ms',
    train: ['spike-times', '--method', 'surrogate', '--dt', '0.1'],
  },
]
