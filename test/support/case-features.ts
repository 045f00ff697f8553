import type { Trials } from '../../src/learning/session.js'
import { components } from '../../src/network/graph/components.js'
import type { NetworkInstance, ProjectionValues } from '../../src/network/instance/instance.js'
import { hasNeurons } from '../../src/network/models/models.js'

/** The features of a network and its trials that a gradient has to cope with. */
export function featuresOf(instance: NetworkInstance, trials: Trials): readonly string[] {
  const { groups, projections } = instance
  const neurons = groups.filter((group) => hasNeurons(group))
  const lifs = groups.filter((group) => group.kind === 'lif')
  const pairs = projections.map(({ source, target }) => `${source} ${target}`)
  const close = (a: number, b: number) => a !== b && Math.abs(a - b) < 1e-3 * a
  const present: Readonly<Record<string, boolean>> = {
    'three layers': neurons.length === 3,
    'self projection': projections.some(({ source, target }) => source === target),
    'cycle of groups': components(instance).some((component) => component.groups.length > 1),
    'projections in parallel': new Set(pairs).size < pairs.length,
    'synapses in parallel': projections.some(hasParallelSynapses),
    'more than a block': groups.some(({ size }) => size > 32),
    'more than a chunk': trials.count > 8,
    'equal taus': neurons.some(({ tauMem, tauSynExc }) => tauMem.some((tau, n) => tau === tauSynExc[n])),
    'nearly equal taus': neurons.some(({ tauMem, tauSynExc }) => tauMem.some((tau, n) => close(tau, tauSynExc[n]!))),
    'two synaptic taus': neurons.some(({ tauSynExc, tauSynInh }) => tauSynExc.some((tau, n) => tau !== tauSynInh[n])),
    adaptation: lifs.some(({ adaptStep }) => adaptStep.some((step) => step > 0)),
    bias: neurons.some(({ bias }) => bias.some((each) => each !== 0)),
    'reset off 0': lifs.some(({ vReset }) => vReset.some((each) => each !== 0)),
  }
  return Object.keys(present).filter((feature) => present[feature])
}

function hasParallelSynapses({ sources, targets, layout }: ProjectionValues): boolean {
  const pairs = Array.from(sources, (source, s) => `${source} ${targets[s]}`)
  return layout === 'synapses' && new Set(pairs).size < pairs.length
}
