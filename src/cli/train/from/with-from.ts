import { createHash } from 'node:crypto'
import { dirname, join, resolve } from 'node:path'
import { InputError } from '../../../events/errors.js'
import { withParametersOf } from '../../../learning/state/with-parameters-of.js'
import { isFolder } from '../../../storage/is-folder.js'
import { readRegular } from '../../../storage/regular-file.js'
import { NETWORK } from '../../../storage/run/earlier-run.js'
import type { RunRecord } from '../../../storage/run/run-record.js'
import { runPath } from '../../../storage/run-folder.js'
import { readTrained } from '../../evaluate/read-trained.js'
import type { PreparedTask } from '../../tasks.js'
import type { TrainFlags } from '../train-flags.js'

const REMEDY =
  'Train with the --hidden, --recurrent, --learn, --preset and --seed that it was trained with, or choose another one.'

/** A task whose network begins with the parameters of another one, and where these are from; null: as the task has it. */
export interface FromElsewhere {
  readonly prepared: PreparedTask
  readonly from: NonNullable<RunRecord['from']> | null
}

/**
 * The task with the parameters of the run or network file of `--from`.
 *
 * Raises `InputError` NETWORK_MISMATCH, FLAG_CONFLICT where `--overwrite` would replace that run, FILE_UNREADABLE and what is
 * wrong in the file.
 *
 * @param plainName of the run if the command line gives none
 */
export async function withFrom(prepared: PreparedTask, flags: TrainFlags, plainName: string): Promise<FromElsewhere> {
  const { from, seed, seeds } = flags
  if (from === undefined) return { prepared, from: null }
  const path = (await isFolder(from)) ? join(from, NETWORK) : from
  requireKept(path, flags, plainName)
  const { task } = prepared
  try {
    const { network } = await readTrained(from, flags)
    const begun = withParametersOf(task.network, network, seeds?.[0] ?? seed)
    const digest = createHash('sha256')
      .update(await readRegular(path))
      .digest('hex')
    return { prepared: { ...prepared, task: { ...task, network: begun } }, from: { path, digest } }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const { mistake } = error
    if (mistake.code === 'FILE_UNREADABLE') throw new InputError({ ...mistake, field: '--from', cause: error })
    if (mistake.code !== 'NETWORK_MISMATCH') throw error
    throw new InputError({ ...mistake, file: path, remedy: REMEDY, cause: error })
  }
}

/** What is begun from must not be what is replaced. */
function requireKept(path: string, { name, runs, overwrite = false }: TrainFlags, plainName: string): void {
  const replaced = resolve(runPath(name ?? plainName, '--name', runs))
  if (!overwrite || resolve(dirname(path)) !== replaced) return
  throw new InputError({
    code: 'FLAG_CONFLICT',
    field: '--from',
    found: `${path}, in the run that --overwrite replaces`,
    expected: 'another run than the one that is written',
    remedy: 'Give the new run another --name, or leave out --overwrite.',
  })
}
