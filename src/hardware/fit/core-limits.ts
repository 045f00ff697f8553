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

/** What a core has of each resource; null: unknown, or no limit. */
export function coreLimits({
  core,
}: ChipProfile): Readonly<Record<'neurons' | 'synapseBits' | 'synapses' | 'axonsIn', number | null>> {
  const { synapses } = core
  // All points of a crossbar exist: its rows and columns are the limit.
  const crossbar = synapses?.kind === 'crossbar' ? synapses : null
  return {
    neurons: figureValue(core.neurons) ?? figureValue(crossbar?.columns ?? null),
    synapseBits: synapses?.kind === 'list' ? figureValue(synapses.bits) : null,
    synapses: synapses?.kind === 'count' ? figureValue(synapses.synapses) : null,
    axonsIn: figureValue(core.axonsIn) ?? figureValue(crossbar?.rows ?? null),
  }
}

/** What a core has room for, as a function of what is needed, with synapses of `bits` bits. */
export function coreUses(profile: ChipProfile, bits: number): (need: CoreNeed) => readonly ResourceUse[] {
  const limits = coreLimits(profile)
  const kind = profile.core.synapses?.kind
  return (need) => [
    { resource: 'neurons', need: need.neurons, limit: limits.neurons },
    ...(kind === 'crossbar'
      ? []
      : kind === 'list'
        ? [{ resource: 'synapseBits', need: need.synapses * bits, limit: limits.synapseBits } as const]
        : [{ resource: 'synapses', need: need.synapses, limit: limits.synapses } as const]),
    { resource: 'axonsIn', need: need.axonsIn, limit: limits.axonsIn },
  ]
}

/** Whether there is as much of a resource as is needed. */
export function isEnough({ need, limit }: ResourceUse): boolean {
  return limit === null || need <= limit
}
