import type { RunRecord } from '../storage/run/run-record.js'
import type { PreparedTask } from './tasks.js'
import type { Warning } from './warn.js'

/** The digest of recordings, among what a run depends on. */
const DIGEST = 'data.data'

/** Reports recordings that have changed since the run, unless other recordings were requested. */
export function warnOfData(
  tell: (warning: Warning) => void,
  { task }: PreparedTask,
  { record, data }: { readonly record: RunRecord; readonly data: string | undefined },
): void {
  const [before, now] = [record.identity[DIGEST], task.settings?.data]
  if (data !== undefined || before === undefined || typeof now !== 'string' || now === before) return
  const message = `${record.flags.data} holds other recordings than those of the run: digest ${now}, before ${before}.`
  tell({ code: 'DATA_CHANGED', message })
}
