import type { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { parseChipPlacement } from '../../hardware/chip-placement/chip-placement-file.js'
import { executionPlacement, partitionPlaces } from '../../hardware/chip-placement/execution-placement.js'
import type { Placement } from '../../hardware/placement.js'
import { type PlacementIdentity, placementIdentity } from '../../hardware/placement-hash.js'
import { chipProfile, withChips } from '../../hardware/profile/packaged-profiles.js'
import type { CorePlace } from '../../hardware/routing/layout.js'
import type { Network } from '../../network/network.js'
import { parseJson, readingFile } from '../../network/reading/parse-json.js'
import { integerFrom, partOf, readString } from '../../network/reading/read-fields.js'
import { readTextFile } from '../../storage/read-text.js'
import { someText } from '../flag-values.js'
import { profilesOf } from './chip-choice.js'
import { inTermsOfFile } from './in-terms-of-file.js'

/** That a network runs as it lies on a chip. */
export interface PlacementFlag {
  readonly placement?: string
  /** The latencies between the cores of the chip are part of the model. */
  readonly chipLatency?: boolean
  /** Of which chip the placement has to be; a file for one that is not of the package. */
  readonly chip?: string
  /** What the file says; no flag. */
  readonly placed?: Placement
  /** Where its cores lie on the chip. */
  readonly places?: readonly CorePlace[]
}

export function addPlacementFlag(command: Command): Command {
  return command
    .option(
      '--placement <file>',
      'run on the cores of a placement on a chip, as place --out writes it, in place of --cores; changes no result',
      someText('--placement', 'a file'),
    )
    .option(
      '--chip-latency',
      'with --placement: what leaves a core is known on others only after the latencies of the chip, which are part of what ' +
        'is computed; results depend on where everything lies on the chip, and on nothing else (default: no latencies)',
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
 * Raises `InputError`, naming `--placement`: FLAG_CONFLICT beside `--cores`, or for `--chip-latency` without it, CHIP_LATENCY for a
 * chip that has none, PLACEMENT_PROFILE beside another `--chip`, CHIP_UNKNOWN for a chip that is not of the package,
 * and the codes of `parseChipPlacement` and `executionPlacement`.
 */
export async function withPlacement<Flags extends PlacementFlag & { readonly cores: number }>(
  network: Network,
  flags: Flags,
): Promise<Flags> {
  const { placement: file } = flags
  requirePlacement(flags)
  if (file === undefined) return flags
  if (flags.cores !== 1)
    throw new InputError({
      code: 'FLAG_CONFLICT',
      field: '--cores',
      found: 'the flag beside --placement',
      expected: 'one of the two',
      remedy: 'A placement has its own number of cores.',
    })
  const { placed, places } = await readPlacement(network, file, flags)
  return { ...flags, cores: placed.cores.length, placed, places }
}

/** Raises `InputError` FLAG_CONFLICT for latencies of no chip. */
export function requirePlacement({ placement, chipLatency }: Pick<PlacementFlag, 'placement' | 'chipLatency'>): void {
  if (chipLatency !== true || placement !== undefined) return
  throw new InputError({
    code: 'FLAG_CONFLICT',
    field: '--chip-latency',
    found: 'the flag without --placement',
    expected: 'both, for latencies are those of the ways between the cores of a placement',
    remedy: 'Let place --chip … --out FILE write one, and give it with --placement FILE.',
  })
}

/** What a run depends on beside its network. */
export function identityOfPlace({ placed }: Pick<PlacementFlag, 'placed'>): PlacementIdentity {
  return placed === undefined ? {} : placementIdentity(placed)
}

function otherChip(found: string, expected: string): InputError {
  return new InputError({
    code: 'PLACEMENT_PROFILE',
    field: 'profile',
    found: JSON.stringify(found),
    expected: `${JSON.stringify(expected)}, the chip of --chip`,
    remedy: 'Let place --chip … --out FILE place the network for that chip.',
  })
}

/** The placement of a file as a run has it, and where its cores lie on the chip. */
export async function readPlacement(
  network: Network,
  file: string,
  { chipLatency = false, chip: named }: Pick<PlacementFlag, 'chipLatency' | 'chip'>,
): Promise<Required<Pick<PlacementFlag, 'placed' | 'places'>>> {
  const text = await readTextFile(file, '--placement')
  const [own] = named === undefined ? [] : await profilesOf(named, {})
  return inTermsOfFile('--placement', file, () => {
    const { profile, chips } = readingFile(file, () => readHead(parseJson(text), '$'))
    if (own !== undefined && own.name !== profile.name) throw otherChip(profile.name, own.name)
    const chip = withChips(own ?? chipProfile(profile.name), chips)
    const placement = parseChipPlacement(text, network, chip, file)
    const placed = executionPlacement(network, placement, chipLatency ? { latency: chip } : {})
    return { placed, places: partitionPlaces(placement) }
  })
}
