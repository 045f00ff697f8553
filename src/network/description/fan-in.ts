import { InputError } from '../../events/errors.js'
import { hasNeurons } from '../models/models.js'
import { type Readers, readRequired, refuseUnknown } from '../reading/read-fields.js'
import { readNonNegative, readNumber, readPositive } from '../reading/read-number.js'
import { readRecord } from '../reading/read-value.js'
import type { Emission } from './emission.js'
import type { Initializer } from './initializers.js'
import type { Group, Quantity } from './network.js'

export interface FanInOptions {
  /** Of the summed weights, see `fanIn`. */
  readonly mean: number
  /** Of the summed weights; from 0. */
  readonly std: number
  /** Spikes per input and second, in Hz. Default: that of a source that emits at a constant rate; else one spike per input. */
  readonly rate?: number
}

/** Weights that are scaled by what they are summed over, as they are asked for: the network has them as normal variates. */
export interface FanIn extends FanInOptions {
  readonly distribution: 'fanIn'
}

const READERS: Readers<FanInOptions> = { mean: readNumber, std: readNonNegative, rate: readPositive }

/**
 * Normal weights that are scaled by the number of inputs and, where it is known, their rate:
 *
 *     w = mean / m + (std / √m) z        z standard normal
 *     m = n                              n synapses per neuron, each of which brings one spike
 *     m = n · rate · tauSyn / 1000       where inputs spike at `rate` Hz: the spikes within one synaptic time constant, in ms
 *
 * So the sum over one spike of every input has this mean and deviation, however many there are; at a known rate the mean of
 * the current, and of the voltage below threshold, is `mean`. n is the size of the source of a dense projection, the mean
 * number of synapses of a rule. tauSyn is that of the target: with two, the one of the sign of `mean`.
 *
 * `defineNetwork` turns it into `normal(mean / m, std / √m)`; raises FAN_IN_EMPTY there if m is 0.
 *
 * @example connect('input', 'hidden', dense(fanIn({ mean: 20, std: 5 })))
 */
export function fanIn(options: FanInOptions): FanIn {
  return Object.freeze({
    distribution: 'fanIn',
    ...readRequired<FanInOptions, 'mean' | 'std'>(options, READERS, ['mean', 'std']),
  })
}

export function isFanIn(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'distribution' in value && value.distribution === 'fanIn'
}

/** What the weights of a projection are summed over. */
export interface FanInEnds {
  readonly source: Group
  readonly target: Group
  /** Synapses per neuron of the target. */
  readonly inputs: number
}

/**
 * The normal variates that it stands for between these groups. Raises `InputError` FAN_IN_EMPTY and what is wrong with its
 * numbers.
 */
export function settleFanIn(value: unknown, { source, target, inputs }: FanInEnds, field: string): Initializer {
  const { distribution: _, ...options } = readRecord(value, field)
  refuseUnknown(options, Object.keys(READERS), field)
  const {
    mean,
    std,
    rate = rateOf(source),
  } = readRequired<FanInOptions, 'mean' | 'std'>(options, READERS, ['mean', 'std'], field)
  const spikes =
    rate === undefined || target.kind === 'actor' ? inputs : (inputs * rate * tauSynOf(target, mean)) / 1000
  if (spikes > 0 && spikes < Infinity)
    return { distribution: 'normal', mean: mean / spikes, std: std / Math.sqrt(spikes) }
  throw new InputError({
    code: 'FAN_IN_EMPTY',
    field,
    found: `${inputs} inputs per neuron of "${target.name}"${rate === undefined ? '' : ` at ${rate} Hz`}`,
    expected: 'inputs that spike, which weights are scaled by',
    remedy: 'Say how weights are drawn by normal(mean, std), or give the rate.',
  })
}

/** In Hz; undefined where it changes or is unknown. */
function rateOf(source: Group): number | undefined {
  return source.kind === 'source' && source.emission !== undefined ? rateOfEmission(source.emission) : undefined
}

function rateOfEmission(emission: Emission): number | undefined {
  switch (emission.process) {
    case 'poisson':
      return meanOf(emission.rate)
    case 'regular':
      return 1000 / meanOf(emission.period)
    case 'inhomogeneousPoisson':
      return undefined
  }
}

/** In ms: how long what arrives lasts, in V where there is no current. */
function tauSynOf(target: Group, mean: number): number {
  if (!hasNeurons(target)) return 0
  const { tauMem, tauSyn, tauSynExc, tauSynInh } = target
  const tau = meanOf(tauSyn ?? ((mean < 0 ? tauSynInh : tauSynExc) as Quantity))
  return tau === 0 ? meanOf(tauMem) : tau
}

/** The mean of the numbers of a quantity: of a list, or of what will be drawn. */
function meanOf(quantity: Quantity): number {
  if (typeof quantity === 'number') return quantity
  if (!('distribution' in quantity)) return quantity.reduce((sum, value) => sum + value, 0) / quantity.length
  switch (quantity.distribution) {
    case 'constant':
      return quantity.value
    case 'normal':
      return quantity.mean
    case 'uniform':
      return (quantity.low + quantity.high) / 2
  }
}
