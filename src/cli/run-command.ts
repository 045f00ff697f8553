import { type Command, CommanderError } from 'commander'
import { InputError } from '../events/errors.js'
import { asksForJson } from './asks-for-json.js'
import { pathOf } from './command-mistake.js'
import { inTermsOfFlags } from './in-terms-of-flags.js'
import { createProgram } from './program.js'
import { errorText, exitCodeOf } from './report-error.js'
import type { ProcessTerminal, Terminal } from './terminal.js'
import { warn } from './warn.js'

/** Runs the command with the given arguments; resolves to its exit code. Never rejects. */
export async function runCommand(
  argv: readonly string[],
  terminal: Terminal & Partial<Pick<ProcessTerminal, 'finish'>>,
  create: typeof createProgram = createProgram,
): Promise<number> {
  const json = asksForJson(argv)
  try {
    await execute(argv, create(terminal))
    const warning = (await terminal.finish?.()) ?? null
    if (warning !== null) warn(terminal, json, warning)
    return 0
  } catch (error) {
    terminal.err(errorText(error, json))
    return exitCodeOf(error)
  }
}

async function execute(argv: readonly string[], program: Command): Promise<void> {
  const words = plainWords(argv)
  const command = program.commands.find((each) => each.name() === words[0])
  const isStrange = command === undefined && words[0]?.startsWith('-') === false
  try {
    // A command that does not exist has no help either: what stands behind it would only hide that.
    await program.parseAsync(isStrange ? words.slice(0, 1) : [...words], { from: 'user' })
  } catch (error) {
    // Help and version, which have been printed by now.
    if (error instanceof CommanderError && error.exitCode === 0) return
    // A restart may come to an end long after the start.
    throw withHelp(inTermsOfFlags(error), command ?? program)
  }
}

/** `help train` is `train --help`. */
function plainWords([first, ...rest]: readonly string[]): readonly string[] {
  if (first === 'help') return [...rest.slice(0, 1), '--help']
  return first === undefined ? [] : [first, ...rest]
}

/** A mistake of the command line that says no remedy of its own gets one. */
function withHelp(error: unknown, command: Command): unknown {
  if (!(error instanceof InputError)) return error
  const { mistake } = error
  const isOfCommandLine = mistake.file === undefined || mistake.field.startsWith('--')
  if (mistake.remedy !== undefined || !isOfCommandLine) return error
  return new InputError({ ...mistake, remedy: `See ${pathOf(command)} --help.`, cause: error })
}
