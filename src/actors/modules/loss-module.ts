import { InputError } from '../../events/errors.js'
import type { DefinedLoss, LossDefinition, LossModule } from '../../learning/loss.js'
import { LOSS_EXPORT } from '../../learning/losses/named-loss.js'
import { readDefinition, withModule } from '../../learning/losses/user-loss.js'
import { type ModuleReference, moduleReference } from '../../network/modules/module-reference.js'
import type { PlainOptions } from '../../network/modules/plain-options.js'
import { describeThrown } from '../../network/reading/describe-thrown.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { inheritsFields } from '../../network/reading/plain-object.js'
import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { asGiven, readRecord } from '../../network/reading/read-value.js'
import { loadFunction } from './load-export.js'
import { identifyModules, requireSameModules } from './module-identity.js'
import { ANY_MODULE, type ModulePolicy } from './module-policy.js'

export interface LossModuleOptions {
  /** The function that the module exports; default 'createLoss'. */
  readonly export?: string
  /** By which workers of other machines find their copy below their `--modules` folder; default: the last part of the URL. */
  readonly name?: string
  /** Handed to that function: finite numbers, texts, truths, null, lists and plain objects of these. Default: none. */
  readonly options?: PlainOptions
}

const OPTIONS: Readers<LossModuleOptions> = { export: asGiven, name: asGiven, options: asGiven }

/**
 * A user-defined loss from a module, which partitions in other threads and processes and on other machines load
 * themselves: it exports a function of plain options that returns what `defineLoss` returned. The module is loaded here
 * at once.
 *
 * Raises `InputError` MODULE_URL, MODULE_NAME, MODULE_OPTIONS, MODULE_NOT_FOUND, MODULE_FAILED, MODULE_EXPORT, LOSS_NOT_MADE
 * if the function throws or returns no loss, FIELD_TYPE and FIELD_UNKNOWN.
 *
 * @param module URL of a file, or an absolute path; code never travels
 *
 * @example
 * // early.js: export const createLoss = ({ tau }) => defineLoss({ name: 'early', observes: 'spikes', evaluate: … })
 * const early = await lossModule(new URL('./early.js', import.meta.url), { options: { tau: 5 } })
 * const { losses } = await session.gradient(trials, early.on('output'))
 */
export async function lossModule(module: URL | string, options: LossModuleOptions = {}): Promise<DefinedLoss> {
  const { export: exported = LOSS_EXPORT, ...given } = readOptions(options, OPTIONS)
  return lossOfModule(moduleReference({ module, export: exported, ...given }, 'loss'))
}

/** The same of a module that is named already. Raises the `InputError`s of `lossModule` that are not about its name. */
export async function lossOfModule(reference: ModuleReference): Promise<DefinedLoss> {
  const [identity] = await identifyModules([reference], ANY_MODULE)
  const from = Object.freeze({ ...reference, hash: identity?.hash ?? '' })
  return withModule(await makeLoss(from, ANY_MODULE), from)
}

/**
 * The loss of a module that another process or thread has loaded, from the copy here.
 *
 * Raises, beside the `InputError`s of `lossModule`, MODULE_FORBIDDEN, and `RunError` MODULE_DIFFERS.
 */
export async function loadLoss(from: LossModule, policy: ModulePolicy): Promise<LossDefinition> {
  requireSameModules(await identifyModules([from], policy), [from])
  return makeLoss(from, policy)
}

async function makeLoss(from: LossModule, policy: ModulePolicy): Promise<LossDefinition> {
  const create = await loadFunction(from, policy)
  const { on: _, module: __, ...definition } = expectMade(await made(from, () => create(from.options)), from)
  try {
    return readDefinition(definition, from.export)
  } catch (error) {
    throw error instanceof InputError ? error.inFile(from.module) : error
  }
}

/** What a function gives, or promises; fields that are getters are read here, for they may throw. */
async function made(from: LossModule, create: () => unknown): Promise<unknown> {
  try {
    const value = await create()
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return inheritsFields(value) ? value : { ...value }
  } catch (cause) {
    throw notMade(from, `the error ${describeThrown(cause)}`, cause)
  }
}

function expectMade(value: unknown, from: LossModule): Readonly<Record<string, unknown>> {
  try {
    return readRecord(value, from.export)
  } catch {
    throw notMade(from, describeValue(value))
  }
}

function notMade({ module, export: exported }: LossModule, found: string, cause?: unknown): InputError {
  return new InputError({
    code: 'LOSS_NOT_MADE',
    field: module,
    found: `${found} from ${exported}`,
    expected: 'a loss, as defineLoss returns it',
    ...(cause === undefined ? {} : { cause }),
  })
}
