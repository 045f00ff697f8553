import { RunError } from '../../events/errors.js'
import type { RunReport } from './partition.js'

/**
 * All reports of a run, in their order. The first failure ends the run everywhere; of several, the first one counts that was
 * no consequence of another.
 *
 * @param abort ends the run for all who report
 */
export async function gatherReports(
  reports: readonly Promise<RunReport>[],
  abort: () => void,
): Promise<readonly RunReport[]> {
  const guarded = reports.map((report) =>
    report.catch((error: unknown) => {
      abort()
      throw error
    }),
  )
  const settled = await Promise.allSettled(guarded)
  const errors = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
  const isAbortion = (error: unknown) => error instanceof RunError && error.code === 'RUN_ABORTED'
  if (errors.length > 0) throw errors.find((error) => !isAbortion(error)) ?? errors[0]
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
}
