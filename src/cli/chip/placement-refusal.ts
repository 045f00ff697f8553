import { InputError } from '../../events/errors.js'
import { chipsFor } from '../../hardware/fit/chip-sites.js'
import { fitChip } from '../../hardware/fit/fit-chip.js'
import type { ChipProfile } from '../../hardware/profile/chip-profile.js'
import { withChips } from '../../hardware/profile/packaged-profiles.js'
import type { Network } from '../../network/description/network.js'
import { blocksIn } from '../../network/slices/blocks.js'
import { BLOCK } from '../../numerics/block-sum.js'
import { printedOnce } from './words/printed-once.js'

interface Asked {
  /** Absent: what rules draw is reported by its mean. */
  readonly seed?: number
  readonly neuronsPerCore?: number
}

/** Why a network is not placed on a chip, naming the flag, with all that does not fit and the remedies, each named once. */
export function placementRefusal(
  error: InputError,
  network: Network,
  profile: ChipProfile,
  { neuronsPerCore, ...drawn }: Asked,
): InputError {
  const isRoom = isCapacityTooSmall(error, network, neuronsPerCore)
  const isOfNetwork = error.code === 'PLACEMENT_CAPACITY' && !isRoom
  const [remedy, ...further] = isOfNetwork ? whatHelps(error, network, profile, drawn) : []
  return new InputError({
    ...error.mistake,
    field: isRoom ? '--neurons-per-core' : '--chip',
    ...(remedy === undefined ? {} : { remedy, further }),
    cause: error,
  })
}

/** Whether it is for `--neurons-per-core` that something does not fit: its absence, or a number in which no block has room. */
function isCapacityTooSmall(
  { mistake }: InputError,
  { groups }: Network,
  neuronsPerCore = Number.POSITIVE_INFINITY,
): boolean {
  if (mistake.code !== 'PLACEMENT_CAPACITY') return mistake.field === 'options.neuronsPerCore'
  return groups.some(({ size }) => Math.min(size, BLOCK) > neuronsPerCore)
}

/** How the library says it. */
const MORE_CHIPS = /withChips\(profile, \{ columns: (\d+), rows: (\d+) \}\)/

function whatHelps(
  { mistake }: InputError,
  network: Network,
  profile: ChipProfile,
  drawn: Pick<Asked, 'seed'>,
): readonly string[] {
  const { remedy = '' } = mistake
  const isOfCount = MORE_CHIPS.test(remedy)
  // The remedy reports how many chips would do, from the cores that were filled.
  const { fits, messages } = fitChip(network, isOfCount ? withEnoughChips(profile, network) : profile, drawn)
  const words = printedOnce(messages)
  // No number of chips helps what fits none.
  return [
    ...words.flatMap((text) => text.split('\n')),
    ...((isOfCount && fits) || words.length === 0 ? [remedy.replace(MORE_CHIPS, '--chips $1x$2')] : []),
  ]
}

/** A core for every block at least. */
function withEnoughChips(profile: ChipProfile, { groups }: Network): ChipProfile {
  const blocks = groups.reduce((sum, { size }) => sum + blocksIn(size), 0)
  const { columns, rows } = chipsFor(profile, blocks)
  return withChips(profile, { columns, rows })
}
