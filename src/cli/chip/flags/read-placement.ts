import { InputError } from '../../../events/errors.js'
import { parseChipPlacement } from '../../../hardware/chip-placement/chip-placement-file.js'
import { executionPlacement, partitionPlaces } from '../../../hardware/chip-placement/execution-placement.js'
import type { ChipPlacement, Placement } from '../../../hardware/placement.js'
import type { ChipProfile } from '../../../hardware/profile/chip-profile.js'
import { chipProfile, chipProfileNames, withChips } from '../../../hardware/profile/packaged-profiles.js'
import type { CorePlace } from '../../../hardware/routing/layout.js'
import type { Network } from '../../../network/description/network.js'
import { parseJson, readingFile } from '../../../network/reading/parse-json.js'
import { partOf } from '../../../network/reading/read-fields.js'
import { integerFrom } from '../../../network/reading/read-number.js'
import { readString } from '../../../network/reading/read-value.js'
import { readTextFile } from '../../../storage/read-text.js'
import { PLACE_FOR_CHIP } from '../../in-terms-of-flags.js'
import { profileOf } from './chip-choice.js'
import { inTermsOfFile } from './in-terms-of-file.js'

/** A placement as a run has it, and where its cores lie on the chip. */
interface PlacedCores {
  readonly placed: Placement
  readonly places: readonly CorePlace[]
}

const readHead = partOf<{
  readonly profile: { readonly name: string }
  readonly chips: { readonly columns: number; readonly rows: number }
}>({
  profile: partOf<{ readonly name: string }>({ name: readString }),
  chips: partOf<{ readonly columns: number; readonly rows: number }>({ columns: integerFrom(1), rows: integerFrom(1) }),
})

/**
 * The placement of a file, on the chip of `--chip`, or that of the package which it names.
 *
 * Raises `InputError` as `withPlacement` does.
 */
export async function readPlacement(
  network: Network,
  file: string,
  { chipLatency = false, chip: named }: { readonly chipLatency?: boolean; readonly chip?: string },
): Promise<PlacedCores> {
  const text = await readTextFile(file, '--placement')
  const own = named === undefined ? undefined : await profileOf(named, 'a placement is on one')
  return inTermsOfFile('--placement', file, () => {
    const { profile, chips } = readingFile(file, () => readHead(parseJson(text), '$'))
    if (own !== undefined && own.name !== profile.name) throw otherChip(profile.name, own.name)
    const chip = withChips(own ?? packagedChip(profile.name), chips)
    const placement = parseChipPlacement(text, network, chip, file)
    const placed = chipLatency
      ? executionPlacement(network, placement, { latency: chip })
      : placedAtOnce(network, placement, chip)
    return { placed, places: partitionPlaces(placement) }
  })
}

/** Without latencies; of a cycle that they alone would let be cut the error says so. */
function placedAtOnce(network: Network, placement: ChipPlacement, chip: ChipProfile): Placement {
  try {
    return executionPlacement(network, placement)
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== 'PLACEMENT_CYCLE') throw error
    if (!mayTakeTime(network, placement, chip)) throw error
    const remedy = `${error.mistake.remedy ?? ''} With --chip-latency the ways between its cores take long enough.`
    throw new InputError({ ...error.mistake, remedy: remedy.trim(), cause: error })
  }
}

function mayTakeTime(network: Network, placement: ChipPlacement, latency: ChipProfile): boolean {
  try {
    executionPlacement(network, placement, { latency })
    return true
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}

function otherChip(found: string, expected: string): InputError {
  return new InputError({
    code: 'PLACEMENT_PROFILE',
    field: 'profile',
    found: JSON.stringify(found),
    expected: `${JSON.stringify(expected)}, the chip of --chip`,
    remedy: PLACE_FOR_CHIP,
  })
}

/** The chip of the package that a placement is on. */
function packagedChip(name: string): ChipProfile {
  try {
    return chipProfile(name)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError({
      ...{ code: error.code, field: 'profile.name', found: JSON.stringify(name) },
      expected: `a chip of the package, for there is no --chip: ${chipProfileNames().join(', ')}, or mesh:COLUMNSxROWS`,
      remedy: 'Give the file of its profile with --chip FILE.',
      cause: error,
    })
  }
}
