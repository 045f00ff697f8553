import type { KernelChoice } from '../../../src/dynamics/choose-kernel.js'
import { components } from '../../../src/network/components.js'
import { hurriedGroups } from '../../../src/network/hurried-groups.js'
import type { Network, Quantity } from '../../../src/network/network.js'
import { tauShapes } from '../../../src/network/time-constants.js'
import type { SessionCase } from './session-case.js'

/** What a group of neurons, its synapses, or a run may have. */
export const SESSION_FEATURES = [
  ...['no delays', 'scalar delays', 'delays per source', 'delays per synapse', 'null weights', 'lists', 'rules'],
  ...['recurrence', 'short cycle', 'cycle without delay', 'refractory periods', 'adaptation'],
  ...['two currents', 'taus per neuron', 'equal taus', 'bias', 'reset off 0', 'readout', 'several blocks'],
  ...['a source that emits', 'more trials than a chunk', 'noise', 'dropout'],
] as const
export type SessionFeature = (typeof SESSION_FEATURES)[number]

export type Feed = NonNullable<KernelChoice['feed']>

/** What one group has. */
export function featuresOfGroup(network: Network, name: string): readonly SessionFeature[] {
  const group = network.groups.find((each) => each.name === name)
  if (group === undefined || group.kind === 'source') return []
  const incoming = network.projections.filter(({ target }) => target === name)
  const cycle = components(network).find(({ cyclic, groups }) => cyclic && groups.includes(name))
  const around = cycle === undefined ? [] : incoming.filter(({ source }) => cycle.groups.includes(source))
  const hasDelays = (kind: string) => incoming.some(({ delays }) => delays.kind === kind)
  const isHurried = hurriedGroups(network).has(name)
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
    'two currents': group.tauSyn === undefined,
    'taus per neuron': tauShapes(group).some(({ isCommon }) => !isCommon),
    'equal taus': group.tauMem === group.tauSyn,
    bias: isNot0(group.bias),
    'reset off 0': group.kind === 'lif' && isNot0(group.vReset),
    readout: group.kind === 'li',
    'several blocks': group.size > 32,
  }
  return SESSION_FEATURES.filter((feature) => present[feature] === true)
}

function isNot0(quantity: Quantity): boolean {
  return quantity !== 0
}

/** What the case has as a whole. */
export function featuresOfCase({ network, trials, noise }: SessionCase): readonly SessionFeature[] {
  const present: Readonly<Partial<Record<string, boolean>>> = {
    'a source that emits': network.groups.some(({ name }) => name === 'drive'),
    'more trials than a chunk': trials.count > 8,
    noise: noise?.noise !== undefined,
    dropout: noise?.dropout !== undefined,
  }
  return SESSION_FEATURES.filter((feature) => present[feature] === true)
}
