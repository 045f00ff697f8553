import type { Command, CommanderError } from 'commander'
import { InputError } from '../events/errors.js'

const ANNOUNCED = ['bench', 'dashboard', 'worker']

/** What commander found wrong with a command line, as an `InputError`; help and version stay what they are. */
export function commandMistake(error: CommanderError, command: Command): Error {
  const { code, message } = error
  // The flag or argument stands in quotes, a flag with its placeholder.
  const [named = '', placeholder = 'a value'] = (/'([^']*)'/.exec(message)?.[1] ?? '').split(' ')
  const suggestion = /\(Did you mean (.*)\?\)/.exec(message)?.[1]
  const remedy = `${suggestion === undefined ? '' : `Did you mean ${suggestion}? `}See ${pathOf(command)} --help.`
  switch (code) {
    case 'commander.unknownCommand':
      return new InputError({
        code: 'COMMAND_UNKNOWN',
        field: 'command',
        found: ANNOUNCED.includes(named) ? `"${named}", which this version does not have yet` : `"${named}"`,
        expected: expectedCommands(command),
        remedy,
      })
    case 'commander.unknownOption':
      return new InputError({
        code: 'FLAG_UNKNOWN',
        field: named,
        found: 'a flag that this command does not know',
        // Dozens of flags would hide the one that was meant.
        expected:
          suggestion === undefined
            ? `one of ${command.options.map(({ long }) => long).join(', ')}`
            : 'a flag of this command',
        remedy,
      })
    case 'commander.optionMissingArgument':
      return new InputError({
        code: 'FLAG_VALUE_MISSING',
        field: named,
        found: 'nothing after it',
        expected: placeholder,
        remedy,
      })
    case 'commander.missingMandatoryOptionValue':
      return new InputError({
        code: 'FLAG_MISSING',
        field: named,
        found: 'nothing',
        expected: command.options.find(({ long }) => long === named)?.description ?? placeholder,
        remedy,
      })
    case 'commander.missingArgument':
      return new InputError({
        code: 'ARGUMENT_MISSING',
        field: named,
        found: 'nothing',
        expected: expectedArguments(command),
        remedy,
      })
    case 'commander.excessArguments':
      return new InputError({
        code: 'ARGUMENT_UNEXPECTED',
        field: 'arguments',
        found: command.args.map((argument) => `"${argument}"`).join(', '),
        expected: expectedArguments(command),
        remedy,
      })
    case 'commander.help':
      return new InputError({
        code: 'COMMAND_MISSING',
        field: 'command',
        found: 'none',
        expected: expectedCommands(command),
        remedy,
      })
    default:
      return error
  }
}

function expectedArguments(command: Command): string {
  const names = command.registeredArguments.map((argument) => `<${argument.name()}>`)
  return names.length === 0 ? 'no arguments' : names.join(' ')
}

function expectedCommands({ commands }: Command): string {
  return `one of ${commands.map((each) => each.name()).join(', ')}`
}

/** Such as `antidrome train`. */
export function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}
