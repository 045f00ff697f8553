import type { Command } from 'commander'

export interface OverwriteFlag {
  readonly overwrite?: boolean
}

/**
 * @param what may be replaced, in words
 * @param left where it is: in folders that a run has filled, or a file alone
 */
export function addOverwriteFlag(command: Command, what: string, left: 'folders' | 'a file' = 'folders'): Command {
  const rest =
    left === 'folders'
      ? 'other files in the same folders stay (default: what an earlier run left is refused)'
      : 'inputs, and files of runs, recordings and checkpoints, stay (default: a file that is there is refused)'
  return command.option('--overwrite', `replace ${what}; ${rest}`)
}
