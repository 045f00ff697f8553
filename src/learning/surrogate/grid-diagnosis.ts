import { byName } from '../../events/by-name.js'
import type { Network } from '../../network/description/network.js'
import type { GradientNorm } from '../clip.js'
import { type TermOwner, termOwners } from '../gradient-terms.js'
import type { GroupDiagnosis, ParameterKind, StepDiagnosis } from '../session.js'
import type { GridTally } from './grid-tally.js'
import type { ParameterStore } from './parameter-store.js'

export interface MeasuredStep {
  readonly learned: readonly ParameterKind[]
  readonly tally: GridTally
  /** Of the gradient summed over trials. */
  readonly normOf: GradientNorm
  readonly trials: number
}

/** How groups and gradients fared in a step on the grid, where no spike grazes. */
export function createGridDiagnosis(network: Network, store: ParameterStore): (step: MeasuredStep) => StepDiagnosis {
  const owners = termOwners(network)
  const neurons = network.groups.filter(({ kind }) => kind !== 'source').map(({ name }) => name)

  return ({ learned, tally, normOf, trials }) => {
    const learning = store.groupsLearning(learned)
    const meanNorm = (isWanted: (owner: TermOwner) => boolean) =>
      normOf((term) => {
        const owner = owners.get(term)
        return owner !== undefined && isWanted(owner)
      }) / trials
    const ofGroup = (name: string): GroupDiagnosis => ({
      ...tally.firing(name),
      gradientNorm: learning.has(name) ? meanNorm(({ group }) => group === name) : null,
    })
    return {
      groups: byName(neurons.map((name) => [name, ofGroup(name)])),
      gradientNorms: byName(learned.map((kind) => [kind, meanNorm((owner) => owner.kind === kind)])),
    }
  }
}
