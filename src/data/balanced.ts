import { defineNetwork } from '../network/description/define-network.js'
import { poisson } from '../network/description/emitting-sources.js'
import type { Network } from '../network/description/network.js'
import { type ConnectOptions, connect, fixedInDegree, oneToOne } from '../network/description/projections.js'
import { lif } from '../network/models/lif.js'
import { type Readers, readOptions } from '../network/reading/read-fields.js'
import { asGiven, type Reader, valueThat } from '../network/reading/read-value.js'

/** The settings of the balanced random network; times in ms, voltages and weights in mV, rates in Hz. */
export const BALANCED_DEFAULTS = {
  neurons: 10_000,
  inDegree: 1000,
  until: 1000,
  /** Of neurons, and of the synapses into each. */
  excitatoryShare: 0.8,
  neuron: { tauMem: 20, tauSyn: 0.5, threshold: 20, vReset: 10, refractory: 2 },
  delay: 1.5,
  /** At the default in-degree. */
  weights: { excitatory: 4, inhibitory: -20 },
  /** Of every neuron, at the default in-degree; through the excitatory weight. */
  driveRate: 20_000,
} as const

export interface BalancedOptions {
  /** Excitatory and inhibitory neurons together, 4 : 1. Default 10,000. */
  readonly neurons?: number
  /** Recurrent synapses into every neuron, 4 : 1. Default 1000. */
  readonly inDegree?: number
}

const READERS: Readers<BalancedOptions> = { neurons: asGiven, inDegree: asGiven }

/**
 * The balanced random network: leaky integrate-and-fire neurons that excite and inhibit each other at random, each driven
 * by a Poisson train of its own; it fires irregularly at about 40 Hz.
 *
 * Groups `exc` and `inh` with the Poisson inputs `excDrive` and `inhDrive`; four projections between them with fixed
 * in-degrees, in which the same pair may be joined more than once. With other in-degrees K the mean charge stays: weights
 * are multiplied by 1000 / K, the rate of the Poisson inputs by K / 1000. Fluctuations grow as K falls, and the rate with
 * them.
 *
 * Raises `InputError` BALANCED_NEURONS and BALANCED_IN_DEGREE for what is no whole number from 10.
 *
 * Source: Brunel 2000 (J. Comput. Neurosci. 8:183), with synaptic currents.
 */
export function balancedNetwork(options: BalancedOptions = {}): Network<'excDrive' | 'inhDrive' | 'exc' | 'inh'> {
  const { neurons = BALANCED_DEFAULTS.neurons, inDegree = BALANCED_DEFAULTS.inDegree } = readOptions(options, READERS)
  countWith('BALANCED_NEURONS')(neurons, 'neurons')
  countWith('BALANCED_IN_DEGREE')(inDegree, 'inDegree')
  const { neuron, weights, delay } = BALANCED_DEFAULTS
  const size = splitByKind(neurons)
  const degree = splitByKind(inDegree)
  const scale = BALANCED_DEFAULTS.inDegree / inDegree
  const drive = { rate: BALANCED_DEFAULTS.driveRate / scale }
  const excitatory: ConnectOptions = { delay, sign: 'excitatory' }
  const inhibitory: ConnectOptions = { delay, sign: 'inhibitory' }
  const fromExc = fixedInDegree(degree.excitatory, weights.excitatory * scale, { multiple: true })
  const fromInh = fixedInDegree(degree.inhibitory, weights.inhibitory * scale, { multiple: true })
  const fromDrive = oneToOne(weights.excitatory * scale)
  return defineNetwork({
    groups: {
      excDrive: poisson(size.excitatory, drive),
      inhDrive: poisson(size.inhibitory, drive),
      exc: lif(size.excitatory, neuron),
      inh: lif(size.inhibitory, neuron),
    },
    projections: [
      connect('excDrive', 'exc', fromDrive, excitatory),
      connect('inhDrive', 'inh', fromDrive, excitatory),
      connect('exc', 'exc', fromExc, excitatory),
      connect('exc', 'inh', fromExc, excitatory),
      connect('inh', 'exc', fromInh, inhibitory),
      connect('inh', 'inh', fromInh, inhibitory),
    ],
  })
}

function splitByKind(count: number): { readonly excitatory: number; readonly inhibitory: number } {
  const excitatory = Math.round(count * BALANCED_DEFAULTS.excitatoryShare)
  return { excitatory, inhibitory: count - excitatory }
}

function countWith(code: string): Reader<number> {
  const holds = (count: unknown) => Number.isSafeInteger(count) && Number(count) >= 10
  return valueThat({ code, expected: 'an integer from 10', holds })
}
