import { open } from '../actors/open.js'
import { type ParsedInput, parseInput } from '../data/input-file.js'
import { InputError } from '../events/errors.js'
import type { Session, Trials } from '../learning/session.js'
import { requireEnd } from '../network/decidable.js'
import { instantiate } from '../network/instantiate.js'
import type { Network } from '../network/network.js'
import { parseNetwork } from '../network/network-file.js'
import { readTextFile } from '../storage/read-text.js'
import type { TrialFlags } from './run-flags.js'

/** A network file and an input file, ready to run. */
export interface OpenTrial extends AsyncDisposable {
  readonly network: Network
  readonly session: Session
  readonly trials: Trials
  readonly fileOrder: ParsedInput['fileOrder']
}

/**
 * Reads the files of a run of one trial and opens the network.
 *
 * Raises `InputError` for a wrong file, and for a run that may never end by itself.
 */
export async function openTrial(file: string, flags: TrialFlags): Promise<OpenTrial> {
  const { seed, input, until = Number.POSITIVE_INFINITY } = flags
  const network = parseNetwork(await readTextFile(file), file)
  const { trains, fileOrder } =
    input === undefined ? parseInput('{}', network) : parseInput(await readTextFile(input), network, input)
  withFlagNamed(() => requireEnd(instantiate(network, seed), until))
  const session = await open(network, { seed })
  return {
    network,
    session,
    trials: { count: 1, until, inputs: trains },
    fileOrder,
    [Symbol.asyncDispose]: () => session.close(),
  }
}

/** On the command line the end has the name of its flag. */
function withFlagNamed(check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== 'UNTIL_REQUIRED') throw error
    throw new InputError({ ...error.mistake, field: '--until', remedy: 'Give --until MS.', cause: error })
  }
}
