import { packageVersion } from '../../actors/package-version.js'
import type { SimulationState } from '../../actors/streaming/simulation-state.js'
import { InputError } from '../../events/errors.js'
import type { CheckpointIdentity } from '../../storage/checkpoint/checkpoint.js'
import { openCheckpoints } from '../../storage/checkpoint/checkpoint-folder.js'
import { openResumable } from '../../storage/checkpoint/open-resumable.js'
import type { EarlierWork } from '../../storage/earlier-work.js'
import { describeBeginning } from '../describe-beginning.js'

/** What a checkpoint of a simulation holds. */
export interface SimulationBody {
  /** Null: before the first segment, where a network is at rest. */
  readonly state: SimulationState | null
  /** Spikes recorded so far, per group. */
  readonly counts: Readonly<Record<string, number>>
}

/** Keeps the checkpoints of one recorded simulation. */
export interface SimulationKeeper extends AsyncDisposable {
  /** Where the simulation continues; null: there is no checkpoint. */
  readonly from: SimulationBody | null
  /** Whether there is a checkpoint of this run by now. */
  keepsAny(): boolean
  write(body: SimulationBody): Promise<string>
}

/**
 * Opens the folder of checkpoints of a simulation until it is disposed of, and says where the simulation continues.
 *
 * Raises `RunError` FILE_UNWRITABLE; `InputError` FOLDER_IN_USE, CHECKPOINTS_EXIST, CHECKPOINT_MISMATCH,
 * CHECKPOINT_VERSION, CHECKPOINT_DAMAGED, and UNTIL_PASSED for a checkpoint behind the end of the run.
 *
 * @param say writes a line for people
 */
export async function openSimulationKeeper(
  path: string,
  earlier: EarlierWork,
  { identity, until }: { readonly identity: CheckpointIdentity; readonly until: number },
  say: (line: string) => void,
): Promise<SimulationKeeper> {
  const run = { kind: 'simulation', identity } as const
  const { store, found } = await openResumable(await openCheckpoints(path, earlier), earlier, run)
  const from = found === null ? null : (found.checkpoint.body as SimulationBody)
  if (found !== null && timeOf(from) > until) {
    await store[Symbol.asyncDispose]()
    throw untilPassed(found.place, timeOf(from), until)
  }
  if (earlier.resume)
    for (const line of describeBeginning(path, found, (body) => `${timeOf(body as SimulationBody)} ms are done`))
      say(line)
  let keepsAny = found !== null
  return {
    [Symbol.asyncDispose]: store[Symbol.asyncDispose],
    from,
    keepsAny: () => keepsAny,
    async write(body) {
      const position = { time: timeOf(body) }
      const head = { kind: 'simulation', writer: packageVersion(), identity, position } as const
      const file = await store.write({ head, body })
      keepsAny = true
      return file
    },
  }
}

/** How far a simulation has come, in ms. */
export function timeOf(body: SimulationBody | null): number {
  return body?.state?.time ?? 0
}

function untilPassed(place: string, time: number, until: number): InputError {
  return new InputError({
    code: 'UNTIL_PASSED',
    field: '--until',
    found: `${until} ms`,
    expected: `${time} ms or later, where the checkpoint ${place} stands`,
    remedy: 'Give a later end, or start from the beginning with --overwrite in place of --resume.',
  })
}
