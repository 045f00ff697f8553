import { InputError } from '../../../events/errors.js'
import { type PlacementIdentity, placementIdentity } from '../../../hardware/placement-hash.js'
import type { Network } from '../../../network/description/network.js'
import type { PlacementFlag } from '../../run-flags.js'
import type { Terminal } from '../../terminal.js'
import { readPlacement } from './read-placement.js'
import { warnOfNoLatency } from './warn-of-no-latency.js'

/**
 * The flags, with the cores of a placement if one is given; of latencies that nothing meets a warning tells.
 *
 * Raises `InputError`, naming `--placement`: FLAG_CONFLICT beside `--cores`, or for `--chip-latency` without it, CHIP_LATENCY for a
 * chip that has none, PLACEMENT_PROFILE beside another `--chip`, CHIP_UNKNOWN for a chip that is not of the package,
 * and the codes of `parseChipPlacement` and `executionPlacement`.
 */
export async function withPlacement<Flags extends PlacementFlag & { readonly cores: number; readonly json: boolean }>(
  network: Network,
  flags: Flags,
  terminal: Pick<Terminal, 'err'>,
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
  warnOfNoLatency(terminal, flags.json, { ...flags, placed })
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

/** Raises `InputError` FLAG_CONFLICT for the chip of no placement, where it has no other meaning. */
export function requirePlacedChip({ placement, chip }: Pick<PlacementFlag, 'placement' | 'chip'>): void {
  if (chip === undefined || placement !== undefined) return
  throw new InputError({
    code: 'FLAG_CONFLICT',
    field: '--chip',
    found: 'the flag without --placement',
    expected: 'both, for here a chip is what a placement is on',
    remedy:
      'Leave it out, or give the placement of the network on it. The formats of a chip are those of train and evaluate.',
  })
}

/** What a run depends on beside its network. */
export function identityOfPlace({ placed }: Pick<PlacementFlag, 'placed'>): PlacementIdentity {
  return placed === undefined ? {} : placementIdentity(placed)
}
