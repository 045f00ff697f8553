import { InputError } from '../../../events/errors.js'
import { OPTION_RECORDS } from '../../../learning/options/training-options.js'
import type { TrainingPoint } from '../../../learning/training-point.js'
import type { CheckpointIdentity } from '../../../storage/checkpoint/checkpoint.js'
import { requireIdentity } from '../../../storage/checkpoint/require-identity.js'
import { isFolder } from '../../../storage/is-folder.js'
import { readRunRecord } from '../../../storage/run/run-record.js'
import type { CheckpointPlace } from '../../checkpoint/checkpoint-place.js'
import { type OpenObjectStore, openCheckpointStore } from '../../checkpoint/open-checkpoint-store.js'
import { describeBeginning } from '../../describe-beginning.js'
import { inWords, type TrainingBody } from '../checkpoint-keeper.js'
import { placeIn } from '../open-training-run.js'
import type { TrainFlags } from '../train-flags.js'
import type { Beginning } from './beginning.js'

/** What may be otherwise in the epochs that are added: how long, how fast and how far is learned. Values are replaced. */
const FREE: readonly string[] = [
  ...OPTION_RECORDS.filter(([, { mayChange = false }]) => mayChange).map(([name]) => name),
  ...['learningRate', 'network'],
]

/** A training that is to go on with the run of `--from`. */
export interface ContinuedTraining {
  readonly flags: TrainFlags
  readonly identity: CheckpointIdentity
  readonly openStore: OpenObjectStore
  readonly epochs: number
  readonly keepBest: boolean
  readonly say: (line: string) => void
}

/**
 * The newest checkpoint of the run of `--from`; null without that flag, and if the run has none while `--checkpoint` says
 * where those of this training are: then its parameters alone are taken.
 *
 * Raises `InputError` CHECKPOINTS_MISSING, CHECKPOINT_MISMATCH, FLAG_VALUE for no epochs to add, and what reading raises.
 */
export async function finishedTraining(continued: ContinuedTraining): Promise<Beginning | null> {
  const { flags, identity, epochs, keepBest, openStore, say } = continued
  const { from, checkpoint } = flags
  if (from === undefined) return null
  const place = await checkpointsOf(from)
  if (place === null) {
    if (checkpoint === undefined) throw withoutCheckpoints(from)
    say(`${from} has no checkpoints; begins with its parameters alone.`)
    return null
  }
  await using store = await openCheckpointStore(place, { resume: true }, () => openStore(flags))
  const found = await store.newest()
  if (found === null) throw withoutCheckpoints(from)
  const { head, body } = found.checkpoint
  const known = { ...found, checkpoint: { body, head: { ...head, identity: withoutFree(head.identity) } } }
  requireIdentity(known, { kind: 'training', identity: withoutFree(identity) })
  const { state, point } = body as TrainingBody
  requireEpochs(point, epochs, from)
  for (const line of describeBeginning(store.name, found, () => inWords(point))) say(line)
  const { best = null } = point
  // Of the best epoch nothing was kept that this training could end with.
  return { state, point: keepBest && best?.state === null ? { ...point, best: null } : point }
}

/** Where a run keeps its checkpoints; null if it has none, or is a network file. */
async function checkpointsOf(from: string): Promise<CheckpointPlace | null> {
  const record = (await isFolder(from)) ? await readRunRecord(from) : null
  const place = record === null ? null : placeIn(record)
  return place?.kind === 'folder' && !(await isFolder(place.path)) ? null : place
}

function requireEpochs({ epoch }: TrainingPoint, epochs: number, from: string): void {
  if (epoch <= epochs) return
  const done = epoch - 1
  throw new InputError({
    code: 'FLAG_VALUE',
    field: '--epochs',
    found: `${epochs}, of which ${from} has done ${done}`,
    expected: `more than ${done}, as its epochs count`,
    remedy: `Give --epochs ${2 * done} for as many again, or leave out --resume to begin at epoch 1.`,
  })
}

function withoutFree(identity: CheckpointIdentity): CheckpointIdentity {
  return Object.fromEntries(Object.entries(identity).filter(([name]) => !FREE.includes(name)))
}

function withoutCheckpoints(from: string): InputError {
  return new InputError({
    code: 'CHECKPOINTS_MISSING',
    field: '--from',
    found: `${from}, of which there are no checkpoints`,
    expected: 'the folder of a run that was trained with --checkpoint, whose checkpoints are still there',
    remedy: 'Leave out --resume: then its parameters alone are taken, and epochs and optimiser begin at zero.',
  })
}
