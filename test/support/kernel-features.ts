import type { NetworkInstance, ProjectionValues } from '../../src/network/instance/instance.js'
import { hasNeurons } from '../../src/network/models/models.js'
import { FEW_NULLS } from './null-weights.js'

/** What the cases of a kernel may have that another one might not suit. */
export const KERNEL_FEATURES = [
  'few absent pairs',
  'many absent pairs',
  'lists',
  'rules',
  'small rules',
  'recurrent input',
  'loops without delay',
  'scalar delays',
  'delays per source',
  'delays per synapse',
  'two currents',
  'taus per neuron',
  'refractory periods',
  'adaptation',
  'tauAdapt per neuron',
  'several blocks',
  'many rows',
] as const
export type KernelFeature = (typeof KERNEL_FEATURES)[number]

/** The features that a group x and the projections into it have. */
export function kernelFeatures({ groups, projections }: NetworkInstance): readonly KernelFeature[] {
  const x = groups.find(({ name }) => name === 'x')
  if (x === undefined || !hasNeurons(x)) throw new RangeError('There is no group x of neurons.')
  const some = (is: (projection: ProjectionValues) => boolean) => projections.some(is)
  const varies = (column: Float64Array) => column.some((value) => value !== column[0])
  const present: Readonly<Record<KernelFeature, boolean>> = {
    'few absent pairs': some((projection) => shareOfNulls(projection) > 0 && shareOfNulls(projection) <= FEW_NULLS),
    'many absent pairs': some((projection) => shareOfNulls(projection) > FEW_NULLS),
    lists: some(({ layout, draws }) => layout === 'synapses' && draws === undefined),
    rules: some(({ draws }) => draws !== undefined),
    'small rules': some(({ draws, weights }) => draws !== undefined && weights.length < 10_000),
    'recurrent input': some(({ source }) => source === 'x'),
    'loops without delay': some(({ source, delayShape }) => source === 'x' && delayShape === 'none'),
    'scalar delays': some(({ delayShape }) => delayShape === 'scalar'),
    'delays per source': some(({ delayShape }) => delayShape === 'perSource'),
    'delays per synapse': some(({ delayShape }) => delayShape === 'perSynapse'),
    'two currents': x.tauSynExc.some((tau, n) => tau !== x.tauSynInh[n]),
    'taus per neuron': [x.tauMem, x.tauSynExc, x.tauSynInh].some(varies),
    'refractory periods': x.kind === 'lif' && x.refractory.some((refractory) => refractory > 0),
    adaptation: x.kind === 'lif' && x.adaptStep.some((step) => step > 0),
    'tauAdapt per neuron': x.kind === 'lif' && varies(x.tauAdapt) && x.adaptStep.some((step) => step > 0),
    'several blocks': x.size > 32,
    'many rows': projections.reduce((sum, { sourceSize }) => sum + sourceSize, 0) >= 64,
  }
  return KERNEL_FEATURES.filter((feature) => present[feature])
}

/** Of the pairs of a projection, those that have no synapse. */
function shareOfNulls({ absent }: ProjectionValues): number {
  return absent === null ? 0 : absent.filter((flag) => flag === 1).length / absent.length
}
