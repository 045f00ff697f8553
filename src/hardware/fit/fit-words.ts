import type { ChipResource, ResourceUse, SynapseBits } from './core-limits.js'
import { isEnough } from './core-limits.js'
import { grouped, many, percent } from './percent.js'

/** ` (34 %)`; nothing without a limit, or of nothing. */
export function share({ need, limit }: Pick<ResourceUse, 'need' | 'limit'>): string {
  return limit === null || limit === 0 ? '' : ` (${percent(need / limit)})`
}

/** What a core or a chip has so much of. */
export const RESOURCE_NAMES: Readonly<Record<ChipResource, string>> = {
  neurons: 'neurons',
  synapseBits: 'synapse bits',
  synapses: 'synapses',
  axonsIn: 'axons in',
  axonsOut: 'axons out',
  axonsOutPerUnit: 'axons out of one unit',
  tableEntries: 'routing entries',
  sharedSynapseBits: 'bits of shared memory',
}

/** What needs more than there is. */
export interface Subject {
  readonly kind: 'neurons' | 'source units' | 'units'
  readonly synapses: number
  readonly bits: SynapseBits
  readonly holder: 'core' | 'chip'
}

/** What does not fit: `its 274,400 synapses of 25 bits take 6,860,000 bits, a core has 1,048,576 (654 %)`. */
export function excess(use: ResourceUse, { kind, synapses, bits, holder }: Subject): string {
  const has = `a ${holder} has ${grouped(use.limit ?? 0)}${share(use)}`
  const need = grouped(use.need)
  const least = bits.unknown.length === 0 ? '' : 'at least '
  switch (use.resource) {
    case 'neurons':
      return `its ${need} ${kind} need as many places, ${has}`
    case 'synapseBits':
    case 'sharedSynapseBits': {
      const each = `${least}${bits.bits} bit${bits.bits === 1 ? '' : 's'}`
      return `its ${grouped(synapses)} synapses of ${each} take ${least}${need} bits, ${has}`
    }
    case 'axonsOutPerUnit':
      return `a unit of it has targets on ${many(use.need, 'core')}, and addresses ${grouped(use.limit ?? 0)} at most`
    case 'tableEntries':
      return `it needs at least ${need} routing entries, ${has}`
    default:
      return `it has ${need} ${RESOURCE_NAMES[use.resource]}, ${has}`
  }
}

/** `Neurons 350 of 1,024 (34 %) and axons in 784 of 4,096 (19 %) fit.` Nothing is said of what is unknown or not needed. */
export function whatFits(uses: readonly ResourceUse[]): string {
  const parts = uses
    .filter((use) => use.limit !== null && use.need > 0 && isEnough(use))
    .map(
      (use) => `${RESOURCE_NAMES[use.resource]} ${grouped(use.need)} of ${grouped(use.limit as number)}${share(use)}`,
    )
  if (parts.length === 0) return ''
  const text = enumerate(parts)
  return ` ${text.charAt(0).toUpperCase()}${text.slice(1)} fit.`
}

/** `a, b and c` */
export function enumerate(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
