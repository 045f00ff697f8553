import { defineChipPlacement } from '../../../src/hardware/chip-placement/define-chip-placement.js'
import type { ChipProfile } from '../../../src/hardware/profile/chip-profile.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import type { GroupSpec } from '../../../src/network/description/network.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'

/** Single units that follow a rule, step by step. */
export interface Script {
  /** The core of each unit. */
  readonly core: Readonly<Record<string, number>>
  /** Such as `i>a`; a spike arrives one step later. */
  readonly edges: readonly string[]
  readonly steps: number
  /** The steps in which sources spike. */
  readonly inputs: Readonly<Record<string, readonly number[]>>
  /** Arrivals in one step that make a unit spike in it; default 1. */
  readonly threshold?: number
}

/** The network, its placement and its spikes, one unit a group, one step a ms. */
export function scriptedCase({ core, edges, steps, inputs, threshold = 1 }: Script, profile: ChipProfile) {
  const names = Object.keys(core)
  const joined = edges.map((edge) => edge.split('>') as [string, string])
  const neuron = () => lif(1, { tauMem: 10, tauSyn: 5, threshold: 1 })
  const network = defineNetwork<Record<string, GroupSpec>>({
    groups: Object.fromEntries(names.map((name) => [name, name in inputs ? source(1) : neuron()])),
    projections: joined.map(([from, to]) => connect(from, to, dense(1), { delay: 1 })),
  })
  const placed = [...new Set(Object.values(core))].map((k) => ({
    ...{ chip: 0, core: k },
    slices: names.filter((name) => core[name] === k).map((group) => ({ group, start: 0, end: 1 })),
  }))
  const spikes = new Map<string, number[]>(names.map((name) => [name, [...(inputs[name] ?? [])]]))
  for (let step = 1; step <= steps; step++) {
    for (const name of names) {
      const arrived = joined.filter(([from, to]) => to === name && spikes.get(from)!.includes(step - 1))
      if (arrived.length >= threshold) spikes.get(name)!.push(step)
    }
  }
  const raster = Object.fromEntries(
    names.map((name) => {
      // In the middle of their steps.
      const times = Float64Array.from(spikes.get(name)!, (step) => step - 0.5)
      return [name, { offsets: Uint32Array.of(0, times.length), times, units: new Uint32Array(times.length) }]
    }),
  )
  return { network, placement: defineChipPlacement(network, profile, placed), raster, spikes, until: steps }
}
