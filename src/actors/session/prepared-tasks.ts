import { realpathSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { InternalError } from '../../events/errors.js'
import type { TaskSamples } from '../../learning/session.js'
import type { TaskFingerprint, TaskOrigin } from '../../learning/task.js'
import { differenceBetween } from '../../learning/task-fingerprint.js'
import { MOST_TASKS, type NamedSamples, type Partition } from '../partition/partition.js'

/** What the partitions of a session know of the tasks whose samples they are given. */
export interface PreparedTasks {
  /**
   * How all partitions know these samples; null as long as they do not. They are asked to make a task when its samples are
   * first seen; if one of them cannot, its samples are never named.
   */
  nameOf(samples: TaskSamples): NamedSamples | null
}

interface KnownTask {
  readonly number: number
  readonly origin: TaskOrigin
  readonly text: string
  readonly fingerprint: TaskFingerprint
  isReady: boolean
}

/**
 * @param partitions those that listen to sources that are given their spikes
 * @param note is told why the inputs of a task go on being sent
 */
export function createPreparedTasks(partitions: readonly Partition[], note: (note: string) => void): PreparedTasks {
  let known: readonly KnownTask[] = []
  let last = 0
  const canPrepare = partitions.length > 0 && partitions.every(({ prepare }) => prepare !== undefined)

  function find({ origin, fingerprint }: TaskSamples): KnownTask {
    const isSame = (task: KnownTask) => differenceBetween(task.fingerprint, fingerprint) === null
    const found = known.find((task) => task.origin === origin && isSame(task))
    if (found !== undefined) return found
    const text = textOf(origin)
    return known.find((task) => task.text === text && isSame(task)) ?? ask({ origin, text, fingerprint })
  }

  function ask(task: Pick<KnownTask, 'origin' | 'text' | 'fingerprint'>): KnownTask {
    const asked = { ...task, number: ++last, isReady: false }
    known = [...known, asked].slice(-MOST_TASKS)
    void askAll(asked)
    return asked
  }

  async function askAll(task: KnownTask): Promise<void> {
    if (isProgram(task.origin.module)) {
      note(
        describe(
          'no core can',
          `${task.origin.module} is the program that is running. Put it into a module of its own`,
        ),
      )
      return
    }
    try {
      const reasons = await Promise.all(partitions.map((partition) => reasonAgainst(partition, task)))
      const reason = reasons.find((each) => each !== null)
      task.isReady = reason === undefined
      if (reason != null) note(reason)
    } catch (error) {
      // Whatever else is wrong with a partition, its next run tells.
      if (error instanceof InternalError) note(describe('no core can', error.message))
    }
  }

  return {
    nameOf(samples) {
      if (!canPrepare) return null
      const { split, numbers, draw } = samples
      const { isReady, number } = find(samples)
      return isReady ? { task: number, split, numbers, ...(draw === undefined ? {} : { draw }) } : null
    },
  }
}

/** Why a partition cannot encode the samples of a task; null if it can. */
async function reasonAgainst({ core, prepare }: Partition, task: KnownTask): Promise<string | null> {
  const answer = await prepare?.(task.number, task.origin)
  if (answer === undefined) return null
  if ('reason' in answer) return describe(`core ${core} cannot`, answer.reason)
  const difference = differenceBetween(answer.fingerprint, task.fingerprint)
  if (difference === null) return null
  const { module, name } = task.origin
  return describe(`core ${core} cannot`, `what ${name} of ${module} makes there is another task: ${difference}`)
}

function describe(who: string, reason: string): string {
  return `Input spikes are sent with every mini-batch, as ${who} make the task itself: ${reason.replace(/\.$/, '')}.`
}

/** What cannot be written cannot travel either. */
function textOf(origin: TaskOrigin): string {
  try {
    return JSON.stringify(origin)
  } catch {
    return ''
  }
}

/** To import the program would be to run it once more. */
function isProgram(module: string): boolean {
  const program = process.argv[1]
  if (program === undefined || !module.startsWith('file:')) return false
  try {
    return module === pathToFileURL(realpathSync(program)).href
  } catch {
    return false
  }
}
