import { InputError } from '../../events/errors.js'
import type { Session } from '../../learning/session.js'
import type { Network } from '../../network/network.js'
import { readGradientRequest } from '../gradient/gradient-of-trial.js'
import { type LearningFlags, learningOf } from '../learning-flags.js'
import { readFileOrTask } from '../place/place-network.js'
import { readTrial } from '../read-trial.js'
import type { LinkFlags, TrialFlags } from '../run-flags.js'
import { prepareTask, taskNames } from '../tasks.js'
import type { RunResults } from './compare-spreads.js'
import { taskResults } from './task-results.js'
import { trialResults } from './trial-results.js'

/** A network and what is run on it, on one placement after the other. */
export interface VerifySubject {
  readonly network: Network
  results(session: Session): Promise<RunResults>
}

export interface SubjectFlags
  extends LearningFlags,
    LinkFlags,
    Pick<TrialFlags, 'input' | 'until' | 'seed' | 'kernel' | 'json'> {
  readonly loss?: string
}

export const VERIFY_EPOCHS = 3

const TASK_FLAGS = ['learn', 'hidden', 'epochs', 'batch'] as const
const FILE_FLAGS = ['input', 'until', 'loss'] as const

/** A task that is trained, or a network file of which a trial runs forward and backward. */
export async function subjectOf(name: string, flags: SubjectFlags): Promise<VerifySubject> {
  if (taskNames().includes(name)) {
    refuseFlags(flags, FILE_FLAGS, `${name} is a task`)
    return taskSubject(name, flags)
  }
  refuseFlags(flags, TASK_FLAGS, 'nothing is trained on a network file')
  const trial = await readTrial(name, flags, readFileOrTask)
  const request = flags.loss === undefined ? null : await readGradientRequest(flags.loss, trial.network)
  return { network: trial.network, results: (session) => trialResults(session, trial, request) }
}

function taskSubject(name: string, flags: SubjectFlags): VerifySubject {
  const { learn, hidden, epochs, batch } = learningOf({ epochs: VERIFY_EPOCHS, ...flags })
  const prepared = prepareTask(name, { learn, hidden })
  const training = { epochs, batch, seed: flags.seed }
  return { network: prepared.task.network, results: (session) => taskResults(session, prepared, training) }
}

function refuseFlags(flags: SubjectFlags, refused: readonly (keyof SubjectFlags)[], reason: string): void {
  const given = refused.find((flag) => flags[flag] !== undefined)
  if (given === undefined) return
  throw new InputError({
    code: 'FLAG_CONFLICT',
    field: `--${given}`,
    found: 'the flag',
    expected: 'a run without it',
    remedy: `Leave it out, for ${reason}.`,
  })
}
