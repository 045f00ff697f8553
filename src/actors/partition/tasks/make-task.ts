import { fileURLToPath } from 'node:url'
import { entryOf } from '../../../events/by-name.js'
import { InputError } from '../../../events/errors.js'
import { guardedTask } from '../../../learning/guarded-task.js'
import { readTask } from '../../../learning/read-arguments.js'
import type { SplitName, Task, TaskOrigin } from '../../../learning/task.js'
import { moduleReference } from '../../../network/modules/module-reference.js'
import { type NoteVerbs, UNNOTED } from '../../../network/modules/module-verbs.js'
import { describeValue } from '../../../network/reading/describe-value.js'
import { findModule } from '../../modules/find-module.js'
import { importModule } from '../../modules/import-module.js'
import { loadModule } from '../../modules/load-export.js'
import { pathBelow } from '../../modules/module-paths.js'
import { ANY_MODULE, type ModulePolicy, type WorkerModules } from '../../modules/module-policy.js'

/**
 * Makes a task from its origin. Modules of this package are found without their names, wherever it lies.
 *
 * Raises `InputError` TASK_FUNCTION_MISSING, TASK_MODULE_FORBIDDEN, TASK_FILE_FORBIDDEN, MODULE_URL, MODULE_NOT_FOUND,
 * MODULE_FORBIDDEN, FIELD_MISSING, FIELD_TYPE, and whatever the module and its function raise.
 *
 * @param noteVerbs called when samples of a module are encoded; optional
 */
export async function makeTask(
  origin: TaskOrigin,
  modules: ModulePolicy = ANY_MODULE,
  noteVerbs?: NoteVerbs,
): Promise<Task> {
  const { module, name, arguments: given } = modules.kind === 'own' ? requireOfWorker(origin, modules) : origin
  const reference = isUrl(module) ? moduleReference({ module, export: name }, 'task.origin') : null
  const place = reference === null ? module : await findModule(reference, modules)
  const exported = reference === null ? await importModule(module) : await loadModule(reference, modules)
  const make = entryOf(exported, name)
  const made = typeof make === 'function' ? make(...given) : make
  // What is no function has no arguments.
  if (typeof make === 'function' || (typeof make === 'object' && given.length === 0)) {
    const task = readTask((await made) as Task)
    if (!isUrl(module)) return task
    const noteOf = (split: SplitName) =>
      noteVerbs?.({ kind: 'task', name: split, group: task.name, module: place }) ?? UNNOTED
    return guardedTask(task, { file: fileURLToPath(place) }, noteOf)
  }
  throw new InputError({
    code: 'TASK_FUNCTION_MISSING',
    field: 'task.origin.name',
    found: JSON.stringify(name),
    expected: `a function that ${module} exports`,
  })
}

/** Packages have names that are none. */
function isUrl(module: string): boolean {
  return URL.canParse(module) && !module.startsWith('node:')
}

/** Functions of `antidrome/data/files` that read nothing but the files that their first argument leads to. */
const READ_FOLDERS: readonly string[] = ['readMnist', 'readFashionMnist', 'readEventTask']

/** The origin, with the folder of its files, if it reads any, where it really lies. */
function requireOfWorker(origin: TaskOrigin, { data, modules }: WorkerModules): TaskOrigin {
  const { module, name, arguments: given } = origin
  if (module === 'antidrome/data' || (modules !== undefined && module.startsWith('file:'))) return origin
  if (module !== 'antidrome/data/files' || !READ_FOLDERS.includes(name))
    throw new InputError({
      code: 'TASK_MODULE_FORBIDDEN',
      field: 'task.origin',
      found: `${JSON.stringify(name)} of ${JSON.stringify(module)}`,
      expected: `a function of antidrome/data, or ${READ_FOLDERS.join(', ')} of antidrome/data/files: a worker runs no code that a coordinator names`,
    })
  const [folder, ...rest] = given
  const found = data === undefined || typeof folder !== 'string' ? null : pathBelow(data, folder)
  if (found !== null) return { ...origin, arguments: [found, ...rest] }
  throw new InputError({
    code: 'TASK_FILE_FORBIDDEN',
    field: 'task.origin.arguments[0]',
    found: describeValue(folder),
    expected: data === undefined ? 'no files: the worker was given no folder of data sets' : `a folder below ${data}`,
    remedy: 'Start the worker with --data DIR, where its copy of the files lies at the same path.',
  })
}
