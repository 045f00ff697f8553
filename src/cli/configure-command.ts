import type { Command } from 'commander'
import { InputError } from '../events/errors.js'
import { commandMistake } from './command-mistake.js'
import { ownLines } from './shown.js'
import type { Terminal } from './terminal.js'

const EXIT_CODES = `
Exit codes: 0 done; 1 the run failed, for example because a core died or fell
silent, or a check found a fault; 2 the command line or an input file is wrong,
or the network does not fit on the cores; 130 interrupted; 143 terminated
(SIGTERM); 129 the terminal is gone (SIGHUP); 134 the runtime ended it, because
the heap of JavaScript is full: NODE_OPTIONS=--max-old-space-size=MIB allows more.
With --json, errors are {"error": {"code", "message", "file", "field", "found",
"expected", "remedy"}} and warnings {"warning": {"code", "message"}}, a line each
on stderr, where other lines are for people.`

/** Makes a command write to the terminal, raise `InputError` for a wrong command line, and refuse repeated flags. */
export function configureCommand(command: Command, terminal: Terminal): Command {
  refuseRepeatedFlags(command)
  return command
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', EXIT_CODES)
    .configureOutput({
      writeOut: (text) => terminal.out(ownLines(text)),
      writeErr: (text) => terminal.err(ownLines(text)),
      outputError: () => undefined,
    })
    .exitOverride((error) => {
      throw commandMistake(error, command)
    })
}

/** Of two equal flags one would win in silence, and half of what the user asked for would be lost. */
function refuseRepeatedFlags(command: Command): void {
  const seen = new Set<string>()
  for (const option of command.options) {
    // Its values are collected.
    if (option.variadic) continue
    command.on(`option:${option.name()}`, () => {
      const flag = `--${option.name()}`
      if (!seen.has(flag)) {
        seen.add(flag)
        return
      }
      throw new InputError({
        code: 'FLAG_REPEATED',
        field: flag,
        found: 'the flag twice',
        expected: 'every flag at most once',
        remedy: 'Keep the one you mean.',
      })
    })
  }
}
