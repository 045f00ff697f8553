import { byName, entryOf } from '../../events/by-name.js'
import type { Network } from '../../network/description/network.js'
import type { GradientNorm } from '../clip.js'
import { readoutVoltages } from '../diagnosis/readout-voltages.js'
import { type TermOwner, termOwners } from '../gradient-terms.js'
import type { GroupDiagnosis, ParameterKind, Recording, StepDiagnosis } from '../session.js'
import type { GridTally } from './grid-tally.js'
import type { ParameterStore } from './parameter-store.js'

export interface MeasuredStep {
  readonly learned: readonly ParameterKind[]
  readonly tally: GridTally
  /** Of the gradient summed over trials. */
  readonly normOf: GradientNorm
  readonly trials: number
  /** Of every LI group. */
  readonly maxima: Recording['maxima']
}

/** How groups and gradients fared in a step on the grid, where no spike grazes. */
export function createGridDiagnosis(network: Network, store: ParameterStore): (step: MeasuredStep) => StepDiagnosis {
  const owners = termOwners(network)
  const neurons = network.groups.filter(({ kind }) => kind !== 'source')

  return ({ learned, tally, normOf, trials, maxima }) => {
    const learning = store.groupsLearning(learned)
    const meanNorm = (isWanted: (owner: TermOwner) => boolean) =>
      normOf((term) => {
        const owner = owners.get(term)
        return owner !== undefined && isWanted(owner)
      }) / trials
    const ofGroup = (name: string, size: number): GroupDiagnosis => {
      const voltages = entryOf(maxima, name)
      return {
        ...tally.firing(name),
        gradientNorm: learning.has(name) ? meanNorm(({ group }) => group === name) : null,
        ...(voltages === undefined ? {} : { readout: readoutVoltages(voltages, size) }),
      }
    }
    return {
      groups: byName(neurons.map(({ name, size }) => [name, ofGroup(name, size)])),
      gradientNorms: byName(learned.map((kind) => [kind, meanNorm((owner) => owner.kind === kind)])),
    }
  }
}
