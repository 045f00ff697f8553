import { entryOf } from '../events/by-name.js'
import { hasNeurons } from '../network/description/has-neurons.js'
import type { GroupValues, NetworkInstance, ProjectionValues } from '../network/instance/instance.js'
import type { GroupParameters, Parameters } from './session.js'

/** An instance with the learnable numbers of a session in place of its own; what these leave out stays. */
export function instanceWith(start: NetworkInstance, { groups, projections }: Parameters): NetworkInstance {
  return {
    groups: start.groups.map((group) => groupNow(group, entryOf(groups, group.name))),
    projections: start.projections.map((values) => projectionNow(values, entryOf(projections, values.key))),
  }
}

function groupNow(group: GroupValues, now: GroupParameters | undefined): GroupValues {
  if (now === undefined || !hasNeurons(group)) return group
  const { bias, tauMem, tauSyn, tauSynExc = tauSyn, tauSynInh, tauAdapt } = now
  const perNeuron = (values: Float64Array | undefined, before: Float64Array) => {
    if (values === undefined) return before
    return values.length === group.size ? values : new Float64Array(group.size).fill(values[0] as number)
  }
  const excitatory = perNeuron(tauSynExc, group.tauSynExc)
  const leaky = {
    bias,
    tauMem: perNeuron(tauMem, group.tauMem),
    tauSynExc: excitatory,
    // One array stands for one time constant.
    tauSynInh: tauSyn === undefined ? perNeuron(tauSynInh, group.tauSynInh) : excitatory,
  }
  if (group.kind === 'li') return { ...group, ...leaky }
  const { threshold = group.threshold, adaptStep = group.adaptStep } = now
  return { ...group, ...leaky, threshold, adaptStep, tauAdapt: perNeuron(tauAdapt, group.tauAdapt) }
}

/** The numbers are no longer those that a rule draws. */
function projectionNow(
  { draws, ...values }: ProjectionValues,
  now: Parameters['projections'][string] | undefined,
): ProjectionValues {
  if (now === undefined) return draws === undefined ? values : { ...values, draws }
  return { ...values, weights: now.weights, delays: now.delays }
}
