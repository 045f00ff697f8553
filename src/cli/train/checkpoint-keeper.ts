import type { Session, SessionState } from '../../learning/session.js'
import { beginningOf, type TrainingPoint } from '../../learning/training-point.js'
import type { CheckpointIdentity } from '../../storage/checkpoint/checkpoint.js'
import { type FoundCheckpoint, openCheckpoints } from '../../storage/checkpoint/checkpoint-folder.js'
import { requireIdentity } from '../../storage/checkpoint/require-identity.js'
import { packageVersion } from '../package-version.js'
import type { CheckpointFlags } from './checkpoint-flags.js'
import type { EpochRecord } from './epoch-record.js'

/** What a checkpoint of a training holds. */
interface TrainingBody {
  readonly state: SessionState
  readonly point: TrainingPoint
  /** Of the epochs that are done. */
  readonly records: readonly EpochRecord[]
}

/** Keeps the checkpoints of one training. */
export interface CheckpointKeeper {
  /** Where the training begins. */
  readonly from: TrainingPoint
  /** Of the epochs that were done before. */
  readonly records: readonly EpochRecord[]
  /** Puts a session that has just been opened where the training begins. */
  begin(session: Session): Promise<void>
  /** A mini-batch is done. */
  afterStep(session: Session, point: () => TrainingPoint): Promise<void>
  /** An epoch is done, with what is to be told of it. */
  afterEpoch(session: Session, record: EpochRecord): Promise<void>
  /** The training stops here, between two messages. */
  stop(session: Session): Promise<void>
}

/**
 * Opens the folder of checkpoints of a training, and says on stderr what it finds there.
 *
 * Raises `RunError` FILE_UNWRITABLE; `InputError` CHECKPOINT_MISMATCH, CHECKPOINT_VERSION, CHECKPOINT_DAMAGED.
 *
 * @param say writes a line for people
 */
export async function openKeeper(
  path: string,
  { checkpointEvery = 'epoch', resume = false }: CheckpointFlags,
  identity: CheckpointIdentity,
  say: (line: string) => void,
): Promise<CheckpointKeeper> {
  const folder = await openCheckpoints(path)
  const found = resume ? await folder.newest() : null
  if (found !== null) requireIdentity(found, { kind: 'training', identity })
  const resumed = found === null ? null : (found.checkpoint.body as TrainingBody)
  const from = resumed?.point ?? beginningOf(1)
  const records = [...(resumed?.records ?? [])]
  let latest = () => from
  let written = resumed === null ? '' : placeOf(from)
  if (resume) say(beginningInWords(path, found))

  async function write(session: Session, point: TrainingPoint): Promise<string> {
    const body: TrainingBody = { state: await session.save(), point, records: [...records] }
    const { epoch, step } = point
    const file = await folder.write({
      head: { kind: 'training', writer: packageVersion(), identity, position: { epoch, step } },
      body,
    })
    written = placeOf(point)
    return file
  }

  return {
    from,
    records: [...records],
    async begin(session) {
      if (resumed !== null) await session.restore(resumed.state)
      // Now, rather than after an hour, it shows whether the folder can be written.
      else await write(session, from)
    },
    async afterStep(session, point) {
      latest = point
      const now = point()
      if (checkpointEvery !== 'epoch' && now.step % checkpointEvery === 0) await write(session, now)
    },
    async afterEpoch(session, record) {
      records.push(record)
      const next = beginningOf(record.epoch + 1)
      latest = () => next
      await write(session, next)
    },
    async stop(session) {
      const point = latest()
      if (written !== placeOf(point)) say(`wrote ${await write(session, point)}: ${inWords(point)}.`)
    },
  }
}

function beginningInWords(path: string, found: FoundCheckpoint | null): string {
  if (found === null) return `there is no checkpoint in ${path} yet; starts anew.`
  const { point } = found.checkpoint.body as TrainingBody
  const passedOver = found.damaged.map(({ file, found: what }) => `passed over ${file}: ${what}.\n`)
  return `${passedOver.join('')}goes on from ${found.file}: ${inWords(point)}.`
}

function placeOf({ epoch, step }: TrainingPoint): string {
  return `${epoch}.${step}`
}

function inWords({ epoch, step }: TrainingPoint): string {
  const [count, what] = step === 0 ? [epoch - 1, 'epoch'] : [step, 'mini-batch']
  const done = count === 1 ? `1 ${what} is done` : `${count} ${what}${step === 0 ? 's' : 'es'} are done`
  return step === 0 ? done : `of epoch ${epoch}, ${done}`
}
