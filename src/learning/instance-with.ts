import { entryOf } from '../events/by-name.js'
import type { GroupValues, NetworkInstance, ProjectionValues } from '../network/instance/instance.js'
import { byLearnedField, hasNeurons, learnedValues } from '../network/models/models.js'
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
  const { tauMem, tauSyn, tauSynExc = tauSyn, tauSynInh, tauAdapt } = now
  const perNeuron = (values: Float64Array | undefined, before: Float64Array) => {
    if (values === undefined) return before
    return values.length === group.size ? values : new Float64Array(group.size).fill(values[0] as number)
  }
  const excitatory = perNeuron(tauSynExc, group.tauSynExc)
  const leaky = {
    tauMem: perNeuron(tauMem, group.tauMem),
    tauSynExc: excitatory,
    // One array stands for one time constant.
    tauSynInh: tauSyn === undefined ? perNeuron(tauSynInh, group.tauSynInh) : excitatory,
  }
  const own = byLearnedField(group, (field) => now[field] ?? learnedValues(group, field))
  const adapting = 'tauAdapt' in group ? { tauAdapt: perNeuron(tauAdapt, group.tauAdapt) } : {}
  return { ...group, ...own, ...leaky, ...adapting }
}

/** The numbers are no longer those that a rule draws. */
function projectionNow(
  { draws, ...values }: ProjectionValues,
  now: Parameters['projections'][string] | undefined,
): ProjectionValues {
  if (now === undefined) return draws === undefined ? values : { ...values, draws }
  return { ...values, weights: now.weights, delays: now.delays }
}
