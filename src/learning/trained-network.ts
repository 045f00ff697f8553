import type { GroupValues } from '../network/instance.js'
import { instantiate } from '../network/instantiate.js'
import type { Network } from '../network/network.js'
import { withValues } from '../network/with-values.js'
import type { GroupParameters, Parameters, Session } from './session.js'

/** The network of a session with the numbers it has now; `seed` is the one the session was opened with. */
export async function trainedNetwork(session: Session, seed: number): Promise<Network> {
  const { network } = session
  const parameters = await session.parameters()
  const start = instantiate(network, seed)
  return withValues(network, {
    groups: start.groups.map((group) => groupNow(group, parameters.groups[group.name])),
    projections: start.projections.map((projection) => ({
      ...projection,
      ...projectionNow(parameters, projection.key),
    })),
  })
}

function groupNow(group: GroupValues, now: GroupParameters | undefined): GroupValues {
  if (now === undefined || group.kind === 'source') return group
  const { bias, tauMem, tauSyn, tauSynExc = tauSyn, tauSynInh = tauSyn, tauAdapt } = now
  const perNeuron = (values: Float64Array | undefined, before: Float64Array) => {
    if (values === undefined) return before
    return values.length === group.size ? values : new Float64Array(group.size).fill(values[0] as number)
  }
  const leaky = {
    bias,
    tauMem: perNeuron(tauMem, group.tauMem),
    tauSynExc: perNeuron(tauSynExc, group.tauSynExc),
    tauSynInh: perNeuron(tauSynInh, group.tauSynInh),
  }
  if (group.kind === 'li') return { ...group, ...leaky }
  const { threshold = group.threshold, adaptStep = group.adaptStep } = now
  return { ...group, ...leaky, threshold, adaptStep, tauAdapt: perNeuron(tauAdapt, group.tauAdapt) }
}

function projectionNow({ projections }: Parameters, key: string) {
  return projections[key] ?? {}
}
