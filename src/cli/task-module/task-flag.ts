import type { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { someText } from '../../network/reading/flag-values.js'

export interface TaskFlag {
  /** A task, or the file of a module of the user's own; in place of the argument. */
  readonly task?: string
}

/** Adds `--task` to a command whose argument it may stand for. */
export function addTaskFlag(command: Command): Command {
  return command.option(
    '--task <file>',
    'in place of the argument: a module FILE.js of your own, whose code is run; it exports a function createTask(options), or a value task (default: none)',
    someText('--task', 'the file of a module'),
  )
}

/**
 * What a command is about: its argument, or --task.
 *
 * Raises `InputError` FLAG_CONFLICT for both, ARGUMENT_MISSING for neither.
 *
 * @param argument how help names it
 */
export function subjectName(given: string | undefined, { task }: TaskFlag, argument: string): string {
  if (given !== undefined && task !== undefined)
    throw new InputError({
      code: 'FLAG_CONFLICT',
      field: '--task',
      found: `the flag beside ${JSON.stringify(given)}`,
      expected: 'one of the two',
      remedy: 'Leave one of them out.',
    })
  const name = given ?? task
  if (name !== undefined) return name
  throw new InputError({
    code: 'ARGUMENT_MISSING',
    field: argument,
    found: 'nothing',
    expected: `<${argument}>, or --task FILE.js`,
  })
}
