import type { KernelChoice } from '../../../src/dynamics/kernels/choose-kernel.js'
import { MICRO_BATCH_UNIT } from '../../../src/dynamics/parameters/trial-sum.js'
import type { Quantity } from '../../../src/network/description/network.js'
import { tauShapes } from '../../../src/network/description/time-constants.js'
import { components } from '../../../src/network/graph/components.js'
import { hurriedGroups } from '../../../src/network/graph/hurried-groups.js'
import { hasNeurons } from '../../../src/network/models/models.js'
import type { SessionCase } from './session-case.js'
import { LOSSES } from './session-losses.js'

/** What a group of neurons, its synapses, or a run may have. */
export const SESSION_FEATURES = [
  ...['no delays', 'scalar delays', 'delays per source', 'delays per synapse', 'null weights', 'lists', 'rules'],
  ...['recurrence', 'short cycle', 'cycle without delay', 'refractory periods', 'adaptation'],
  ...['two currents', 'taus per neuron', 'two currents, taus per neuron', 'tauAdapt per neuron', 'equal taus'],
  ...['nearly equal taus', 'bias', 'reset off 0', 'readout', 'maxima', 'integrals', 'several blocks'],
  ...['a source that emits', 'more trials than a micro-batch', 'noise', 'dropout', 'counted traffic'],
  'an actor on a cycle',
] as const
export type SessionFeature = (typeof SESSION_FEATURES)[number]

export type ArrivalSharing = NonNullable<KernelChoice['feed']>

/** What one group has. */
export function featuresOfGroup({ network, loss, mode }: SessionCase, name: string): readonly SessionFeature[] {
  const group = network.groups.find((each) => each.name === name)
  if (group === undefined || !hasNeurons(group)) return []
  const incoming = network.projections.filter(({ target }) => target === name)
  const cycle = components(network).find(({ cyclic, groups }) => cyclic && groups.includes(name))
  const around = cycle === undefined ? [] : incoming.filter(({ source }) => cycle.groups.includes(source))
  const hasDelays = (kind: string) => incoming.some(({ delays }) => delays.kind === kind)
  const isHurried = hurriedGroups(network).has(name)
  const shapes = tauShapes(group)
  const hasTwo = group.tauSyn === undefined
  const isPerNeuron = shapes.some(({ field, isCommon }) => !isCommon && field !== 'tauAdapt')
  const isReadout = group.kind === 'li'
  const present: Readonly<Partial<Record<string, boolean>>> = {
    'no delays': hasDelays('none'),
    'scalar delays': hasDelays('scalar'),
    'delays per source': hasDelays('perSource'),
    'delays per synapse': hasDelays('perSynapse'),
    'null weights': incoming.some(
      ({ connectivity }) => connectivity.kind === 'dense' && connectivity.absent.length > 0,
    ),
    lists: incoming.some(({ connectivity }) => connectivity.kind === 'synapses'),
    rules: incoming.some(({ connectivity }) => connectivity.kind === 'rule'),
    recurrence: cycle !== undefined,
    'short cycle': isHurried && around.every(({ delays }) => delays.kind !== 'none'),
    'cycle without delay': isHurried && around.some(({ delays }) => delays.kind === 'none'),
    'refractory periods': group.kind === 'lif' && isNot0(group.refractory),
    adaptation: group.kind === 'lif' && isNot0(group.adaptStep),
    'two currents': hasTwo,
    'taus per neuron': isPerNeuron,
    'two currents, taus per neuron': hasTwo && isPerNeuron,
    'tauAdapt per neuron':
      group.kind === 'lif' &&
      isNot0(group.adaptStep) &&
      shapes.some(({ field, isCommon }) => !isCommon && field === 'tauAdapt'),
    'equal taus': group.tauMem === group.tauSyn,
    'nearly equal taus': group.tauMem === 20 && group.tauSyn === 19,
    bias: isNot0(group.bias),
    'reset off 0': group.kind === 'lif' && isNot0(group.vReset),
    readout: isReadout,
    // A simulation tells all maxima.
    maxima: isReadout && (mode === 'simulate' || LOSSES[loss]?.kind === 'vMax'),
    integrals: isReadout && LOSSES[loss]?.kind === 'liIntegral',
    'several blocks': group.size > 32,
  }
  return SESSION_FEATURES.filter((feature) => present[feature] === true)
}

function isNot0(quantity: Quantity): boolean {
  return quantity !== 0
}

/** What a case has come to. */
export interface CaseSeen {
  /** Of neurons. */
  readonly spikes: number
  readonly isTrafficCounted: boolean
}

/** What the case has as a whole. */
export function featuresOfCase({ network, trials, noise }: SessionCase, seen: CaseSeen): readonly SessionFeature[] {
  const present: Readonly<Partial<Record<string, boolean>>> = {
    'a source that emits': network.groups.some(({ name }) => name === 'drive'),
    'an actor on a cycle': network.groups.some(({ kind }) => kind === 'actor'),
    'more trials than a micro-batch': trials.count > MICRO_BATCH_UNIT,
    noise: noise?.noise !== undefined,
    dropout: noise?.dropout !== undefined,
    'counted traffic': seen.isTrafficCounted,
  }
  return SESSION_FEATURES.filter((feature) => present[feature] === true)
}
