import type { ChipFormats, ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import type { CoreNeed } from '../reach/core-meter.js'

/** What a core, or a chip, has only so much of. */
export type ChipResource =
  | 'neurons'
  | 'synapseBits'
  | 'synapses'
  | 'axonsIn'
  | 'axonsOut'
  | 'axonsOutPerUnit'
  | 'tableEntries'
  | 'sharedSynapseBits'

/** How much of a resource is needed, and there is. */
export interface ResourceUse {
  readonly resource: ChipResource
  readonly need: number
  /** Null: unknown, which is no limit. */
  readonly limit: number | null
}

/** Bits of a synapse, and the formats whose bits are unknown. */
export interface SynapseBits {
  readonly bits: number
  readonly unknown: readonly (keyof ChipFormats)[]
}

/** Weight, delay and target together; unknown ones count 0. */
export function bitsPerSynapse({ formats }: ChipProfile, weightBits: number | null = null): SynapseBits {
  const parts = (['weightBits', 'delayBits', 'targetBits'] as const).map((name) => ({
    name,
    bits: name === 'weightBits' && weightBits !== null ? weightBits : figureValue(formats[name]),
  }))
  return {
    bits: parts.reduce((sum, { bits }) => sum + (bits ?? 0), 0),
    unknown: parts.filter(({ bits }) => bits === null).map(({ name }) => name),
  }
}

/** What a core has room for, as a function of what is needed, with synapses of `bits` bits. */
export function coreUses({ core }: ChipProfile, bits: number): (need: CoreNeed) => readonly ResourceUse[] {
  const { synapses } = core
  const crossbar = synapses?.kind === 'crossbar' ? synapses : null
  const neurons = figureValue(core.neurons) ?? figureValue(crossbar?.columns ?? null)
  const axonsIn = figureValue(core.axonsIn) ?? figureValue(crossbar?.rows ?? null)
  const memory = synapses?.kind === 'list' ? figureValue(synapses.bits) : null
  const count = synapses?.kind === 'count' ? figureValue(synapses.synapses) : null
  return (need) => [
    { resource: 'neurons', need: need.neurons, limit: neurons },
    // The points of a crossbar are all there: its rows and columns are the limit.
    ...(crossbar !== null
      ? []
      : synapses?.kind === 'list'
        ? [{ resource: 'synapseBits', need: need.synapses * bits, limit: memory } as const]
        : [{ resource: 'synapses', need: need.synapses, limit: count } as const]),
    { resource: 'axonsIn', need: need.axonsIn, limit: axonsIn },
  ]
}

/** Whether there is as much of a resource as is needed. */
export function isEnough({ need, limit }: ResourceUse): boolean {
  return limit === null || need <= limit
}
