import { ablation, COMPARED_SEEDS, type ResultRow } from './row.js'

const BASE = { task: 'yin-yang', seeds: '1..3' } as const

/**
 * The noise of BrainScaleS-2 as `brainScaleS2Noise({ tauSyn: 5 })` has it: trained with, and measured on the same device,
 * one per seed.
 */
const DEVICE = ['--noise', 'jitter=0.05,thresholdMismatch=0.08'] as const

export const YIN_YANG_ROWS: readonly ResultRow[] = [
  {
    ...BASE,
    seeds: COMPARED_SEEDS,
    name: 'yin-yang-30-weights',
    network: '30 hidden, weights',
    train: ['yin-yang', '--preset', 'yin-yang-30-weights'],
    bar: 97.8,
    aim: 98.5,
  },
  ...ablation(
    { name: 'yin-yang-30', network: '30 hidden', train: ['yin-yang', '--preset', 'yin-yang-30-all'], base: BASE },
    ['delays', 'thresholds', 'taus'],
  ),
  {
    ...BASE,
    name: 'yin-yang-30-all',
    network: '30 hidden, all',
    train: ['yin-yang', '--preset', 'yin-yang-30-all'],
    bar: 98.9,
    aim: 99.4,
  },
  {
    ...BASE,
    name: 'yin-yang-200-all',
    network: '200 hidden, all',
    train: ['yin-yang', '--preset', 'yin-yang-200-all'],
    bar: 99.3,
    aim: 99.6,
  },
  {
    ...BASE,
    seeds: COMPARED_SEEDS,
    name: 'yin-yang-30-surrogate',
    network:
      '30 hidden, weights, surrogate gradients, with a readout that suits them (maximum of a voltage, bias spike)',
    train: ['yin-yang', '--preset', 'yin-yang-surrogate', '--hidden', '30', '--epochs', '300', '--method', 'surrogate'],
  },
  {
    ...BASE,
    name: 'yin-yang-120-surrogate',
    network: '120 hidden, weights, surrogate gradients',
    train: ['yin-yang', '--preset', 'yin-yang-surrogate', '--method', 'surrogate'],
  },
  {
    ...BASE,
    name: 'yin-yang-30-device-weights',
    network: "30 hidden, weights, on a device with DelGrad's noise",
    train: ['yin-yang', '--preset', 'yin-yang-30-weights', ...DEVICE],
    bar: 85,
  },
  {
    ...BASE,
    name: 'yin-yang-30-device-delays',
    network: '30 hidden, weights and delays, on such a device',
    train: ['yin-yang', '--preset', 'yin-yang-30-all', '--learn', 'weights,delays', ...DEVICE],
    bar: 92.8,
  },
  {
    ...BASE,
    name: 'yin-yang-30-device-thresholds',
    network: '30 hidden, weights, delays and thresholds, on such a device',
    train: [
      ...['yin-yang', '--preset', 'yin-yang-30-all', '--learn', 'weights,delays,thresholds'],
      ...['--rates', 'thresholds:0.0005', ...DEVICE],
    ],
  },
  {
    ...BASE,
    name: 'yin-yang-30-device-all',
    network: '30 hidden, all, on such a device',
    train: ['yin-yang', '--preset', 'yin-yang-30-all', ...DEVICE],
    showsCurves: true,
  },
  {
    ...BASE,
    name: 'yin-yang-30-hardened',
    network: '30 hidden, all, readout as of the surrogate, trained on many noisy devices, measured on a quiet one',
    train: ['yin-yang', '--preset', 'yin-yang-30-hardened'],
    showsCurves: true,
  },
  {
    ...BASE,
    name: 'yin-yang-30-hardened-more',
    network: 'the same, trained with jitter of 3 ms in place of 1 ms',
    train: [
      ...['yin-yang', '--preset', 'yin-yang-30-hardened'],
      ...['--noise', 'mismatch=redrawn,jitter=3,thresholdMismatch=0.05', '--noise-in', 'train'],
    ],
    showsCurves: true,
  },
]
