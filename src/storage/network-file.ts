import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Network } from '../network/description/network.js'
import { formatNetwork } from '../network/file/format-network.js'
import { parseNetwork } from '../network/file/parse-network.js'
import { type Readers, readOptions } from '../network/reading/read-fields.js'
import { readBoolean, readString } from '../network/reading/read-value.js'

import { readTextFile } from './read-text.js'
import { writeAtomically } from './write-atomically.js'

/**
 * Writes a network file, as a whole or not at all: every number as it is, to the bit, and distributions as distributions.
 * Modules are named by their paths from the file, so that a folder with both can be moved; one that has no folder in common
 * with it, or is on another drive, by its URL.
 *
 * Raises `RunError` FILE_UNWRITABLE.
 *
 * @example await saveNetwork('network.json', await trainedNetwork(session, seed))
 */
export async function saveNetwork(path: string, network: Network): Promise<void> {
  const modules = pathToFileURL(resolve(readString(path, 'path')))
  await writeAtomically(path, formatNetwork(network, { modules }))
}

export interface LoadNetworkOptions {
  /** The file may name modules, by paths from its folder; their code runs wherever the network does. Default: it must not. */
  readonly allowModules?: boolean
}

const READERS: Readers<LoadNetworkOptions> = { allowModules: readBoolean }

/** The network of a network file. Raises `InputError` FILE_UNREADABLE, and what `parseNetwork` raises, with file and place. */
export async function loadNetwork(path: string, options: LoadNetworkOptions = {}): Promise<Network> {
  const { allowModules = false } = readOptions(options, READERS)
  const text = await readTextFile(path)
  return parseNetwork(text, path, allowModules ? { modules: pathToFileURL(resolve(path)) } : {})
}
