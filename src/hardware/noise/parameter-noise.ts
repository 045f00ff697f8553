import type { Kernel } from '../../dynamics/kernels/kernel.js'
import { entryOf } from '../../events/by-name.js'
import { describedRange } from '../../learning/noise/described-range.js'
import type { DeviceNoise, Mismatch } from '../../learning/noise/device-noise.js'
import {
  delayLevels,
  quantizeDelay,
  quantizeSigned,
  signedLevels,
  thresholdCount,
  weightCount,
} from '../../learning/noise/quantize.js'
import type { RunNoise } from '../../learning/noise/run-noise.js'
import { rangeFor } from '../../learning/noise/with-ranges.js'
import type { Network, Quantity } from '../../network/description/network.js'
import { mismatchDraws } from './mismatch-draws.js'

/** What the kernel of a slice computes with in a noisy run. */
export interface PerturbedParameters {
  /** In the places of the kernel's parameters; limits of the network are not yet kept. */
  readonly values: Float64Array
  /** dp'/dp of each parameter, with rounding passed straight through; null where all are 1. */
  readonly factors: Float64Array | null
}

/** Perturbs the parameters of one slice as the noise of a run says. */
export interface ParameterNoise {
  /** Null where the noise leaves parameters alone. */
  perturb(noise: RunNoise): PerturbedParameters | null
}

/** Variates that were drawn last, and what they were drawn for. */
interface Drawn {
  readonly of: string
  readonly draws: Float64Array
}

/**
 * The parameter noise of a kernel: p' = Q(p) (1 + relative n) + absolute n, n one standard normal variate per parameter,
 * with 1 + relative n at least 0; weights out of groups with inverted dropout count 1 / (1 - p) times.
 *
 * The variates of a device are drawn once and kept.
 */
export function createParameterNoise(kernel: Kernel, network: Pick<Network, 'projections' | 'groups'>): ParameterNoise {
  const { projections } = network
  let drawn: Drawn | null = null

  function drawsFor(device: DeviceNoise, draw: number): Float64Array {
    const name = device.mismatch === 'redrawn' ? String(draw) : 'fixed'
    const { weightMismatch, delayMismatch, thresholdMismatch } = device
    const [weights, delays, thresholds] = [weightMismatch, delayMismatch, thresholdMismatch].map(isPresent)
    const kinds = { weights: weights === true, delays: delays === true, thresholds: thresholds === true }
    const of = JSON.stringify([device.seed, name, kinds])
    if (drawn?.of !== of) drawn = { of, draws: mismatchDraws(kernel, device.seed, name, kinds) }
    return drawn.draws
  }

  function perturb({ device, dropout, draw }: RunNoise): PerturbedParameters | null {
    const noise: DeviceNoise = device ?? { seed: 0 }
    const scaleOf = (source: string) =>
      dropout?.scale === 'inverted' ? 1 / (1 - (entryOf(dropout.rates, source) ?? 0)) : 1
    const { layout, synapses, values, parameters } = kernel
    const isScaled = synapses.afferents.some(({ source }) => scaleOf(source) !== 1)
    if (!isScaled && !PARAMETER_FIELDS.some((field) => noise[field] !== undefined)) return null
    const perturbed = { values: parameters.slice(), factors: new Float64Array(layout.length).fill(1) }
    const draws = drawsFor(noise, draw)
    const levelsOfDelays = delayLevels(noise)
    for (const { key, order, source, base, count, delayBase, delayCount } of synapses.afferents) {
      const weights = { from: layout.weights + base, count }
      const { weights: described } = projections[order] as Network['projections'][number]
      round(perturbed, weights, weightCount(noise), () => rangeFor(noise.weightRange, key) ?? describedRange(described))
      addMismatch(perturbed, weights, draws, noise.weightMismatch)
      multiply(perturbed, weights, scaleOf(source))
      const delays = { from: layout.delays + delayBase, count: delayCount }
      each(perturbed, delays, (delay) => quantizeDelay(delay, levelsOfDelays))
      addMismatch(perturbed, delays, draws, noise.delayMismatch)
    }
    if (values.kind === 'lif') {
      const thresholds = { from: layout.threshold, count: values.size }
      const described = thresholdOf(network, values.name)
      const range = () => rangeFor(noise.thresholdRange, values.name) ?? describedRange(described)
      round(perturbed, thresholds, thresholdCount(noise), range)
      addMismatch(perturbed, thresholds, draws, noise.thresholdMismatch)
    }
    const isLinear = perturbed.factors.every((factor) => factor === 1)
    return { values: perturbed.values, factors: isLinear ? null : perturbed.factors }
  }

  return { perturb }
}

const PARAMETER_FIELDS = [
  'weightMismatch',
  'thresholdMismatch',
  'delayMismatch',
  'weightBits',
  'weightLevels',
  'delayStep',
  'delayMin',
  'delayMax',
  'thresholdBits',
] as const

interface Part {
  readonly from: number
  readonly count: number
}

interface Growing {
  readonly values: Float64Array
  readonly factors: Float64Array
}

function isPresent(mismatch: Mismatch | undefined): boolean {
  return mismatch !== undefined
}

function thresholdOf({ groups }: Pick<Network, 'groups'>, name: string): Quantity {
  const group = groups.find((each) => each.name === name)
  return group?.kind === 'lif' ? group.threshold : 0
}

/** @param count of different numbers; null: any */
function round(perturbed: Growing, part: Part, count: number | null, range: () => number): void {
  if (count === null) return
  const levels = signedLevels(count, range())
  each(perturbed, part, (value) => quantizeSigned(value, levels))
}

function each({ values }: Growing, { from, count }: Part, change: (value: number) => number): void {
  for (let k = from; k < from + count; k++) values[k] = change(values[k] as number)
}

function multiply({ values, factors }: Growing, { from, count }: Part, scale: number): void {
  if (scale === 1) return
  for (let k = from; k < from + count; k++) {
    values[k] = (values[k] as number) * scale
    factors[k] = (factors[k] as number) * scale
  }
}

function addMismatch(
  { values, factors }: Growing,
  { from, count }: Part,
  draws: Float64Array,
  mismatch: Mismatch = 0,
): void {
  const { relative = 0, absolute = 0 } = typeof mismatch === 'number' ? { relative: mismatch } : mismatch
  if (relative === 0 && absolute === 0) return
  for (let k = from; k < from + count; k++) {
    const draw = draws[k] as number
    const factor = Math.max(0, 1 + relative * draw)
    values[k] = (values[k] as number) * factor + absolute * draw
    factors[k] = (factors[k] as number) * factor
  }
}
