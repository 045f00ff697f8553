import type { Network } from '../../network/description/network.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import { HEAR_APART } from '../chip-placement/remedies.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import type { CoreMeter } from '../reach/core-meter.js'
import { describeSlice } from '../slices.js'
import type { ChipUse } from './chip-fit.js'
import { availableCores, chipsFor, nameOfCore } from './chip-sites.js'
import { bitsPerSynapse, coreUses, isEnough } from './core-limits.js'
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
      `${what} ${slices.length === 1 ? 'does' : 'do'} not fit ${nameOfCore({ chip, core })}: ${why.join('; ')}.${whatFits(uses)}\n` +
        'Spread them over more cores.',
    ]
  })
}

/** Blocks that lie together on one core, for they hear the same units, each of which addresses few cores; and are too large. */
export function describeTogether(
  { groups }: Network,
  slices: readonly GroupSlice[],
  profile: ChipProfile,
  meter: CoreMeter,
): string {
  meter.hold(slices)
  const need = meter.need()
  const bits = bitsPerSynapse(profile)
  const uses = coreUses(profile, bits.bits)(need)
  const why = uses
    .filter((use) => !isEnough(use))
    .map((use) => excess(use, { kind: 'neurons', synapses: need.synapses, bits, holder: 'core' }))
  const what = slices.map((slice) => {
    const isWhole = groups.some(({ name, size }) => name === slice.group && size === slice.end - slice.start)
    return isWhole ? slice.group : describeSlice(slice)
  })
  const perUnit = figureValue(profile.core.axonsOutPerUnit) ?? 0
  const are = slices.length === 1 ? 'hears' : 'hear'
  return (
    `${enumerate(what)} ${are} units in common, each of which addresses ${many(perUnit, `${profile.name} core`)}, and ` +
    `${slices.length === 1 ? 'does' : 'do'} not fit one: ${why.join('; ')}.${whatFits(uses)}\n` +
    HEAR_APART
  )
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
