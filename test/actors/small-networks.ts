import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { BandedStep } from '../../src/learning/banded-step.js'
import type { LinearLoss } from '../../src/learning/loss.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, dense, perSynapse, synapses } from '../../src/network/description/projections.js'
import { type LifParameters, lif } from '../../src/network/models/lif.js'
import { type Spike, trainsOf } from '../learning/trains.js'

export const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const

/** One source unit that drives one neuron. */
export function oneNeuron(parameters: Partial<LifParameters> = {}, weight = 8) {
  return defineNetwork({
    groups: { in: source(1), out: lif(1, { ...LIF, ...parameters } as LifParameters) },
    projections: [connect('in', 'out', dense(weight))],
  })
}

/** Two layers with learnable delays; several spikes per neuron on `TWO_TRIALS`. */
export function twoLayers() {
  return defineNetwork({
    groups: {
      in: source(2),
      hidden: lif(3, { ...LIF, tauAdapt: 30, adaptStep: 0.1 }),
      out: lif(2, { ...LIF, bias: 0.1 }),
    },
    projections: [
      connect(
        'in',
        'hidden',
        dense([
          [6, 5],
          [4, null],
          [3, 7],
        ]),
        {
          delay: perSynapse([
            [1, 2],
            [0.5, null],
            [3, 1],
          ]),
        },
      ),
      connect(
        'hidden',
        'out',
        dense([
          [5, 3, 4],
          [2, 6, 3],
        ]),
        { delay: 1 },
      ),
    ],
  })
}

/** Two neurons that wake each other for ever, at a rate that does not grow. */
export function lastingRing() {
  const neurons = { ...LIF, refractory: 6 }
  return defineNetwork({
    groups: { in: source(1), a: lif(1, neurons), b: lif(1, neurons) },
    projections: [
      connect('in', 'a', dense(8), { delay: 1 }),
      connect('a', 'b', dense(8), { delay: 2 }),
      connect('b', 'a', dense(8), { delay: 2 }),
    ],
  })
}

/** Two groups that excite each other along a ring. */
export function twoGroupRing(delay: number, weight = 8) {
  return defineNetwork({
    groups: { in: source(1), a: lif(1, LIF), b: lif(1, LIF) },
    projections: [
      connect('in', 'a', dense(weight)),
      connect('a', 'b', dense(weight), { delay }),
      connect('b', 'a', synapses([[0, 0, weight, delay]])),
    ],
  })
}

export const TWO_TRIALS = {
  count: 2,
  until: 60,
  inputs: {
    in: trainsOf([
      [1, 3, 12].flatMap((time): Spike[] => [
        { time, unit: 0 },
        { time: time + 0.5, unit: 1 },
      ]),
      [
        { time: 2, unit: 1 },
        { time: 2.25, unit: 0 },
        { time: 6, unit: 1 },
      ],
    ]),
  },
}

export const LABELS = Uint8Array.of(0, 1)
export const COUNT = { kind: 'spikeCount', group: 'out', tau: 20 } as const
export const FIRST = { kind: 'firstSpike', group: 'out', tau0: 0.5, alpha: 0.003, tau1: 6.4 } as const

/** The sum of the first `spikes` spike times of a group that has no more. */
export function sumOfTimes(group: string, spikes: number): LinearLoss {
  return { kind: 'linear', group, coefficients: new Array<number>(spikes).fill(1) }
}

/** A plain step that learns nothing, but for what is said. */
export function step(options: Partial<BandedStep> = {}): BandedStep {
  return {
    loss: COUNT,
    optimizer: { kind: 'sgd', momentum: 0 },
    rates: {},
    bounds: {},
    clipNorm: Infinity,
    silentLabelHinge: 0,
    silentHinge: {},
    silentWeightStep: {},
    ...options,
  }
}

/** One trial with spikes of unit 0 at the given times. */
export function spikesAt(...times: number[]): SpikeTrains {
  return trainsOf([times.map((time) => ({ time, unit: 0 }))])
}

/** Two trials of a source "in" of five units or more. */
export const FIVE_UNITS: Readonly<Record<'in', SpikeTrains>> = {
  in: trainsOf([
    [1, 2, 3, 4, 5].map((time, unit) => ({ time, unit })),
    [2, 2, 4, 8].map((time, unit) => ({ time, unit: 4 - unit })),
  ]),
}

export const ADAM: BandedStep['optimizer'] = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
