import type { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { milliseconds, someText } from '../../network/reading/flag-values.js'
import { type CheckpointFlags, requireCheckpointPlace } from '../checkpoint/checkpoint-flags.js'
import { checkpointPlace, formatPlace } from '../checkpoint/checkpoint-place.js'
import { addOverwriteFlag, type OverwriteFlag } from '../overwrite-flag.js'
import { refuseFlags } from '../refuse-flags.js'
import type { TraceFlags } from '../trace/trace-flag.js'

/** What the command line says of a run that is recorded as it goes. */
export interface RecordingFlags extends Pick<CheckpointFlags, 'checkpoint' | 'resume'>, OverwriteFlag {
  readonly out?: string
  readonly segment?: number
  readonly checkpointInterval?: number
}

export function addRecordingFlags(command: Command): Command {
  const recorded = command
    .option(
      '--out <dir>',
      'record the spikes in this folder as they come, and print how many; the run may be of any length, and without ' +
        '--until it continues until it is interrupted (default: print the spikes at the end)',
      someText('--out', 'a folder'),
    )
    .option(
      '--segment <ms>',
      'with --out: length of the pieces that the run is made of; changes no spike (default: as the spikes allow)',
      milliseconds('--segment', 'Leave it out for a length that follows the spikes.'),
    )
    .option(
      '--checkpoint <dir>',
      'with --out: folder that keeps the three newest checkpoints (default: none)',
      checkpointPlace('--checkpoint'),
    )
    .option(
      '--checkpoint-interval <ms>',
      'simulated time between two checkpoints (default: one after every 10 s of work)',
      milliseconds('--checkpoint-interval', 'Leave it out for one after every 10 s of work.'),
    )
    .option(
      '--resume',
      'continue from the newest checkpoint; without one, start from the beginning (default: a fresh start)',
    )
  return addOverwriteFlag(
    recorded,
    'the recording of --out, the trace of --trace, and the checkpoints of --checkpoint unless --resume continues from them',
  )
}

/** Raises `InputError` FLAG_CONFLICT for a flag that means nothing without `--out`, or without `--checkpoint`, and for objects. */
export function requireRecordingFlags(flags: RecordingFlags & Pick<TraceFlags, 'trace'>): void {
  if (flags.out === undefined)
    refuseFlags(
      flags,
      [
        ...(['segment', 'checkpoint', 'checkpointInterval', 'resume'] as const),
        ...(flags.trace === undefined ? (['overwrite'] as const) : []),
      ],
      'only a run that is recorded with --out DIR has segments and checkpoints',
    )
  requireFolder(flags)
  requireCheckpointPlace(flags)
  if (flags.checkpoint === undefined)
    refuseFlags(flags, ['checkpointInterval'], 'there are checkpoints only with --checkpoint DIR')
}

/** A run is gone on with where its recording lies. */
function requireFolder({ checkpoint }: RecordingFlags): void {
  if (checkpoint?.kind !== 'object') return
  throw new InputError({
    code: 'FLAG_CONFLICT',
    field: '--checkpoint',
    found: `${formatPlace(checkpoint)} beside --out`,
    expected: 'a folder',
    remedy:
      'Give a folder: the recording of --out lies on the disk of the machine that began it, and only there can it be gone on with.',
  })
}
