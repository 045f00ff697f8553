import type { Group } from '../../network/description/network.js'
import { blocksIn } from '../../network/slices/blocks.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import { BLOCK } from '../../numerics/block-sum.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import type { CoreMeter } from '../reach/core-meter.js'
import type { GroupFit, NarrowerWeights } from './chip-fit.js'
import { bitsPerSynapse, coreUses, isEnough, type ResourceUse } from './core-limits.js'
import { enumerate, excess, type Subject, whatFits } from './fit-words.js'
import { packGroup } from './pack-groups.js'
import { grouped, many } from './percent.js'

/** A group on cores of its own. */
export interface PackedGroup {
  readonly fit: GroupFit
  /** The slices of its cores; null: it fits no number of cores. */
  readonly slices: readonly GroupSlice[] | null
}

export function fitGroup(group: Group, profile: ChipProfile, meter: CoreMeter): PackedGroup {
  const bits = bitsPerSynapse(profile)
  const usesOf = coreUses(profile, bits.bits)
  const slices = packGroup(group, meter, usesOf)
  meter.hold([{ group: group.name, start: 0, end: group.size }])
  const need = meter.need()
  const uses = usesOf(need)
  const cores = slices?.length ?? null
  const narrower = cores === 1 ? null : narrowerWeights(group, profile, meter, cores)
  const subject: Subject = {
    kind: group.kind === 'source' ? 'source units' : 'neurons',
    synapses: need.synapses,
    bits,
    holder: 'core',
  }
  const message =
    cores === null
      ? tooLarge(group, profile, meter, narrower)
      : cores === 1
        ? null
        : `${group.name} does not fit one ${profile.name} core: ${describeExcess(uses, subject)}.${whatFits(uses)}\n` +
          remedy(group, cores, narrower)
  return { slices, fit: { group: group.name, uses, cores, narrower, message } }
}

function describeExcess(uses: readonly ResourceUse[], subject: Subject): string {
  return uses
    .filter((use) => !isEnough(use))
    .map((use) => excess(use, subject))
    .join('; ')
}

function remedy({ kind }: Group, cores: number | null, narrower: NarrowerWeights | null): string {
  const blocks = `(blocks of ${BLOCK} ${kind === 'source' ? 'units' : 'neurons'})`
  if (narrower === null) return `It would fit on ${many(cores ?? 0, 'core')} ${blocks}.`
  const { weightBits, cores: fewer } = narrower
  if (cores === null) return `It would fit on ${many(fewer, 'core')} ${blocks} with ${weightBits}-bit weights.`
  return `It would fit on ${many(cores, 'core')} ${blocks}, or on ${grouped(fewer)} with ${weightBits}-bit weights.`
}

/** The widest weights of 1, 2, 4, 8, … bits that the chip has and with which a group takes fewer cores. */
function narrowerWeights(
  group: Group,
  profile: ChipProfile,
  meter: CoreMeter,
  cores: number | null,
): NarrowerWeights | null {
  const { weightBits } = profile.formats
  if (weightBits?.range === undefined || profile.core.synapses?.kind !== 'list') return null
  let width = 1
  while (2 * width < weightBits.value) width *= 2
  for (; width >= weightBits.range[0] && width < weightBits.value; width = Math.floor(width / 2)) {
    const slices = packGroup(group, meter, coreUses(profile, bitsPerSynapse(profile, width).bits))
    if (slices !== null && (cores === null || slices.length < cores)) return { weightBits: width, cores: slices.length }
  }
  return null
}

/** A group that fits no number of cores: the neuron that needs most, or the block, if every neuron would fit by itself. */
function tooLarge(group: Group, profile: ChipProfile, meter: CoreMeter, narrower: NarrowerWeights | null): string {
  const bits = bitsPerSynapse(profile)
  const usesOf = coreUses(profile, bits.bits)
  const measure = (start: number, end: number) => {
    meter.hold([{ group: group.name, start, end }])
    return meter.need()
  }
  const worst = largestOf(group.size, (t) => shareOf(usesOf(measure(t, t + 1))))
  const isNeuron = worst.share > 1
  const start = isNeuron ? worst.index : worstBlock()
  const end = isNeuron ? start + 1 : Math.min(group.size, start + BLOCK)
  const need = measure(start, end)
  const uses = usesOf(need)
  const subject: Subject = {
    kind: group.kind === 'source' ? 'source units' : 'neurons',
    synapses: need.synapses,
    bits,
    holder: 'core',
  }
  const what = isNeuron ? `neuron ${start} of ${group.name} alone` : `the block ${group.name}[${start}:${end}] alone`
  const why = `${group.name} fits no number of ${profile.name} cores, for ${what} does not fit one: ${describeExcess(uses, subject)}.`
  if (narrower !== null) return `${why}\n${remedy(group, null, narrower)}`
  const limits = uses.filter((use) => !isEnough(use)).map((use) => limitWords(use, bits.bits))
  const whose = isNeuron ? 'Let a neuron have' : `Blocks of ${BLOCK} are not cut: let one have`
  return `${why}\n${whose} ${enumerate(limits)}, or choose a chip with larger cores.`

  function worstBlock(): number {
    const blocks = blocksIn(group.size)
    const shareOfBlock = (b: number) => shareOf(usesOf(measure(b * BLOCK, Math.min(group.size, (b + 1) * BLOCK))))
    return largestOf(blocks, shareOfBlock).index * BLOCK
  }
}

function limitWords({ resource, limit }: ResourceUse, bits: number): string {
  const most = limit ?? 0
  switch (resource) {
    case 'synapseBits':
      return `at most ${grouped(Math.floor(most / bits))} synapses`
    case 'axonsIn':
      return `synapses from at most ${grouped(most)} units`
    default:
      return `at most ${grouped(most)} ${resource}`
  }
}

/** How much of what there is is needed, of the scarcest resource. */
function shareOf(uses: readonly ResourceUse[]): number {
  return uses.reduce((most, { need, limit }) => Math.max(most, limit === null ? 0 : need / limit), 0)
}

/** The first of the largest. */
function largestOf(
  count: number,
  shareAt: (index: number) => number,
): { readonly index: number; readonly share: number } {
  let largest = { index: 0, share: Number.NEGATIVE_INFINITY }
  for (let index = 0; index < count; index++) {
    const share = shareAt(index)
    if (share > largest.share) largest = { index, share }
  }
  return largest
}
