import type { Command } from 'commander'
import { milliseconds, someText } from '../flag-values.js'
import { addOverwriteFlag, type OverwriteFlag } from '../overwrite-flag.js'
import { refuseFlags } from '../refuse-flags.js'
import { addRestartFlag, type RestartFlag } from '../restart-flag.js'
import type { TraceFlags } from '../trace/trace-flag.js'
import { type CheckpointFlags, requireCheckpointFolder } from '../train/checkpoint-flags.js'

/** What the command line says of a run that is recorded as it goes. */
export interface RecordingFlags extends Pick<CheckpointFlags, 'checkpoint' | 'resume'>, RestartFlag, OverwriteFlag {
  readonly out?: string
  readonly segment?: number
  readonly checkpointInterval?: number
}

export function addRecordingFlags(command: Command): Command {
  const recorded = command
    .option(
      '--out <dir>',
      'record the spikes in this folder as they come, and print how many; the run may be of any length, and without ' +
        '--until it goes on until it is interrupted (default: print the spikes at the end)',
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
      someText('--checkpoint', 'a folder'),
    )
    .option(
      '--checkpoint-interval <ms>',
      'simulated time between two checkpoints (default: one after every 10 s of work)',
      milliseconds('--checkpoint-interval', 'Leave it out for one after every 10 s of work.'),
    )
    .option('--resume', 'go on from the newest checkpoint; without one, start anew (default: a fresh start)')
  addOverwriteFlag(
    recorded,
    'the recording of --out, the trace of --trace, and the checkpoints of --checkpoint unless --resume goes on from them',
  )
  return addRestartFlag(recorded)
}

/** Raises `InputError` FLAG_CONFLICT for a flag that means nothing without `--out`, or without `--checkpoint`. */
export function checkRecordingFlags(flags: RecordingFlags & Pick<TraceFlags, 'trace'>): void {
  if (flags.out === undefined)
    refuseFlags(
      flags,
      [
        ...(['segment', 'checkpoint', 'checkpointInterval', 'resume', 'restarts'] as const),
        ...(flags.trace === undefined ? (['overwrite'] as const) : []),
      ],
      'only a run that is recorded with --out DIR has segments and checkpoints',
    )
  requireCheckpointFolder(flags)
  if (flags.checkpoint === undefined)
    refuseFlags(flags, ['checkpointInterval'], 'there are checkpoints only with --checkpoint DIR')
}
