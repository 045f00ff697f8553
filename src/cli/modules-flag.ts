import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Command } from 'commander'
import { InputError } from '../events/errors.js'
import type { Network } from '../network/description/network.js'
import { parseNetwork } from '../network/file/parse-network.js'

/** Whether files may name modules. */
export interface ModulesFlag {
  readonly allowModules?: boolean
}

/** Adds the flag of every command that reads network files, loss files or presets. */
export function addModulesFlag(command: Command): Command {
  return command.option(
    '--allow-modules',
    'files may name modules, of networks or losses, whose code then runs here and wherever the network does (default: such a file is refused)',
  )
}

/** Against which the paths in a file are resolved. */
export function fileUrl(file: string): string {
  return pathToFileURL(resolve(file)).href
}

/**
 * The network of a file, whose paths of modules are resolved against its folder.
 *
 * Raises `InputError` MODULES_FORBIDDEN, which names the flag, where it names some and that is missing.
 */
export function networkOfFile(text: string, file: string, { allowModules = false }: ModulesFlag): Network {
  try {
    return parseNetwork(text, file, allowModules ? { modules: fileUrl(file) } : {})
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== 'MODULES_FORBIDDEN') throw error
    throw new InputError({ ...error.mistake, remedy: 'Give --allow-modules if you trust the file.', cause: error })
  }
}
