import type { Network } from '../network/network.js'
import { formatNetwork, parseNetwork } from '../network/network-file.js'
import { readTextFile } from './read-text.js'
import { writeAtomically } from './write-atomically.js'

/**
 * Writes a network file, as a whole or not at all: every number as it is, to the bit, and distributions as distributions.
 *
 * Raises `RunError` FILE_UNWRITABLE.
 *
 * @example await saveNetwork('network.json', await trainedNetwork(session, seed))
 */
export async function saveNetwork(path: string, network: Network): Promise<void> {
  await writeAtomically(path, formatNetwork(network))
}

/** The network of a network file. Raises `InputError` FILE_UNREADABLE, and what `parseNetwork` raises, with file and place. */
export async function loadNetwork(path: string): Promise<Network> {
  return parseNetwork(await readTextFile(path), path)
}
