import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { hashModule } from '../../actors/modules/hash-module.js'
import { loadModule } from '../../actors/modules/load-export.js'
import { ANY_MODULE } from '../../actors/modules/module-policy.js'
import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { guardedTask } from '../../learning/guarded-task.js'
import { requireTask } from '../../learning/require-task.js'
import type { Task, TaskOrigin } from '../../learning/task.js'
import { moduleReference } from '../../network/modules/module-reference.js'
import { describeThrown } from '../../network/reading/describe-thrown.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { settled } from './settled.js'

/** A module that makes a task, and the code that it had. */
export interface TaskModule {
  readonly path: string
  /** Of the module and of all that it imports by a path. */
  readonly hash: string
}

/** A module that has been loaded. */
export interface LoadedTaskModule {
  readonly module: TaskModule
  /** Whether its task is a function of options. */
  readonly takesOptions: boolean
  /** The task, checked; its mistakes name the file. */
  task(options: Readonly<Record<string, unknown>>): Promise<Task>
}

/** Of what a module exports this function is called, or else this value taken. */
const FUNCTION = 'createTask'
const VALUE = 'task'

/** The code of the module of a file as it is now; nothing of it is run. Raises `InputError` MODULE_FAILED, with the file. */
export async function identifyTask(file: string, field: string): Promise<TaskModule> {
  const path = resolve(file)
  return inFile(file, field, async () => ({ path, hash: await hashModule(pathToFileURL(path).href) }))
}

/**
 * Loads a module that exports a function `createTask` of plain options, or a value `task`: a task or a promise of one.
 *
 * Raises `InputError` with the file: MODULE_NOT_FOUND, MODULE_FAILED for what throws while it is loaded or makes the task,
 * MODULE_EXPORT, and those of `requireTask`.
 *
 * @param field who names the file, such as a flag
 */
export async function loadTaskModule(file: string, field: string): Promise<LoadedTaskModule> {
  const reference = moduleReference({ module: pathToFileURL(resolve(file)), export: FUNCTION }, field)
  const loading = () =>
    settled(loadModule(reference, ANY_MODULE), () => neverSettles(file, field, 'a module that can be loaded'))
  const exported = await inFile(file, field, loading)
  const module = await identifyTask(file, field)
  const make = entryOf(exported, FUNCTION)
  const value = entryOf(exported, VALUE)
  if (typeof make !== 'function' && (typeof value !== 'object' || value === null)) throw noTask(file, field, exported)
  const takesOptions = typeof make === 'function'
  return {
    module,
    takesOptions,
    task: async (options) => {
      const made = takesOptions
        ? await madeBy({ file, field: FUNCTION }, () => (make as (options: object) => unknown)(options))
        : await madeBy({ file, field: VALUE }, () => value)
      const task = checked(file, made)
      const given: Pick<TaskOrigin, 'name' | 'arguments'> = takesOptions
        ? { name: FUNCTION, arguments: [structuredClone(options)] }
        : { name: VALUE, arguments: [] }
      const { network, settings, name, until, loss, origin = { module: reference.module, ...given } } = task
      const { train, validation, test } = guardedTask(task, { file, network })
      const own = { name, origin, train, validation, test, until, loss, network }
      return settings === undefined ? own : { ...own, settings }
    },
  }
}

/** A file that cannot be loaded is named as it was given, by the flag that leads to it. */
async function inFile<Result>(file: string, field: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    // A task that is a value is made while its module is loaded.
    if (error.cause instanceof InputError && error.cause.code === 'SAMPLE_NOT_ENCODED') throw error.cause.inFile(file)
    throw new InputError({ ...error.mistake, file, field, cause: error })
  }
}

/** @param place of what the module exports */
async function madeBy(
  { file, field }: { readonly file: string; readonly field: string },
  make: () => unknown,
): Promise<unknown> {
  try {
    return await settled(make(), () => neverSettles(file, field, 'a task, or a promise of one'))
  } catch (cause) {
    if (cause instanceof InputError) throw cause.inFile(file)
    throw new InputError({
      code: 'MODULE_FAILED',
      file,
      field,
      found: `an error while it made the task: ${describeThrown(cause)}`,
      expected: 'a task',
      cause,
    })
  }
}

function neverSettles(file: string, field: string, expected: string): InputError {
  return new InputError({
    code: 'MODULE_FAILED',
    file,
    field,
    found: 'a promise that nothing settles any more',
    expected,
  })
}

function checked(file: string, made: unknown): Task {
  try {
    return requireTask(made)
  } catch (cause) {
    if (cause instanceof InputError) throw cause.inFile(file)
    throw new InputError({
      code: 'MODULE_FAILED',
      file,
      field: 'task',
      found: `an error when it was looked at: ${describeThrown(cause)}`,
      expected: 'a task',
      cause,
    })
  }
}

function noTask(file: string, field: string, exported: Readonly<Record<string, unknown>>): InputError {
  const names = Object.keys(exported)
  return new InputError({
    code: 'MODULE_EXPORT',
    file,
    field,
    found:
      names.length === 0
        ? 'no exports'
        : `the exports ${names.map((name) => `${name}, ${describeValue(entryOf(exported, name))}`).join('; ')}`,
    expected: `a function "${FUNCTION}" of options, or a task "${VALUE}", among its exports`,
    remedy: `Export it by this name: export function ${FUNCTION}(options) { … }.`,
  })
}
