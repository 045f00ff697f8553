import type { Network } from '../../network/description/network.js'
import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { readNetwork } from '../../network/reading/read-network.js'
import { integerFrom } from '../../network/reading/read-number.js'
import type { PlacedCore } from '../placement.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import { defineChipProfile } from '../profile/parse-chip-profile.js'
import { type CoreMeter, createCoreMeter } from '../reach/core-meter.js'
import { incomingOf } from '../reach/incoming.js'
import type { SlicesPerCore } from '../slices.js'
import { axonsOut } from './axons-out.js'
import type { ChipFit, FitOptions } from './chip-fit.js'
import { availableCores, firstSites } from './chip-sites.js'
import { bitsPerSynapse, coreUses } from './core-limits.js'
import { describeChips, describeCores, describeCount, describeTogether } from './describe-fit.js'
import { fitGroup, type PackedGroup } from './fit-group.js'
import { packNetwork, packTogether } from './pack-groups.js'
import { readPlacedCores, requirePlacedCores } from './placed-cores.js'
import { splitByAxonsOut } from './split-slices.js'
import { unknownLimits } from './unknown-limits.js'
import { usesOfCores } from './uses-of-cores.js'

const OPTIONS: Readers<FitOptions> = {
  seed: integerFrom(0),
  placement: (value, field) => ({ cores: readPlacedCores(value, field) }),
}

/**
 * Whether a network fits a chip: how much its groups need of what a core has, how many cores they take, and what does not fit,
 * with what would help.
 *
 * Per core: neurons and source units, which need a place to spike from; synapses, or their bits for weight, delay and target in
 * the formats of the chip; axons in, the distinct source units with a target there; axons out, the destination cores summed
 * over its units, and those of one unit where a chip limits these. Per chip with routing tables an entry for every core whose packets begin or end there, at least. Pairs of a
 * dense projection without a synapse do not count. Unknown figures limit nothing; `unknown` names them.
 *
 * It takes time in proportion to the listed synapses and the neurons, not to dense pairs; rules count by their mean, unless a
 * seed draws them. Without a placement groups are packed in order, between blocks of 32.
 *
 * Raises `InputError` as `defineChipProfile` does, and FIELD_TYPE, FIELD_UNKNOWN, FIELD_MISSING, OPTION_OUT_OF_RANGE,
 * PLACEMENT_GROUP_UNKNOWN, PLACEMENT_SLICE_INVALID, PLACEMENT_CORE_UNKNOWN for options.
 *
 * @example
 * const { fits, messages } = fitChip(network, chipProfile('loihi'))
 */
export function fitChip(network: Network, profile: ChipProfile, options: FitOptions = {}): ChipFit {
  readNetwork(network)
  const chip = defineChipProfile(profile)
  const { seed = null, placement } = readOptions<FitOptions>(options, OPTIONS)
  const meter = createCoreMeter(network, incomingOf(network, seed))
  const groups = network.groups.map((group) => fitGroup(group, chip, meter))
  const groupFits = groups.map(({ fit }) => fit)
  const about = { profile: chip.name, groups: groupFits, available: availableCores(chip), unknown: unknownLimits(chip) }
  if (placement !== undefined) {
    const used = usesOfCores(network, chip, requirePlacedCores(network, chip, placement.cores), meter)
    const messages = [...describeCores(used, chip), ...describeChips(used.chips, chip)]
    return { ...about, fits: messages.length === 0, cores: used.cores, chips: used.chips, messages }
  }
  const packed = groups.map(({ slices }) => slices)
  const own = packInOrder(network, chip, meter, packed)
  const { cores, chips } = usesOfCores(network, chip, sitesFor(chip, own), meter)
  const isEach = own.fits && !packed.includes(null)
  // Where a group fits no number of cores, no number of cores can be given.
  const tooMany = isEach ? [...describeChips(chips, chip), ...describeCount(chip, cores.length)] : []
  return {
    ...{ ...about, fits: isEach && tooMany.length === 0, cores, chips },
    messages: [...groupFits.flatMap(({ message }) => message ?? []), ...own.messages, ...tooMany],
  }
}

interface OwnCores {
  readonly cores: SlicesPerCore
  readonly fits: boolean
  readonly messages: readonly string[]
}

function packInOrder(
  network: Network,
  chip: ChipProfile,
  meter: CoreMeter,
  groups: readonly PackedGroup['slices'][],
): OwnCores {
  const usesOf = coreUses(chip, bitsPerSynapse(chip).bits)
  const limit = figureValue(chip.core.axonsOut) ?? Number.POSITIVE_INFINITY
  const perUnit = figureValue(chip.core.axonsOutPerUnit) ?? Number.POSITIVE_INFINITY
  const split = splitByAxonsOut(
    network,
    groups.map((slices) => slices ?? []),
    limit,
    meter,
    chip.name,
  )
  const cores = packNetwork(split.groups, meter, usesOf, { limit, out: split.out })
  if (perUnit === Number.POSITIVE_INFINITY) return { ...split, cores }
  const out = axonsOut(network, cores, meter)
  if (cores.flat().every((slice) => out.mostOf(slice) <= perUnit)) return { ...split, cores }
  const together = packTogether(network, meter, usesOf)
  const messages = together.tooLarge.map((held) => describeTogether(network, held, chip, meter))
  return { cores: together.cores, fits: messages.length === 0, messages }
}

function sitesFor(chip: ChipProfile, { cores }: OwnCores): readonly PlacedCore[] {
  const sites = firstSites(chip, cores.length)
  return cores.map((slices, k) => ({ chip: 0, core: k, ...sites[k], slices }))
}
