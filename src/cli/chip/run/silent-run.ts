import type { Raster } from '../../../hardware/tally/raster.js'
import { isGiven } from '../../../network/description/given-source.js'
import type { Network } from '../../../network/description/network.js'
import type { Terminal } from '../../terminal.js'
import { warn } from '../../warn.js'

/** What a run took its spikes from. */
interface Given {
  /** Those of samples. */
  readonly isTask: boolean
  readonly input?: string
  readonly recording?: string
}

/** Tells of a run in which nothing spikes that a report has nothing but zeros, and of what may be the reason. */
export function warnOfSilentRun(
  network: Network,
  raster: Raster,
  given: Given,
  { json, terminal }: { readonly json: boolean; readonly terminal: Terminal },
): void {
  if (Object.values(raster).some(({ times }) => times.length > 0)) return
  const why = `${reasonOf(network, given)}.`
  warn(terminal, json, { code: 'RUN_SILENT', message: `nothing spikes in this run, so no packet is sent${why}` })
}

function reasonOf({ groups }: Network, { isTask, input, recording }: Given): string {
  const sources = groups.filter((group) => group.kind === 'source' && isGiven(group)).map(({ name }) => `"${name}"`)
  if (isTask || input !== undefined || recording !== undefined || sources.length === 0) return ''
  return `: ${sources.join(', ')} ${sources.length === 1 ? 'is' : 'are'} given no spikes; give them with --input FILE`
}
