import { aroundSteps } from '../../learning/around-steps.js'
import type { Session } from '../../learning/session.js'
import type { Task } from '../../learning/task.js'
import { type Epoch, train } from '../../learning/train.js'
import type { TrainOptions } from '../../learning/train-options.js'
import { digestOf, type NamedNumbers } from '../../storage/named-numbers.js'
import { runNumbers } from '../../storage/run-digest.js'
import type { RunResults } from './compare-spreads.js'

/** A task and how it is trained. */
export interface TrainedTask {
  readonly task: Task
  readonly training: TrainOptions
}

export interface TaskTraining {
  readonly epochs: number
  readonly batch: number
  readonly seed: number
}

/**
 * Trains the network of a session: the losses of every step and what every epoch says, the parameters at the end, and
 * the spike times of the test trials; the digest is that of `train`.
 */
export async function taskResults(
  session: Session,
  { task, training }: TrainedTask,
  { epochs, batch, seed }: TaskTraining,
): Promise<RunResults> {
  const course: NamedNumbers[] = []
  const steps = recordSteps(session)
  for await (const epoch of train(steps.session, task, { ...training, epochs, batch, seed }))
    course.push(...steps.take(epoch.number), ...epochNumbers(epoch))
  const numbers = await runNumbers(session, task, training.learn)
  return { numbers: [...course, ...numbers], digest: digestOf(numbers) }
}

/** A session that remembers what every step of the training gave. */
function recordSteps(session: Session) {
  let losses: number[] = []
  let norms: number[] = []
  const recording: Session = {
    ...session,
    ...aroundSteps(session, async (take, trials, step) => {
      const result = await take(trials, step)
      losses.push(...lossesOf(result.losses))
      norms.push(result.gradientNorm)
      return result
    }),
  }
  return {
    session: recording,
    /** What the steps since the last call gave. */
    take(epoch: number): readonly NamedNumbers[] {
      const taken = [
        { name: `losses of epoch ${epoch}, trial by trial,`, values: Float64Array.from(losses) },
        { name: `gradient norms of epoch ${epoch}, step by step,`, values: Float64Array.from(norms) },
      ]
      losses = []
      norms = []
      return taken
    },
  }
}

function epochNumbers(epoch: Epoch): readonly NamedNumbers[] {
  const { number, loss, validationLoss, trainAccuracy, validationAccuracy } = epoch
  const { silentFraction, silentLabelFraction, grazing } = epoch
  const named = {
    loss: Number(loss ?? Number.NaN),
    'validation loss': Number(validationLoss ?? Number.NaN),
    'train accuracy': trainAccuracy,
    'validation accuracy': validationAccuracy,
    'silent fraction': silentFraction,
    'silent label fraction': silentLabelFraction,
    grazing,
  }
  return Object.entries(named).map(([what, value]) => ({
    name: `${what} of epoch ${number}`,
    values: Float64Array.of(value),
  }))
}

/** A trial whose label was silent has no loss; here it is not a number. */
export function lossesOf(losses: readonly (number | null)[]): Float64Array {
  return Float64Array.from(losses, (loss) => loss ?? Number.NaN)
}
