import { byName, entryOf } from '../../../events/by-name.js'
import type { Network } from '../../../network/description/network.js'
import { weightsOfSign } from '../../../network/description/sign.js'
import { cyclicKeys } from '../../../network/graph/cyclic-keys.js'
import { MINIMAL_CYCLE_DELAY } from '../../../network/graph/lookahead.js'
import type { LifValues, NetworkInstance, ProjectionValues } from '../../../network/instance/instance.js'
import { isSpiking } from '../../../network/models/models.js'
import { leastThreshold } from '../../array-bounds.js'
import type { DeviceNoise } from '../../noise/device-noise.js'
import { deviceName, fillMismatch, type MismatchSource, mismatchKinds, synapsePlaces } from '../../noise/mismatch.js'
import {
  keepWithin,
  movesParameters,
  type PerturbedNumbers,
  perturbProjection,
  perturbThresholds,
} from '../../noise/perturbed-numbers.js'
import type { RunNoise } from '../../noise/run-noise.js'
import type { Parameters } from '../../session.js'

type GroupNumbers = Parameters['groups'][string]
type ProjectionNumbers = Parameters['projections'][string]

/** What a network computes with in a noisy run. */
export interface PerturbedNetwork {
  readonly parameters: Parameters
  /** Makes of gradients with respect to these, in place, those of the exact parameters. */
  correct(gradients: Parameters): void
}

/**
 * The parameters of a network on a device, with the draws and limits of exact sessions: delays from 0, on cycles from 0.1 ms
 * or what they are if that is less; thresholds above vReset; weights of the sign of their projection, 0 where no synapse is.
 *
 * Here numbers stand in one array per projection and group, in exact sessions in a vector per slice (`createParameterNoise`),
 * whose kernel keeps the limits.
 *
 * Returns what perturbs the parameters of a run; null where the noise leaves them alone.
 */
export function createGridParameterNoise(
  network: Network,
  instance: NetworkInstance,
): (exact: Parameters, noise: RunNoise) => PerturbedNetwork | null {
  const cyclic = cyclicKeys(instance)
  const sources = instance.projections.map(({ source }) => source)
  /** Variates of the device that was met last. */
  let drawn: { readonly of: string; readonly draws: Map<string, Float64Array> } = { of: '', draws: new Map() }

  return (exact, noise) => {
    if (!movesParameters(noise, sources)) return null
    const device: DeviceNoise = noise.device ?? { seed: 0 }
    const source = { seed: device.seed, name: deviceName(device, noise.draw) }
    const of = JSON.stringify(source)
    if (drawn.of !== of) drawn = { of, draws: new Map() }
    const numbersFor = perturbing(source, drawn.draws)
    const kinds = mismatchKinds(device)

    function ofProjection(
      values: ProjectionValues,
    ): readonly (readonly [string, PerturbedNumbers, PerturbedNumbers])[] {
      const { key, order, targets, targetSize, delayShape, absent, sign } = values
      const own = entryOf(exact.projections, key) as ProjectionNumbers
      const { weights: described } = network.projections[order] as Network['projections'][number]
      const places = () => {
        const all = synapsePlaces(targets, { size: targetSize, start: 0, total: targetSize })
        return (k: number) => all[k] as number
      }
      const weights = numbersFor(`${key}/weights`, own.weights, kinds.weights, places)
      const isOwn = delayShape === 'perSynapse'
      const delays = numbersFor(`${key}/delays`, own.delays, kinds.delays, isOwn ? places : () => (k) => k)
      perturbProjection({ weights, delays }, noise, values.source, { name: key, described })
      const [least, most] = weightsOfSign(sign)
      for (let s = 0; s < weights.values.length; s++) keepWithin(weights, s, least, most)
      absent?.forEach((isAbsent, s) => {
        if (isAbsent === 1) weights.values[s] = 0
      })
      const shortest = cyclic.has(key) ? MINIMAL_CYCLE_DELAY : 0
      own.delays.forEach((delay, k) => {
        keepWithin(delays, k, Math.min(shortest, delay), Number.POSITIVE_INFINITY)
      })
      return [[key, weights, delays]]
    }

    function thresholdsOf({ name, vReset }: LifValues): readonly (readonly [string, PerturbedNumbers])[] {
      const { threshold } = entryOf(exact.groups, name) as GroupNumbers
      const group = network.groups.find((each) => each.name === name)
      if (threshold === undefined || group === undefined || !isSpiking(group)) return []
      const numbers = numbersFor(`${name}/threshold`, threshold, kinds.thresholds, () => (n) => n)
      perturbThresholds(numbers, device, { name, described: group.threshold })
      vReset.forEach((reset, n) => {
        keepWithin(numbers, n, leastThreshold(reset), Number.POSITIVE_INFINITY)
      })
      return [[name, numbers]]
    }

    const projections = instance.projections.flatMap(ofProjection)
    const thresholds = instance.groups.flatMap((values) => (isSpiking(values) ? thresholdsOf(values) : []))
    return perturbedNetwork(exact, projections, thresholds)
  }
}

/** Copies of numbers that are going to be perturbed, with the variates of a device, which are drawn once. */
function perturbing(source: MismatchSource, known: Map<string, Float64Array>) {
  return (
    stream: string,
    exact: Float64Array,
    isDrawn: boolean,
    places: () => (k: number) => number,
  ): PerturbedNumbers => {
    const draws = known.get(stream) ?? new Float64Array(exact.length)
    if (isDrawn && !known.has(stream)) {
      fillMismatch(draws, source, stream, places())
      known.set(stream, draws)
    }
    return { values: exact.slice(), factors: new Float64Array(exact.length).fill(1), draws }
  }
}

function perturbedNetwork(
  exact: Parameters,
  projections: readonly (readonly [string, PerturbedNumbers, PerturbedNumbers])[],
  thresholds: readonly (readonly [string, PerturbedNumbers])[],
): PerturbedNetwork {
  const groups = Object.entries(exact.groups).map(([name, numbers]) => {
    const [, own] = thresholds.find(([of]) => of === name) ?? []
    return [name, own === undefined ? numbers : { ...numbers, threshold: own.values }] as const
  })
  return {
    parameters: {
      projections: byName(
        projections.map(([key, weights, delays]) => [key, { weights: weights.values, delays: delays.values }]),
      ),
      groups: byName(groups),
    },
    correct(gradients) {
      for (const [key, weights, delays] of projections) {
        const own = entryOf(gradients.projections, key)
        multiply(own?.weights, weights.factors)
        multiply(own?.delays, delays.factors)
      }
      for (const [name, { factors }] of thresholds) multiply(entryOf(gradients.groups, name)?.threshold, factors)
    },
  }
}

function multiply(gradients: Float64Array | undefined, factors: Float64Array): void {
  gradients?.forEach((gradient, k) => {
    gradients[k] = gradient * (factors[k] as number)
  })
}
