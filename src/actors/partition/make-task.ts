import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { expectTask } from '../../learning/expect-arguments.js'
import type { Task, TaskOrigin } from '../../learning/task.js'

type Module = Readonly<Record<string, unknown>>

/**
 * Makes a task from its origin. Modules of this package are found without their names, wherever it lies.
 *
 * Raises `InputError` TASK_FUNCTION_MISSING, FIELD_MISSING, FIELD_TYPE, and whatever the module and its function raise.
 */
export async function makeTask({ module, name, arguments: given }: TaskOrigin): Promise<Task> {
  const make = entryOf(await load(module), name)
  if (typeof make === 'function') return expectTask(await make(...given))
  throw new InputError({
    code: 'TASK_FUNCTION_MISSING',
    field: 'task.origin.name',
    found: JSON.stringify(name),
    expected: `a function that ${module} exports`,
  })
}

async function load(module: string): Promise<Module> {
  switch (module) {
    case 'antidrome/data':
      return import('../../data/index.js')
    case 'antidrome/data/files':
      return import('../../data/files/index.js')
    default:
      return import(module)
  }
}
