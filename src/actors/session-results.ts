import type { GroupKernel } from '../dynamics/group-kernel.js'
import type { Loss } from '../learning/loss.js'
import type { TrialLoss } from '../learning/losses/trial-loss.js'
import type { GroupParameters, Parameters } from '../learning/session.js'
import type { NetworkInstance } from '../network/instance.js'

/** Copies the learnable numbers (or gradients in the same places) out of each kernel's vector, in file order. */
export function toParameters(
  instance: NetworkInstance,
  kernels: readonly GroupKernel[],
  vectorOf: (kernel: GroupKernel) => Float64Array,
): Parameters {
  const projections = new Map<string, Parameters['projections'][string]>()
  const groups = new Map<string, GroupParameters>()
  for (const kernel of kernels) {
    const { layout, synapses, values } = kernel
    const vector = vectorOf(kernel)
    const part = (from: number, count: number) => vector.slice(from, from + count)
    for (const { key, base, count, delayBase, delayCount } of synapses.afferents)
      projections.set(key, {
        weights: part(layout.weights + base, count),
        delays: part(layout.delays + delayBase, delayCount),
      })
    const bias = part(layout.bias, values.size)
    if (values.kind === 'li') groups.set(values.name, { bias })
    else
      groups.set(values.name, {
        bias,
        threshold: part(layout.threshold, values.size),
        adaptStep: part(layout.adaptStep, values.size),
      })
  }
  const inOrder = <Value>(names: readonly string[], map: ReadonlyMap<string, Value>): Record<string, Value> =>
    Object.fromEntries(names.flatMap((name) => (map.has(name) ? [[name, map.get(name) as Value]] : [])))
  return {
    projections: inOrder(
      instance.projections.map(({ key }) => key),
      projections,
    ),
    groups: inOrder(
      instance.groups.map(({ name }) => name),
      groups,
    ),
  }
}

export function predictionsOf(results: readonly TrialLoss[]): Int32Array {
  return Int32Array.from(results, ({ prediction }) => prediction)
}

/** The share of (hidden neuron, trial) pairs without a spike; hidden: every LIF group but the loss's. */
export function silentFraction(kernels: readonly GroupKernel[], trials: number, loss: Loss): number {
  let pairs = 0
  let silent = 0
  for (const kernel of kernels) {
    if (kernel.values.kind !== 'lif' || kernel.values.name === loss.group) continue
    pairs += trials * kernel.values.size
    for (let trial = 0; trial < trials; trial++)
      for (let n = 0; n < kernel.values.size; n++) if (kernel.isSilent(trial, n)) silent++
  }
  return pairs === 0 ? 0 : silent / pairs
}
