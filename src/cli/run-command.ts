import { CommanderError } from 'commander'
import { createProgram } from './program.js'
import { describeError, exitCodeOf } from './report-error.js'
import type { Terminal } from './terminal.js'

/** Runs the command with the given arguments; resolves to its exit code. Never rejects. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync([...argv], { from: 'user' })
    return 0
  } catch (error) {
    // Help and version, which have been printed by now.
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    terminal.err(`antidrome: ${describeError(error)}\n`)
    return exitCodeOf(error)
  }
}
