import { RunError } from '../../events/errors.js'
import { joined, type Shown, shown } from '../shown.js'
import { formatTable } from '../table.js'
import { REFERENCE, type Spread, type SpreadReport, type Verdict } from './compare-spreads.js'

/** Every run with its digest, and whether all are the same. */
export function verdictTable(reports: readonly SpreadReport[], verdict: Verdict): Shown {
  const isDealt = reports.some(({ processes }) => processes !== undefined)
  const rows = reports.map(({ cores, transport, processes, threads, seconds, digest }) => {
    return [cores, transport, ...(isDealt ? [processes ?? 1] : []), threads, seconds.toFixed(2), digest]
  })
  const processes = isDealt ? ['processes'] : []
  const table = formatTable(['cores', 'transport', ...processes, 'threads', 'seconds', 'digest'], rows)
  return verdict.equal ? joined([table, shown`All the same, to the last bit.\n`]) : table
}

/** Raises `RunError` PLACEMENTS_DIFFER, naming the first difference. */
export function requireEqual(verdict: Verdict): void {
  if (verdict.equal) return
  const { where, reference, found, cores, transport, processes, threads } = verdict.difference
  throw new RunError({
    code: 'PLACEMENTS_DIFFER',
    message: `${where} is ${found} on ${describeSpread(verdict.difference)}, but ${reference} on ${describeSpread(verdict.placements[0] ?? REFERENCE)}.`,
    details: { where, cores, transport, ...(processes === undefined ? {} : { processes }), threads },
  })
}

/** Such as `2 cores, thread`, `6 cores, websocket, --processes 2`, or `1 core, local, 4 threads each`. */
export function describeSpread({ cores, transport, processes, threads }: Spread): string {
  const place = `${cores} core${cores === 1 ? '' : 's'}, ${transport}`
  const dealt = processes === undefined ? '' : `, --processes ${processes}`
  return `${place}${dealt}${threads === 1 ? '' : `, ${threads} threads each`}`
}
