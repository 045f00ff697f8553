import { ablation, type ResultRow } from './row.js'

const MNIST = { task: 'mnist', data: 'mnist' } as const
const FASHION = { task: 'fashion-mnist', data: 'fashion-mnist', seeds: '1' } as const

export const IMAGE_ROWS: readonly ResultRow[] = [
  {
    ...MNIST,
    seeds: '1..3',
    name: 'mnist-weights',
    network: '784-350-10, weights',
    train: ['mnist', '--preset', 'mnist-weights'],
    bar: 98.1,
    aim: 98.4,
  },
  {
    ...MNIST,
    seeds: '1..3',
    name: 'mnist-shifts-weights',
    network: '784-350-10, weights, shifts of ± 1 pixel',
    train: ['mnist', '--preset', 'mnist-shifts-weights'],
    bar: 98.4,
    aim: 98.8,
  },
  {
    ...MNIST,
    seeds: '1..3',
    name: 'mnist-shifts-input-delays',
    network: '784-350-10, weights, delays of input synapses and thresholds, shifts of ± 1 pixel',
    train: ['mnist', '--preset', 'mnist-shifts-input-delays'],
    bar: 98.5,
    aim: 99,
  },
  {
    ...MNIST,
    seeds: '1..3',
    name: 'mnist-shifts-all',
    network: '784-350-10, weights, delays of output synapses and thresholds, shifts of ± 1 pixel',
    train: ['mnist', '--preset', 'mnist-shifts-all'],
    bar: 98.5,
    aim: 99,
  },
  ...ablation({
    name: 'mnist-ablation',
    network: '784-350-10, 3 epochs',
    train: ['mnist', '--preset', 'mnist-shifts-all', '--epochs', '3'],
    base: { ...MNIST, seeds: '1' },
  }),
  {
    ...MNIST,
    seeds: '1',
    name: 'mnist-surrogate',
    network:
      '784-350-10, weights, surrogate gradients, 100 steps; 5 epochs in place of 12, half the rate, no schedule, no dropout',
    train: ['mnist', '--preset', 'mnist-surrogate', '--method', 'surrogate', '--dt', '0.205'],
  },
  {
    ...FASHION,
    name: 'fashion-mnist-all',
    network: '784-350-10, all',
    train: ['fashion-mnist', '--preset', 'fashion-mnist-all'],
    bar: 88,
    aim: 90,
  },
  ...ablation({
    name: 'fashion-mnist-ablation',
    network: '784-350-10, 3 epochs',
    train: ['fashion-mnist', '--preset', 'fashion-mnist-all', '--epochs', '3'],
    base: FASHION,
  }),
]
