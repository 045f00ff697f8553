import { entryOf } from '../../events/by-name.js'
import { linear } from '../../learning/define-loss.js'
import type { GradientResult, Recording, Session, Trials } from '../../learning/session.js'
import { isSpiking } from '../../network/models/models.js'
import { digestOf, type NamedNumbers } from '../../storage/named-numbers.js'
import { parameterNumbers, tauNumbers } from '../../storage/parameter-numbers.js'
import { recordedNumbers } from '../../storage/recording/recorded-numbers.js'
import type { GradientRequest } from '../gradient/gradient-of-trial.js'
import type { FileTrial } from '../read-trial.js'
import type { RunResults } from './compare-spreads.js'
import { lossesOf } from './task-results.js'

/**
 * Runs one trial of a network file forward and backward: all spikes and maxima, and the loss with all its gradients.
 *
 * The digest leaves out the gradients by the time constants. Without a request the loss is the sum of k times the k-th
 * spike time, k = 1, 2, …, of the last lif group; a network that has none only runs forward.
 */
export async function trialResults(
  session: Session,
  { trials, network }: Pick<FileTrial, 'trials' | 'network'>,
  request: GradientRequest | null,
): Promise<RunResults> {
  const recording = await session.simulate(trials)
  const group = network.groups.findLast(isSpiking)?.name
  const ask = request ?? (group === undefined ? null : countingLoss(group, recording))
  const result = ask === null ? null : await ask(session, trials)
  const numbers = [...recordedNumbers(recording), ...(result === null ? [] : gradientNumbers(session, result))]
  const taus = result === null ? [] : tauNumbers('gradients', network, result.gradients)
  return { numbers: [...numbers, ...taus], digest: digestOf(numbers) }
}

/** Runs one trial forward: all spikes and maxima. */
export async function forwardResults(session: Session, trials: Trials): Promise<RunResults> {
  const numbers = recordedNumbers(await session.simulate(trials))
  return { numbers, digest: digestOf(numbers) }
}

function countingLoss(group: string, { spikes }: Recording): GradientRequest {
  const coefficients = Array.from(entryOf(spikes, group)?.times ?? [], (_, k) => k + 1)
  return (session, trials) => session.gradient(trials, linear(group, coefficients))
}

function gradientNumbers({ network }: Session, result: GradientResult): readonly NamedNumbers[] {
  const { losses, gradients, inputTimes, grazing } = result
  return [
    { name: 'losses', values: lossesOf(losses) },
    ...parameterNumbers('gradients', network, gradients),
    ...Object.entries(inputTimes).map(([group, values]) => ({ name: `gradients of input times ${group}`, values })),
    { name: 'grazing', values: Float64Array.of(grazing) },
  ]
}
