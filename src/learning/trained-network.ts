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
  if (group.kind === 'li') return { ...group, bias: now.bias }
  const { bias, threshold = group.threshold, adaptStep = group.adaptStep } = now
  return { ...group, bias, threshold, adaptStep }
}

function projectionNow({ projections }: Parameters, key: string) {
  return projections[key] ?? {}
}
