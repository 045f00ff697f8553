import { packageVersion } from '../../actors/package-version.js'
import { AntidromeError } from '../../events/errors.js'
import { messageOf } from '../../events/message-of.js'
import type { Session, SessionState } from '../../learning/session.js'
import { beginningOf, type TrainingPoint } from '../../learning/training-point.js'
import type { Checkpoint, CheckpointIdentity } from '../../storage/checkpoint/checkpoint.js'
import type { CheckpointStore } from '../../storage/checkpoint/checkpoint-store.js'
import type { Lease } from '../../storage/checkpoint/lease.js'
import { isStoreAway } from '../../storage/checkpoint/object-bucket.js'
import { openResumable } from '../../storage/checkpoint/open-resumable.js'
import type { CheckpointFlags } from '../checkpoint/checkpoint-flags.js'
import { describeBeginning } from '../describe-beginning.js'
import type { Warning } from '../warn.js'
import type { EpochRecord } from './epoch-record.js'
import type { Beginning } from './from/beginning.js'
import type { TrainingResult } from './training-result.js'

/** What a checkpoint of a training holds. */
export interface TrainingBody {
  readonly state: SessionState
  readonly point: TrainingPoint
  /** Of the epochs that are done. */
  readonly records: readonly EpochRecord[]
  /** Of a training that is through. */
  readonly result?: TrainingResult
}

/** How checkpoints are kept. */
export interface KeeperOptions extends Pick<CheckpointFlags, 'checkpointEvery' | 'resume'> {
  /** The file of the network. */
  readonly network: () => string
  /** Whether one more, behind the last epoch, holds what came of the training; default false. */
  readonly keepsResult?: boolean
  /** Where it begins if it is to be gone on with, but has no checkpoint yet; default: at the first epoch. */
  readonly beginning?: () => Promise<Beginning | null>
}

/** How a keeper tells what becomes of its checkpoints. */
export interface KeeperVoice {
  /** Writes a line for people. */
  say(line: string): void
  warn(warning: Warning): void
}

/**
 * Keeps the checkpoints of one training.
 *
 * While a store of objects is away, or full, the training continues: a warning says so once, and the next checkpoint that is
 * due is tried again. In the end it is said which one is the newest.
 */
export interface CheckpointKeeper extends AsyncDisposable {
  /** What keeps others from going on with this training elsewhere; null for a folder. */
  readonly lease: Lease | null
  /** Whether the training continues from a checkpoint. */
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
  /** A mini-batch is done; the next one may be in progress. */
  stepDone(point: () => TrainingPoint): void
  /** Whether a checkpoint is due after `step` mini-batches of an epoch. */
  isDueAfter(step: number): boolean
  /** One is due, and the session stands at this point. */
  writeDue(session: Session, point: () => TrainingPoint): Promise<void>
  /** An epoch is done, and behind its record the training stands at this point. */
  epochDone(point: TrainingPoint): void
  /** Reports on that epoch. */
  afterEpoch(session: Session, record: EpochRecord): Promise<void>
  /** The training is through. */
  finish(session: Session, result: TrainingResult): Promise<void>
  /** The training stops here, between two messages; says what was written, or why nothing could be. */
  stop(session: Session): Promise<void>
}

/**
 * Takes over the store of the checkpoints of a training until it is disposed of, and says where the training continues.
 *
 * Raises `InputError` CHECKPOINT_MISMATCH, CHECKPOINT_VERSION, CHECKPOINT_DAMAGED, and what the store raises; what is raised
 * before the training has begun is raised also if it would pass.
 */
export async function openKeeper(
  opened: CheckpointStore,
  { checkpointEvery = 'epoch', keepsResult = false, network, resume = false, beginning }: KeeperOptions,
  identity: CheckpointIdentity,
  { say, warn }: KeeperVoice,
): Promise<CheckpointKeeper> {
  const { store, found } = await openResumable(opened, { resume }, { kind: 'training', identity })
  const resumed = found === null ? null : (found.checkpoint.body as TrainingBody)
  if (resume)
    for (const line of describeBeginning(store.name, found, (body) => inWords((body as TrainingBody).point))) say(line)
  const begun = resume && found === null ? await beginningIn(store, beginning) : null
  const from = (resumed ?? begun)?.point ?? beginningOf(1)
  const records = [...(resumed?.records ?? [])]
  let latest = () => from
  let next = from
  const writer = createWriter(
    store,
    found === null ? null : { place: found.place, point: from },
    async (session, point, result) => {
      const end = result === undefined ? {} : { result }
      const body: TrainingBody = { state: await session.save(), point, records: [...records], ...end }
      const { epoch, step } = point
      return { head: { kind: 'training', writer: packageVersion(), identity, position: { epoch, step } }, body }
    },
    { say, warn },
  )

  return {
    lease: store.lease,
    async [Symbol.asyncDispose]() {
      writer.reportNewest()
      await store[Symbol.asyncDispose]()
    },
    isResumed: found !== null,
    keepsAny: writer.keepsAny,
    from,
    records: [...records],
    result: resumed?.result ?? null,
    async begin(session) {
      await store.keepNetwork(network())
      const before = resumed ?? begun
      if (before !== null) await session.restore(before.state)
      // Now, rather than after an hour, it shows whether the store can be written.
      if (resumed === null) await writer.write(session, from)
    },
    stepDone(point) {
      latest = point
    },
    isDueAfter: (step) => checkpointEvery !== 'epoch' && step % checkpointEvery === 0,
    async writeDue(session, point) {
      await writer.writeOrPause(session, point())
    },
    epochDone(point) {
      next = point
    },
    async afterEpoch(session, record) {
      records.push(record)
      // Not before: a checkpoint behind an epoch holds its record.
      const behind = next
      latest = () => behind
      await writer.writeOrPause(session, behind)
    },
    async finish(session, result) {
      if (keepsResult) await writer.writeOrPause(session, latest(), result)
      else if (writer.isPaused()) await writer.writeOrPause(session, latest())
    },
    stop: (session) => writer.writeLast(session, latest()),
  }
}

/** Writes the checkpoints of a training, and knows which is the newest. */
interface CheckpointWriter {
  keepsAny(): boolean
  /** Whether the store was away when the last checkpoint was due. */
  isPaused(): boolean
  write(session: Session, point: TrainingPoint, result?: TrainingResult): Promise<string>
  /** The same; warns once while the store is away. */
  writeOrPause(session: Session, point: TrainingPoint, result?: TrainingResult): Promise<void>
  /** Writes the point at which the training stops, unless the newest checkpoint has it; says so, or why it failed. */
  writeLast(session: Session, point: TrainingPoint): Promise<void>
  /** Says which checkpoint is the newest if later ones could not be written. */
  reportNewest(): void
}

function createWriter(
  store: CheckpointStore,
  found: { readonly place: string; readonly point: TrainingPoint } | null,
  contentOf: (session: Session, point: TrainingPoint, result?: TrainingResult) => Promise<Checkpoint>,
  { say, warn }: KeeperVoice,
): CheckpointWriter {
  let newest = found
  let isPaused = false

  async function write(session: Session, point: TrainingPoint, result?: TrainingResult): Promise<string> {
    const place = await store.write(await contentOf(session, point, result))
    newest = { place, point }
    isPaused = false
    return place
  }

  return {
    keepsAny: () => newest !== null,
    isPaused: () => isPaused,
    write,
    async writeOrPause(session, point, result) {
      const wasPaused = isPaused
      try {
        const place = await write(session, point, result)
        if (wasPaused) say(`checkpoints are written again: ${place}: ${inWords(point)}.`)
      } catch (error) {
        if (!isStoreAway(error)) throw error
        if (!isPaused) warn(pauseOf(error))
        isPaused = true
      }
    },
    async writeLast(session, point) {
      if (newest !== null && placeOf(newest.point) === placeOf(point)) return
      try {
        say(`wrote ${await write(session, point)}: ${inWords(point)}.`)
      } catch (error) {
        isPaused ||= isStoreAway(error)
        // Either another error ends the training, and is reported then; or this one does.
        if (!(error instanceof AntidromeError && error.code === 'LEASE_LOST'))
          say(`no checkpoint of this moment: ${messageOf(error)}`)
      }
    },
    reportNewest() {
      if (isPaused && newest !== null) say(`the newest checkpoint is ${newest.place}: ${inWords(newest.point)}.`)
    },
  }
}

/** The store is closed if there is something wrong. */
async function beginningIn(store: CheckpointStore, beginning: KeeperOptions['beginning']): Promise<Beginning | null> {
  try {
    return (await beginning?.()) ?? null
  } catch (error) {
    await store[Symbol.asyncDispose]()
    throw error
  }
}

function pauseOf({ message }: Error): Warning {
  return {
    code: 'CHECKPOINTS_PAUSED',
    message: `${message} The training continues without checkpoints until one that is due can be written.`,
  }
}

function placeOf({ epoch, step }: TrainingPoint): string {
  return `${epoch}.${step}`
}

export function inWords({ epoch, step }: TrainingPoint): string {
  const [count, what] = step === 0 ? [epoch - 1, 'epoch'] : [step, 'mini-batch']
  const done = count === 1 ? `1 ${what} is done` : `${count} ${what}${step === 0 ? 's' : 'es'} are done`
  return step === 0 ? done : `of epoch ${epoch}, ${done}`
}
