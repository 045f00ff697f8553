import { InputError } from '../../events/errors.js'
import { removedIn, removedOption } from '../../learning/removed-options.js'
import { explained, firstMismatch } from '../first-mismatch.js'
import type { CheckpointIdentity, CheckpointKind } from './checkpoint.js'
import type { FoundCheckpoint } from './checkpoint-store.js'

/** The run that is to go on from a checkpoint. */
export interface ExpectedRun {
  readonly kind: CheckpointKind
  readonly identity: CheckpointIdentity
}

/**
 * Raises `InputError` CHECKPOINT_MISMATCH, with both values, unless a checkpoint is one of this run, and TRAIN_OPTION_REMOVED
 * for one of a training with an option that was removed.
 */
export function requireIdentity({ place, checkpoint }: FoundCheckpoint, { kind, identity }: ExpectedRun): void {
  const { head } = checkpoint
  const removed = removedIn(head.identity)
  if (removed !== undefined)
    throw removedOption({ file: place, field: removed, found: head.identity[removed] ?? 'nothing', goesOn: true })
  const found: CheckpointIdentity = { kind: head.kind, ...head.identity }
  const expected: CheckpointIdentity = { kind, ...identity }
  const mismatch = firstMismatch(found, expected)
  if (mismatch === null) return
  throw new InputError({
    code: 'CHECKPOINT_MISMATCH',
    file: place,
    ...mismatch,
    remedy: explained(
      mismatch.field,
      'Resume with what the checkpoint was written with, or choose another place for checkpoints.',
    ),
  })
}
