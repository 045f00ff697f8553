import type { Command } from 'commander'

export interface OverwriteFlag {
  readonly overwrite?: boolean
}

/** @param what may be replaced, in words */
export function addOverwriteFlag(command: Command, what: string): Command {
  return command.option(
    '--overwrite',
    `replace ${what}; other files in the same folders stay (default: what an earlier run left is refused)`,
  )
}
