import type { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { wholeNumber } from '../../network/reading/flag-values.js'
import type { JoinFlags } from '../join/join-flags.js'
import { type CheckpointPlace, checkpointPlace, formatPlace } from './checkpoint-place.js'

/** What the command line says about the checkpoints of a training. */
export interface CheckpointFlags extends Pick<JoinFlags, 'join'> {
  readonly checkpoint?: CheckpointPlace
  /** Mini-batches between two; absent: at the end of every epoch only. */
  readonly checkpointEvery?: number | 'epoch'
  readonly resume?: boolean
  /** Of a training: the run or network that it begins with. */
  readonly from?: string
  /** Of an earlier run, which may be replaced. */
  readonly overwrite?: boolean
}

export function addCheckpointFlags(command: Command): Command {
  const count = wholeNumber('--checkpoint-every', 1)
  return command
    .option(
      '--checkpoint <dir>',
      'folder that keeps the three newest checkpoints; or object:BUCKET/PREFIX, objects at the server of --join, where PREFIX is the name of the run (--name, or its default) unless it is given (default: none)',
      checkpointPlace('--checkpoint'),
    )
    .option(
      '--checkpoint-every <batches>',
      'a checkpoint after this many mini-batches, and at the end of every epoch (default: epoch)',
      (text: string) => (text === 'epoch' ? text : count(text)),
    )
    .option(
      '--resume',
      'continue from the newest checkpoint; without one, start from the beginning (default: a fresh start)',
    )
}

/**
 * Raises `InputError` FLAG_CONFLICT for a flag that means nothing without `--checkpoint`, and for a place in an object store
 * without a server.
 */
export function requireCheckpointPlace({ checkpoint, checkpointEvery, resume, join, from }: CheckpointFlags): void {
  if (checkpoint?.kind === 'object' && join === undefined)
    throw new InputError({
      code: 'FLAG_CONFLICT',
      field: '--checkpoint',
      found: `${formatPlace(checkpoint)} without --join`,
      expected: 'the server that keeps the objects beside it',
      remedy: 'Add --join, or give a folder.',
    })
  if (checkpoint !== undefined) return
  const idle =
    resume === true && from === undefined ? '--resume' : checkpointEvery === undefined ? null : '--checkpoint-every'
  if (idle === null) return
  throw new InputError({
    code: 'FLAG_CONFLICT',
    field: idle,
    found: 'the flag without --checkpoint',
    expected: 'a place for checkpoints beside it',
    remedy: 'Add --checkpoint DIR.',
  })
}
