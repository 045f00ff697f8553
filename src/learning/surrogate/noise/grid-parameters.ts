import { byName, entryOf } from '../../../events/by-name.js'
import type { LifGroup, Network } from '../../../network/description/network.js'
import { cyclicKeys } from '../../../network/graph/cyclic-keys.js'
import type { NetworkInstance } from '../../../network/instance/instance.js'
import { isSpiking } from '../../../network/models/models.js'
import type { DeviceNoise } from '../../noise/device-noise.js'
import { createDeviceDraws, fillProjection, fillThresholds } from '../../noise/mismatch.js'
import {
  keepProjectionLimits,
  keepThresholdLimits,
  movesParameters,
  type PerturbedNumbers,
  perturbProjection,
  perturbThresholds,
} from '../../noise/perturbed-numbers.js'
import type { RunNoise } from '../../noise/run-noise.js'
import type { Parameters } from '../../session.js'
import type { ProjectionNumbers } from '../grid-projection.js'

type GroupNumbers = Parameters['groups'][string]

/** What a network computes with in a noisy run. */
export interface PerturbedNetwork {
  readonly parameters: Parameters
  /** Makes of gradients with respect to these, in place, those of the exact parameters. */
  correct(gradients: Parameters): void
}

/**
 * The parameters of a network on a device, with the draws and limits of exact sessions; weights where no synapse is stay 0.
 *
 * Here numbers stand in one array per projection and group, in exact sessions in a vector per slice (`createParameterNoise`).
 *
 * Returns what perturbs the parameters of a run; null where the noise leaves them alone.
 */
export function createGridParameterNoise(
  network: Network,
  instance: NetworkInstance,
): (exact: Parameters, noise: RunNoise) => PerturbedNetwork | null {
  const cyclic = cyclicKeys(instance)
  const sources = instance.projections.map(({ source }) => source)
  const neurons = instance.groups.filter(isSpiking)
  const drawsFor = createDeviceDraws((source, kinds) => ({
    projections: instance.projections.map((values) => {
      const { weights, delays, targetSize } = values
      const draws = { weights: new Float64Array(weights.length), delays: new Float64Array(delays.length) }
      fillProjection(draws, values, { size: targetSize, start: 0, total: targetSize }, source, kinds)
      return draws
    }),
    thresholds: neurons.map((values) => {
      const draws = new Float64Array(values.size)
      fillThresholds(draws, values, source, kinds)
      return draws
    }),
  }))

  return (exact, noise) => {
    if (!movesParameters(noise, sources)) return null
    const device: DeviceNoise = noise.device ?? { seed: 0 }
    const drawn = drawsFor(device, noise.draw)
    const projections = instance.projections.map(({ key, order, source, absent, sign }, p): PerturbedProjection => {
      const own = entryOf(exact.projections, key) as ProjectionNumbers
      const { weights: described } = network.projections[order] as Network['projections'][number]
      const draws = drawn.projections[p] as ProjectionNumbers
      const [weights, delays] = [copyOf(own.weights, draws.weights), copyOf(own.delays, draws.delays)]
      perturbProjection({ weights, delays }, noise, source, { name: key, described })
      keepProjectionLimits({ weights, delays }, own.delays, { sign, isCyclic: cyclic.has(key) })
      absent?.forEach((isAbsent, s) => {
        if (isAbsent === 1) weights.values[s] = 0
      })
      return [key, weights, delays]
    })
    const thresholds = neurons.map(({ name, vReset }, n): PerturbedThresholds => {
      const { threshold } = entryOf(exact.groups, name) as GroupNumbers
      const numbers = copyOf(threshold as Float64Array, drawn.thresholds[n] as Float64Array)
      const group = network.groups.find((each) => each.name === name) as LifGroup
      perturbThresholds(numbers, device, { name, described: group.threshold })
      keepThresholdLimits(numbers, vReset)
      return [name, numbers]
    })
    return perturbedNetwork(exact, projections, thresholds)
  }
}

type PerturbedProjection = readonly [key: string, weights: PerturbedNumbers, delays: PerturbedNumbers]
type PerturbedThresholds = readonly [group: string, numbers: PerturbedNumbers]

/** A copy of numbers that is going to be perturbed. */
function copyOf(exact: Float64Array, draws: Float64Array): PerturbedNumbers {
  return { values: exact.slice(), factors: new Float64Array(exact.length).fill(1), draws }
}

function perturbedNetwork(
  exact: Parameters,
  projections: readonly PerturbedProjection[],
  thresholds: readonly PerturbedThresholds[],
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
