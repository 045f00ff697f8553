import { identifyModules } from '../../actors/modules/module-identity.js'
import { ANY_MODULE } from '../../actors/modules/module-policy.js'
import { InputError } from '../../events/errors.js'
import type { UserLoss } from '../../learning/loss.js'
import type { NamedLoss } from '../../learning/losses/named-loss.js'
import { moduleReference } from '../../network/modules/module-reference.js'
import { readingFile } from '../../network/reading/parse-json.js'
import { RUN_RECORD, type RunRecord } from '../../storage/run/run-record.js'
import type { ModulesFlag } from '../modules-flag.js'
import { loadNamedLoss } from './load-named-loss.js'

type RecordedLoss = NonNullable<RunRecord['lossModule']>

const FIELD = 'lossModule'

/**
 * The loss of a run whose file has named a module, from where that was.
 *
 * Raises `InputError` MODULE_CHANGED for other code than that of the run, and as `loadNamedLoss` does.
 */
export async function lossOfRun({ hash, group, ...given }: RecordedLoss, flags: ModulesFlag): Promise<UserLoss> {
  const reference = readingFile(RUN_RECORD, () => moduleReference(given, FIELD))
  const place = { file: RUN_RECORD, field: FIELD }
  if (flags.allowModules === true) await requireUnchanged({ reference, group }, hash)
  return loadNamedLoss({ reference, group }, place, flags)
}

async function requireUnchanged({ reference }: NamedLoss, hash: string): Promise<void> {
  const [found] = await identifyModules([reference], ANY_MODULE)
  if (found?.hash === hash) return
  throw new InputError({
    code: 'MODULE_CHANGED',
    file: RUN_RECORD,
    field: `${FIELD}.hash`,
    found: `${reference.module} with the hash ${found?.hash}: it, or something that it imports, has changed since the run`,
    expected: `${hash}, as in the run.json`,
    remedy: 'Put the code of the run back, or give --preset with a file that names the loss as it is now.',
  })
}
