import { RunError } from '../../events/errors.js'
import { formatTable } from '../table.js'
import { REFERENCE, type Spread, type SpreadReport, type Verdict } from './compare-spreads.js'

/** Every run with its digest, and whether all are the same. */
export function verdictTable(reports: readonly SpreadReport[], verdict: Verdict): string {
  const rows = reports.map(({ cores, transport, threads, seconds, digest }) => {
    return [cores, transport, threads, seconds.toFixed(2), digest]
  })
  const table = formatTable(['cores', 'transport', 'threads', 'seconds', 'digest'], rows)
  return verdict.equal ? `${table}All the same, to the last bit.\n` : table
}

/** Raises `RunError` PLACEMENTS_DIFFER, naming the first difference. */
export function requireEqual(verdict: Verdict): void {
  if (verdict.equal) return
  const { where, reference, found, cores, transport, threads } = verdict.difference
  throw new RunError({
    code: 'PLACEMENTS_DIFFER',
    message: `${where} is ${found} on ${describeSpread(verdict.difference)}, but ${reference} on ${describeSpread(REFERENCE)}.`,
    details: { where, cores, transport, threads },
  })
}

/** Such as `2 cores, thread`, or `1 core, local, 4 threads each`. */
export function describeSpread({ cores, transport, threads }: Spread): string {
  return `${cores} core${cores === 1 ? '' : 's'}, ${transport}${threads === 1 ? '' : `, ${threads} threads each`}`
}
