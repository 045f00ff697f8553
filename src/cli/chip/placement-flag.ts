import type { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { parseChipPlacement } from '../../hardware/chip-placement/chip-placement-file.js'
import { executionPlacement, partitionPlaces } from '../../hardware/chip-placement/execution-placement.js'
import type { Placement } from '../../hardware/placement.js'
import { chipProfile, withChips } from '../../hardware/profile/packaged-profiles.js'
import type { CorePlace } from '../../hardware/routing/layout.js'
import type { Network } from '../../network/network.js'
import { parseJson, readingFile } from '../../network/reading/parse-json.js'
import { integerFrom, partOf, readString } from '../../network/reading/read-fields.js'
import { readTextFile } from '../../storage/read-text.js'
import { someText } from '../flag-values.js'
import { inTermsOfFile } from './in-terms-of-file.js'

/** That a network runs as it lies on a chip. */
export interface PlacementFlag {
  readonly placement?: string
  /** What the file says; no flag. */
  readonly placed?: Placement
  /** Where its cores lie on the chip. */
  readonly places?: readonly CorePlace[]
}

export function addPlacementFlag(command: Command): Command {
  return command.option(
    '--placement <file>',
    'run on the cores of a placement on a chip, as place --out writes it, in place of --cores; never changes a result',
    someText('--placement', 'a file'),
  )
}

const readHead = partOf<{
  readonly profile: { readonly name: string }
  readonly chips: { readonly columns: number; readonly rows: number }
}>({
  profile: partOf<{ readonly name: string }>({ name: readString }),
  chips: partOf<{ readonly columns: number; readonly rows: number }>({ columns: integerFrom(1), rows: integerFrom(1) }),
})

/**
 * The flags, with the cores of a placement if one is given.
 *
 * Raises `InputError`, naming `--placement`: FLAG_CONFLICT beside `--cores`, CHIP_UNKNOWN for a chip that is not of the package,
 * and the codes of `parseChipPlacement` and `executionPlacement`.
 */
export async function withPlacement<Flags extends PlacementFlag & { readonly cores: number }>(
  network: Network,
  flags: Flags,
): Promise<Flags> {
  const { placement: file } = flags
  if (file === undefined) return flags
  if (flags.cores !== 1)
    throw new InputError({
      code: 'FLAG_CONFLICT',
      field: '--cores',
      found: 'the flag beside --placement',
      expected: 'one of the two',
      remedy: 'A placement has its own number of cores.',
    })
  const { placed, places } = await readPlacement(network, file)
  return { ...flags, cores: placed.cores.length, placed, places }
}

/** The placement of a file as a run has it, and where its cores lie on the chip. */
export async function readPlacement(
  network: Network,
  file: string,
): Promise<Required<Pick<PlacementFlag, 'placed' | 'places'>>> {
  const text = await readTextFile(file, '--placement')
  return inTermsOfFile('--placement', file, () => {
    const { profile, chips } = readingFile(file, () => readHead(parseJson(text), '$'))
    const chip = withChips(chipProfile(profile.name), chips)
    const placement = parseChipPlacement(text, network, chip, file)
    return { placed: executionPlacement(network, placement), places: partitionPlaces(placement) }
  })
}
