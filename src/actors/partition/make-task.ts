import { realpathSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { expectTask } from '../../learning/expect-arguments.js'
import type { Task, TaskOrigin } from '../../learning/task.js'

type Module = Readonly<Record<string, unknown>>

/**
 * Which modules tasks may come from: any, or those of this package alone, whose files must lie below a folder. Whoever
 * names a module has its code run, and whoever names a file learns what is in it.
 */
export type ModulePolicy = { readonly kind: 'any' } | { readonly kind: 'own'; readonly data?: string }

export const ANY_MODULE: ModulePolicy = { kind: 'any' }

/**
 * Makes a task from its origin. Modules of this package are found without their names, wherever it lies.
 *
 * Raises `InputError` TASK_FUNCTION_MISSING, TASK_MODULE_FORBIDDEN, TASK_FILE_FORBIDDEN, FIELD_MISSING, FIELD_TYPE, and
 * whatever the module and its function raise.
 */
export async function makeTask(origin: TaskOrigin, modules: ModulePolicy = ANY_MODULE): Promise<Task> {
  const { module, name, arguments: given } = modules.kind === 'own' ? requireOwn(origin, modules) : origin
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

/** Functions of `antidrome/data/files` that read nothing but a folder's files of known names. */
const READ_FOLDERS: readonly string[] = ['readMnist', 'readFashionMnist']

/** The origin, with the folder of its files, if it reads any, where it really lies. */
function requireOwn(origin: TaskOrigin, { data }: ModulePolicy & { readonly kind: 'own' }): TaskOrigin {
  const { module, name, arguments: given } = origin
  if (module === 'antidrome/data') return origin
  if (module !== 'antidrome/data/files' || !READ_FOLDERS.includes(name))
    throw new InputError({
      code: 'TASK_MODULE_FORBIDDEN',
      field: 'task.origin',
      found: `${JSON.stringify(name)} of ${JSON.stringify(module)}`,
      expected: `a function of antidrome/data, or ${READ_FOLDERS.join(' or ')} of antidrome/data/files: a worker runs no code that a coordinator names`,
    })
  const [folder, ...rest] = given
  const found = data === undefined || typeof folder !== 'string' ? null : folderBelow(data, folder)
  if (found !== null) return { ...origin, arguments: [found, ...rest] }
  throw new InputError({
    code: 'TASK_FILE_FORBIDDEN',
    field: 'task.origin.arguments[0]',
    found: JSON.stringify(folder),
    expected: data === undefined ? 'no files: the worker was given no folder of data sets' : `a folder below ${data}`,
    remedy: 'Start the worker with --data DIR, where its copy of the files lies at the same path.',
  })
}

/** Where a folder, seen from another, really lies; null unless that is in the other, whatever links lead to either. */
function folderBelow(parent: string, folder: string): string | null {
  try {
    const [outer, inner] = [realpathSync(parent), realpathSync(resolve(parent, folder))]
    return inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : `${outer}${sep}`) ? inner : null
  } catch {
    return null
  }
}
