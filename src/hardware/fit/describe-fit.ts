import { describeSlice } from '../check-slices.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import type { ChipUse } from './chip-fit.js'
import { availableCores, chipsFor } from './chip-sites.js'
import { bitsPerSynapse, isEnough } from './core-limits.js'
import { enumerate, excess, share, whatFits } from './fit-words.js'
import { grouped, many } from './percent.js'
import type { UsedCores } from './uses-of-cores.js'

/** A text for every core of a placement that holds more than there is room for. */
export function describeCores({ cores, needs }: UsedCores, profile: ChipProfile): readonly string[] {
  return cores.flatMap(({ chip, core, slices, uses }, k) => {
    if (uses.every(isEnough)) return []
    const subject = { synapses: needs[k]?.synapses ?? 0, bits: bitsPerSynapse(profile) }
    const why = uses
      .filter((use) => !isEnough(use))
      .map((use) => excess(use, { ...subject, holder: 'core', kind: 'units' }))
    const what = enumerate(slices.map(describeSlice))
    return [
      `${what} ${slices.length === 1 ? 'does' : 'do'} not fit core ${core} of chip ${chip}: ${why.join('; ')}.${whatFits(uses)}\n` +
        'Spread them over more cores.',
    ]
  })
}

/** A text for every chip that needs more than it has, beside what its cores do. */
export function describeChips(chips: readonly ChipUse[], profile: ChipProfile): readonly string[] {
  const bits = bitsPerSynapse(profile)
  return chips.flatMap(({ chip, uses }) =>
    uses
      .filter((use) => !isEnough(use))
      .map((use) => {
        const synapses = use.resource === 'sharedSynapseBits' ? use.need / bits.bits : 0
        const why = excess(use, { synapses, bits, holder: 'chip', kind: 'units' })
        return `Chip ${chip} has not enough for what lies on it: ${why}.\nSpread the network over more chips.`
      }),
  )
}

/** A text if there are not as many cores as are needed. */
export function describeCount(profile: ChipProfile, needed: number): readonly string[] {
  const limit = availableCores(profile)
  if (needed <= limit) return []
  return [
    `The network takes ${many(needed, `${profile.name} core`)}, there ${limit === 1 ? 'is' : 'are'} ${grouped(limit)}${share({ need: needed, limit })}.\n` +
      `It would fit on ${many(chipsFor(profile, needed).count, 'chip')}.`,
  ]
}
