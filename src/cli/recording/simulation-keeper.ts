import type { SimulationState } from '../../actors/streaming/simulation-state.js'
import type { CheckpointIdentity } from '../../storage/checkpoint/checkpoint.js'
import { openCheckpoints } from '../../storage/checkpoint/checkpoint-folder.js'
import { requireIdentity } from '../../storage/checkpoint/require-identity.js'
import { describeBeginning } from '../describe-beginning.js'
import { packageVersion } from '../package-version.js'

/** What a checkpoint of a simulation holds. */
export interface SimulationBody {
  readonly state: SimulationState
  /** Spikes recorded so far, per group. */
  readonly counts: Readonly<Record<string, number>>
}

/** Keeps the checkpoints of one recorded simulation. */
export interface SimulationKeeper {
  /** Where it goes on; null: at its start. */
  readonly from: SimulationBody | null
  write(body: SimulationBody): Promise<string>
}

/**
 * Opens the folder of checkpoints of a simulation, and says what it finds there.
 *
 * Raises `RunError` FILE_UNWRITABLE; `InputError` CHECKPOINT_MISMATCH, CHECKPOINT_VERSION, CHECKPOINT_DAMAGED.
 *
 * @param say writes a line for people
 */
export async function openSimulationKeeper(
  path: string,
  resume: boolean,
  identity: CheckpointIdentity,
  say: (line: string) => void,
): Promise<SimulationKeeper> {
  const folder = await openCheckpoints(path)
  const found = resume ? await folder.newest() : null
  if (found !== null) requireIdentity(found, { kind: 'simulation', identity })
  if (resume) say(describeBeginning(path, found, (body) => `${(body as SimulationBody).state.time} ms are done`))
  return {
    from: found === null ? null : (found.checkpoint.body as SimulationBody),
    write: (body) => {
      const position = { time: body.state.time }
      return folder.write({ head: { kind: 'simulation', writer: packageVersion(), identity, position }, body })
    },
  }
}
