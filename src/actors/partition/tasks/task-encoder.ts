import { InputError, InternalError, RunError } from '../../../events/errors.js'
import { exhaustionOf } from '../../../events/exhaustion.js'
import { messageOf } from '../../../events/message-of.js'
import { encodeSamples } from '../../../learning/encode-samples.js'
import { requireInputs } from '../../../learning/require-trials.js'
import type { Trials } from '../../../learning/session.js'
import type { Task, TaskOrigin } from '../../../learning/task.js'
import { fingerprintOf } from '../../../learning/task-fingerprint.js'
import { MOST_UNDER_WAY } from '../../../learning/under-way.js'
import type { Network } from '../../../network/description/network.js'
import type { NoteVerbs } from '../../../network/modules/module-verbs.js'
import { ANY_MODULE, type ModulePolicy } from '../../modules/module-policy.js'
import { MOST_TASKS, type NamedSamples, type PreparedTask, type RunOrder } from '../partition.js'
import { makeTask } from './make-task.js'

/**
 * The tasks that a process or thread makes for itself, to encode their samples where they are needed: each once, and every
 * mini-batch once, however many cores are here.
 */
export interface TaskEncoder {
  on(core: number, network: Network): CoreTasks
}

/** The same as one core sees it. */
export interface CoreTasks {
  /** See `Partition.prepare`. */
  prepare(number: number, origin: TaskOrigin): Promise<PreparedTask>
  /** An order with the inputs of the samples that it names, if it names any. */
  withInputs(order: RunOrder): RunOrder
}

interface KeptTask {
  readonly prepared: Promise<PreparedTask>
  /** Null until it is made. */
  task: Task | null
}

/** An order of one core may arrive after later tasks of another core, but few runs are in progress at once. */
const MOST_KEPT = 2 * MOST_TASKS

/**
 * @param beat sends a sign of life to the peers that might take this process or thread for silent
 * @param modules that tasks may come from; default: any
 * @param noteVerbs called when samples of a module are encoded; optional
 */
export function createTaskEncoder(
  beat: () => void,
  modules: ModulePolicy = ANY_MODULE,
  noteVerbs?: NoteVerbs,
): TaskEncoder {
  const kept = new Map<number, KeptTask>()
  /** Inputs of the last runs, by number of the run; then by its first trial, for a replica has a part of the mini-batch. */
  const encoded = new Map<number, Map<number, Trials['inputs']>>()

  async function make(number: number, origin: TaskOrigin): Promise<PreparedTask> {
    try {
      beat()
      const task = await makeTask(origin, modules, noteVerbs)
      beat()
      const fingerprint = fingerprintOf(task)
      beat()
      const own = kept.get(number)
      if (own !== undefined) own.task = task
      return { fingerprint }
    } catch (error) {
      return { reason: messageOf(error) }
    }
  }

  function prepare(number: number, origin: TaskOrigin): Promise<PreparedTask> {
    const known = kept.get(number)
    if (known !== undefined) return known.prepared
    const prepared = make(number, origin)
    kept.set(number, { prepared, task: null })
    kept.delete(number - MOST_KEPT)
    return prepared
  }

  function encode(samples: NamedSamples, core: number, network: Network): Trials['inputs'] {
    const { split, numbers, draw } = samples
    const task = kept.get(samples.task)?.task ?? null
    if (task === null) throw new InternalError(`An order names the task ${samples.task}, which is not here.`, { core })
    try {
      const inputs = encodeSamples(task[split], numbers, draw)
      // The data set may use its arrays again for the next mini-batch.
      return structuredClone(requireInputs(network, inputs, numbers.length))
    } catch (error) {
      throw exhaustionOf(error) ?? notEncoded(error, { core, task: task.name, split })
    }
  }

  return {
    on: (core, network) => ({
      prepare,
      withInputs({ samples, ...order }) {
        if (samples === undefined) return order
        const { number, run } = order
        const parts = encoded.get(number) ?? new Map<number, Trials['inputs']>()
        const { firstTrial = 0 } = run
        const inputs = parts.get(firstTrial) ?? encode(samples, core, network)
        encoded.set(number, parts.set(firstTrial, inputs))
        for (const earlier of encoded.keys()) if (earlier <= number - MOST_UNDER_WAY) encoded.delete(earlier)
        return { ...order, run: { ...run, trials: { ...run.trials, inputs } } }
      },
    }),
  }
}

interface Whereabouts {
  readonly core: number
  readonly task: string
  readonly split: string
}

function notEncoded(cause: unknown, { core, task, split }: Whereabouts): RunError {
  return new RunError({
    code: 'SAMPLES_NOT_ENCODED',
    message: `Core ${core} cannot encode samples of the split "${split}" of the task "${task}": ${reasonOf(cause)}.`,
    details: { core, task, split },
    remedy: "Mend the 'encode' of its data set.",
    cause,
  })
}

/** What went wrong; for a user-defined task also the sample and the file. */
function reasonOf(error: unknown): string {
  if (!(error instanceof InputError) || error.code !== 'SAMPLE_NOT_ENCODED') return withoutStop(messageOf(error))
  const { file, found } = error.mistake
  return `${withoutStop(messageOf(error.cause))} (${found.replace(/:.*$/s, '')}, ${file})`
}

function withoutStop(message: string): string {
  return message.replace(/\.$/, '')
}
