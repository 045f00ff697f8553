import type { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { someText, wholeNumber } from '../flag-values.js'

/** What the command line says about the checkpoints of a training. */
export interface CheckpointFlags {
  readonly checkpoint?: string
  /** Mini-batches between two; absent: at the end of every epoch only. */
  readonly checkpointEvery?: number | 'epoch'
  readonly resume?: boolean
  /** Of an earlier run, which may be replaced. */
  readonly overwrite?: boolean
}

export function addCheckpointFlags(command: Command): Command {
  const count = wholeNumber('--checkpoint-every', 1)
  return command
    .option(
      '--checkpoint <dir>',
      'folder that keeps the three newest checkpoints (default: none)',
      someText('--checkpoint', 'a folder'),
    )
    .option(
      '--checkpoint-every <batches>',
      'a checkpoint after so many mini-batches, and at the end of every epoch (default: epoch)',
      (text: string) => (text === 'epoch' ? text : count(text)),
    )
    .option('--resume', 'go on from the newest checkpoint; without one, start anew (default: a fresh start)')
}

/** Raises `InputError` FLAG_CONFLICT for a flag that means nothing without `--checkpoint`. */
export function requireCheckpointFolder({ checkpoint, checkpointEvery, resume }: CheckpointFlags): void {
  if (checkpoint !== undefined) return
  const idle = resume === true ? '--resume' : checkpointEvery === undefined ? null : '--checkpoint-every'
  if (idle === null) return
  throw new InputError({
    code: 'FLAG_CONFLICT',
    field: idle,
    found: 'the flag without --checkpoint',
    expected: 'a folder of checkpoints beside it',
    remedy: 'Add --checkpoint DIR.',
  })
}
