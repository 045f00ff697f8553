import { InternalError, RunError } from '../../events/errors.js'
import { isDeepEqual } from '../../events/is-deep-equal.js'
import { messageOf } from '../../events/message-of.js'
import type { TaskSamples } from '../../learning/session.js'
import type { TaskFingerprint, TaskOrigin } from '../../learning/task.js'
import { differenceBetween } from '../../learning/task-fingerprint.js'
import { reasonNotToTravel } from '../../streams/wire/travelling.js'
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
  readonly fingerprint: TaskFingerprint
  /** Whether its samples may be named; null until all partitions have replied. */
  isReady: boolean | null
  /** How often its samples were asked for before. */
  awaited: number
}

/** Number of mini-batches after which a note says that the partitions still make a task. */
const MANY = 64

const WHAT_TRAVELS = 'numbers, texts, truths, null, typed arrays, lists and plain objects travel'

/**
 * @param partitions those that listen to sources that are given their spikes
 * @param note called with the reason why the inputs of a task continue to be sent
 */
export function createPreparedTasks(partitions: readonly Partition[], note: (note: string) => void): PreparedTasks {
  let known: readonly KnownTask[] = []
  let last = 0
  const canPrepare = partitions.length > 0 && partitions.every(({ prepare }) => prepare !== undefined)

  function find({ origin, fingerprint }: TaskSamples): KnownTask {
    const isSame = (task: KnownTask) => differenceBetween(task.fingerprint, fingerprint) === null
    const found = known.find((task) => task.origin === origin && isSame(task))
    if (found !== undefined) return found
    return known.find((task) => isSame(task) && areAlike(task.origin, origin)) ?? ask({ origin, fingerprint })
  }

  function ask(task: Pick<KnownTask, 'origin' | 'fingerprint'>): KnownTask {
    const asked: KnownTask = { ...task, number: ++last, isReady: null, awaited: 0 }
    known = [...known, asked].slice(-MOST_TASKS)
    const reason = reasonNotToAsk(task.origin)
    if (reason === null) void askAll(asked)
    else refuse(asked, describe('no core can', reason))
    return asked
  }

  function refuse(task: KnownTask, reason: string): void {
    task.isReady = false
    note(reason)
  }

  async function askAll(task: KnownTask): Promise<void> {
    try {
      const reasons = await Promise.all(partitions.map((partition) => reasonAgainst(partition, task)))
      const reason = reasons.find((each) => each !== null)
      if (reason == null) task.isReady = true
      else refuse(task, reason)
    } catch (error) {
      task.isReady = false
      // What is wrong with a partition its next run tells, too; not what it was doing.
      const { module, name } = task.origin
      if (isLoss(error)) note(`A core was lost while it was to make a task, ${name} of ${module}: ${messageOf(error)}`)
      else if (error instanceof InternalError) note(describe('no core can', error.message))
    }
  }

  return {
    nameOf(samples) {
      if (!canPrepare) return null
      const { split, numbers, draw } = samples
      const task = find(samples)
      const { isReady, number, origin } = task
      if (isReady === null && ++task.awaited === MANY)
        note(describe('the cores still', `${origin.name} of ${origin.module} has not come to an end`))
      return isReady === true ? { task: number, split, numbers, ...(draw === undefined ? {} : { draw }) } : null
    },
  }
}

/** Why a partition cannot encode the samples of a task; null if it can. */
async function reasonAgainst({ core, prepare }: Partition, task: KnownTask): Promise<string | null> {
  const reply = await prepare?.(task.number, task.origin)
  if (reply === undefined) return null
  if ('reason' in reply) return describe(`core ${core} cannot`, reply.reason)
  const difference = differenceBetween(reply.fingerprint, task.fingerprint)
  if (difference === null) return null
  const { module, name } = task.origin
  return describe(`core ${core} cannot`, `what ${name} of ${module} makes there is another task: ${difference}`)
}

function describe(who: string, reason: string): string {
  return `Input spikes are sent with every mini-batch, as ${who} make the task itself: ${reason.replace(/\.$/, '')}.`
}

/** Whether an error is the loss of a core, by death or silence. A session that is closed raises neither. */
function isLoss(error: unknown): boolean {
  return error instanceof RunError && ['CORE_DIED', 'CORE_SILENT'].includes(error.code)
}

/** Why no partition can be asked for a task, as a clause; null if they all can. */
function reasonNotToAsk(origin: TaskOrigin): string | null {
  if (isProgram(origin.module))
    return `${origin.module} is the program that is running. Put it into a module of its own`
  try {
    const reason = reasonNotToTravel(origin, 'task.origin')
    return reason === null ? null : `${reason}; ${WHAT_TRAVELS}`
  } catch (error) {
    return `task.origin cannot be read: ${messageOf(error)}`
  }
}

/** What cannot be read is like nothing. */
function areAlike(a: TaskOrigin, b: TaskOrigin): boolean {
  try {
    return isDeepEqual(a, b)
  } catch {
    return false
  }
}

/** To import the program would be to run it once more. */
function isProgram(module: string): boolean {
  if (!module.startsWith('file:')) return false
  // Without an import, for which the samples of a step cannot wait.
  const files = globalThis.process?.getBuiltinModule?.('node:fs')
  const urls = globalThis.process?.getBuiltinModule?.('node:url')
  const program = globalThis.process?.argv[1]
  if (program === undefined || files === undefined || urls === undefined) return false
  try {
    return module === urls.pathToFileURL(files.realpathSync(program)).href
  } catch {
    return false
  }
}
