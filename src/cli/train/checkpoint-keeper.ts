import type { Session, SessionState } from '../../learning/session.js'
import { beginningOf, type TrainingPoint } from '../../learning/training-point.js'
import type { CheckpointIdentity } from '../../storage/checkpoint/checkpoint.js'
import { openCheckpoints } from '../../storage/checkpoint/checkpoint-folder.js'
import { openResumable } from '../../storage/checkpoint/open-resumable.js'
import { describeBeginning } from '../describe-beginning.js'
import { packageVersion } from '../package-version.js'
import type { CheckpointFlags } from './checkpoint-flags.js'
import type { EpochRecord } from './epoch-record.js'
import type { TrainingResult } from './training-result.js'

/** What a checkpoint of a training holds. */
interface TrainingBody {
  readonly state: SessionState
  readonly point: TrainingPoint
  /** Of the epochs that are done. */
  readonly records: readonly EpochRecord[]
  /** Of a training that is through. */
  readonly result?: TrainingResult
}

/** How checkpoints are kept. */
export interface KeeperOptions extends CheckpointFlags {
  /** Whether one more, behind the last epoch, holds what came of the training; default false. */
  readonly keepsResult?: boolean
}

/** Keeps the checkpoints of one training. */
export interface CheckpointKeeper extends AsyncDisposable {
  /** Whether it goes on from a checkpoint. */
  readonly isResumed: boolean
  /** Whether there is a checkpoint of this training by now. */
  keepsAny(): boolean
  /** Where the training begins. */
  readonly from: TrainingPoint
  /** Of the epochs that were done before. */
  readonly records: readonly EpochRecord[]
  /** What came of it, if it was through. */
  readonly result: TrainingResult | null
  /** Puts a session that has just been opened where the training begins. */
  begin(session: Session): Promise<void>
  /** A mini-batch is done; the next one may be under way. */
  stepDone(point: () => TrainingPoint): void
  /** Whether a checkpoint is due after so many mini-batches of an epoch. */
  isDueAfter(step: number): boolean
  /** One is due, and the session stands at this point. */
  writeDue(session: Session, point: () => TrainingPoint): Promise<void>
  /** An epoch is done, and behind its record the training stands at this point. */
  epochDone(point: TrainingPoint): void
  /** What is to be told of that epoch. */
  afterEpoch(session: Session, record: EpochRecord): Promise<void>
  /** The training is through. */
  finish(session: Session, result: TrainingResult): Promise<void>
  /** The training stops here, between two messages; says what was written, or why nothing could be. */
  stop(session: Session): Promise<void>
}

/**
 * Opens the folder of checkpoints of a training until it is disposed of, and says on stderr where it goes on.
 *
 * Raises `RunError` FILE_UNWRITABLE; `InputError` FOLDER_IN_USE, CHECKPOINTS_EXIST, CHECKPOINT_MISMATCH,
 * CHECKPOINT_VERSION, CHECKPOINT_DAMAGED.
 *
 * @param say writes a line for people
 */
export async function openKeeper(
  path: string,
  { checkpointEvery = 'epoch', keepsResult = false, ...earlier }: KeeperOptions,
  identity: CheckpointIdentity,
  say: (line: string) => void,
): Promise<CheckpointKeeper> {
  const run = { kind: 'training', identity } as const
  const { store, found } = await openResumable(await openCheckpoints(path, earlier), earlier, run)
  const resumed = found === null ? null : (found.checkpoint.body as TrainingBody)
  const from = resumed?.point ?? beginningOf(1)
  const records = [...(resumed?.records ?? [])]
  let latest = () => from
  let next = from
  let written = resumed === null ? '' : placeOf(from)
  if (earlier.resume) say(describeBeginning(path, found, (body) => inWords((body as TrainingBody).point)))

  async function write(session: Session, point: TrainingPoint, result?: TrainingResult): Promise<string> {
    const end = result === undefined ? {} : { result }
    const body: TrainingBody = { state: await session.save(), point, records: [...records], ...end }
    const { epoch, step } = point
    const file = await store.write({
      head: { kind: 'training', writer: packageVersion(), identity, position: { epoch, step } },
      body,
    })
    written = placeOf(point)
    return file
  }

  return {
    [Symbol.asyncDispose]: store[Symbol.asyncDispose],
    isResumed: found !== null,
    keepsAny: () => written !== '',
    from,
    records: [...records],
    result: resumed?.result ?? null,
    async begin(session) {
      if (resumed !== null) await session.restore(resumed.state)
      // Now, rather than after an hour, it shows whether the folder can be written.
      else await write(session, from)
    },
    stepDone(point) {
      latest = point
    },
    isDueAfter: (step) => checkpointEvery !== 'epoch' && step % checkpointEvery === 0,
    async writeDue(session, point) {
      await write(session, point())
    },
    epochDone(point) {
      next = point
    },
    async afterEpoch(session, record) {
      records.push(record)
      // Not before: a checkpoint behind an epoch holds its record.
      const behind = next
      latest = () => behind
      await write(session, behind)
    },
    async finish(session, result) {
      if (keepsResult) await write(session, latest(), result)
    },
    async stop(session) {
      const point = latest()
      if (written === placeOf(point)) return
      try {
        say(`wrote ${await write(session, point)}: ${inWords(point)}.`)
      } catch (error) {
        // What ends the training is something else, which is told then.
        say(`no checkpoint of this moment: ${error instanceof Error ? error.message : error}`)
      }
    },
  }
}

function placeOf({ epoch, step }: TrainingPoint): string {
  return `${epoch}.${step}`
}

function inWords({ epoch, step }: TrainingPoint): string {
  const [count, what] = step === 0 ? [epoch - 1, 'epoch'] : [step, 'mini-batch']
  const done = count === 1 ? `1 ${what} is done` : `${count} ${what}${step === 0 ? 's' : 'es'} are done`
  return step === 0 ? done : `of epoch ${epoch}, ${done}`
}
