import { requireChunks } from '../../dynamics/parameters/deal-trials.js'
import type { Session, Trials } from '../../learning/session.js'
import type { Network } from '../../network/description/network.js'
import { EVENT_FLAGS } from '../events/event-flags.js'
import { readGradientRequest } from '../gradient/gradient-of-trial.js'
import type { ModulesFlag } from '../modules-flag.js'
import { readFileOrTask } from '../place/place-network.js'
import { readTaskOrTrial, type TrialFlags } from '../read-trial.js'
import { refuseFlags } from '../refuse-flags.js'
import type { LinkFlags } from '../run-flags.js'
import { type SizeFlags, simulationTaskNames } from '../simulation-tasks.js'
import { isTrained, prepareTask, type TaskChoice } from '../tasks.js'
import type { RunResults } from './compare-spreads.js'
import { taskResults } from './task-results.js'
import { forwardResults, trialResults } from './trial-results.js'

/** A network and what is run on it, on one placement after the other. */
export interface VerifySubject {
  readonly network: Network
  /** Of what runs one trial, the trial. */
  readonly trials?: Trials
  results(session: Session): Promise<RunResults>
}

export interface SubjectFlags
  extends TaskChoice,
    LinkFlags,
    SizeFlags,
    ModulesFlag,
    Pick<TrialFlags, 'input' | 'until' | 'seed' | 'kernel' | 'spikeLimit' | 'json'> {
  readonly loss?: string
  readonly replicas?: number
}

export const VERIFY_EPOCHS = 3

const TASK_FLAGS = [
  ...(['preset', 'learn', 'hidden', 'recurrent', 'epochs', 'batch', 'data'] as const),
  ...EVENT_FLAGS.filter((flag) => flag !== 'until'),
] as const
const FILE_FLAGS = ['input', 'until', 'loss'] as const
const SIZE_FLAGS = ['neurons', 'inDegree'] as const

/** A task that is trained, one that is simulated, or a network file of which a trial runs forward and backward. */
export async function subjectOf(name: string, flags: SubjectFlags): Promise<VerifySubject> {
  if (isTrained(name)) {
    // Recordings may be cut.
    const others = [...FILE_FLAGS, ...SIZE_FLAGS].filter((flag) => name !== 'events' || flag !== 'until')
    refuseFlags(flags, others, `${name} is a task that is trained`)
    return taskSubject(name, flags)
  }
  const isSimulated = simulationTaskNames().includes(name)
  refuseFlags(flags, ['replicas'], `${name} is run for one trial, of which replicas have no part`)
  refuseFlags(flags, TASK_FLAGS, `nothing is trained on ${isSimulated ? name : 'a network file'}`)
  const trial = await readTaskOrTrial(name, flags, readFileOrTask)
  if (isSimulated) {
    refuseFlags(flags, ['loss'], `${name} only runs forward`)
    return { ...trial, results: (session) => forwardResults(session, trial.trials) }
  }
  const request = flags.loss === undefined ? null : await readGradientRequest(flags.loss, trial.network, flags)
  return { ...trial, results: (session) => trialResults(session, trial, request) }
}

async function taskSubject(name: string, flags: SubjectFlags): Promise<VerifySubject> {
  const prepared = await prepareTask(name, { epochs: VERIFY_EPOCHS, ...flags })
  const { epochs, batch } = prepared.training
  requireChunks(batch, flags.replicas ?? 1, '--replicas')
  const training = { epochs, batch, seed: flags.seed }
  return { network: prepared.task.network, results: (session) => taskResults(session, prepared, training) }
}
