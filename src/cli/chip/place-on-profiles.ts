import { byName, entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { formatChipPlacement, parseChipPlacement } from '../../hardware/chip-placement/chip-placement-file.js'
import { exportChipPlacement } from '../../hardware/chip-placement/export-placement.js'
import {
  type ChipPlacementOptions,
  type PlacingProgress,
  placeOnChip,
} from '../../hardware/chip-placement/place-on-chip.js'
import type { SpikesPerUnit } from '../../hardware/chip-placement/spikes-per-unit.js'
import type { ForwardCounts } from '../../hardware/counts/chip-counts.js'
import { chipCounts } from '../../hardware/counts/count-chip.js'
import { fitChip } from '../../hardware/fit/fit-chip.js'
import { enumerate } from '../../hardware/fit/fit-words.js'
import type { ChipPlacement } from '../../hardware/placement.js'
import { chipPlacementHash } from '../../hardware/placement-hash.js'
import type { ChipProfile } from '../../hardware/profile/chip-profile.js'
import type { Network } from '../../network/description/network.js'
import { canSpike } from '../../network/models/models.js'
import { readTextFile } from '../../storage/read-text.js'
import type { Output, OutputFolder } from '../outputs/outputs.js'
import { createProgressWords, type ProgressWords } from '../progress-words.js'
import { refuseFlags } from '../refuse-flags.js'
import { joined, jsonLine, shown } from '../shown.js'
import type { Terminal } from '../terminal.js'
import { floorPlan, writePictures } from './chip-pictures.js'
import { eachProfile, type Outcome, refusalsOf, resultsOf } from './each-profile.js'
import type { EffortFlag } from './flags/effort-flag.js'
import { placementRefusal } from './placement-refusal.js'
import type { UnitsFile } from './units-file.js'
import { positionOf } from './words/core-words.js'
import { type Placed, placementTable, sideBySide } from './words/placement-table.js'
import { placingWords, tellOf } from './words/placing-words.js'

export interface ProfileFlags extends EffortFlag {
  readonly seed: number
  /** Where the profile does not say, or fewer. */
  readonly neuronsPerCore?: number
  readonly json: boolean
  /** Read in place of a search. */
  readonly placement?: string
}

/** Where `place` writes; null: nowhere. */
export interface PlacementOutputs {
  readonly out: Output | null
  /** Chip and core of every unit. */
  readonly exported: UnitsFile | null
  readonly pictures: OutputFolder | null
}

interface PlacedOptions extends Pick<ChipPlacementOptions, 'spikes' | 'effort'> {
  readonly tell: ProgressWords
}

/**
 * The placement of a network on a chip: from a file, or on as few cores as it fits.
 *
 * Raises `InputError`, naming `--chip` or `--placement`, with what does not fit and what would help.
 */
export async function placedOn(
  network: Network,
  profile: ChipProfile,
  {
    seed,
    placement: file,
    neuronsPerCore,
    effort,
  }: Pick<ProfileFlags, 'seed' | 'placement' | 'neuronsPerCore' | 'effort'>,
  { tell, ...options }: PlacedOptions,
): Promise<ChipPlacement> {
  if (file !== undefined) return parseChipPlacement(await readTextFile(file, '--placement'), network, profile, file)
  const room = neuronsPerCore === undefined ? {} : { neuronsPerCore }
  let isDrawn = false
  const onProgress = (progress: PlacingProgress) => {
    isDrawn = true
    tell(`${profile.name}: ${placingWords(progress)}`)
  }
  try {
    return placeOnChip(network, profile, {
      seed,
      ...room,
      ...(effort === undefined ? {} : { effort }),
      ...options,
      onProgress,
    })
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    tell(`${profile.name}: finding out what does not fit`)
    // What is refused before its synapses are drawn is explained by their mean.
    throw placementRefusal(error, network, profile, { ...(isDrawn ? { seed } : {}), ...room })
  }
}

/** `antidrome place --chip` with profiles: where everything goes, what limits it, what it would send. */
export async function placeOnProfiles(
  subject: { readonly name: string; readonly network: Network },
  profiles: readonly ChipProfile[],
  flags: ProfileFlags & PlacementOutputs & { readonly spikes: SpikesPerUnit | undefined },
  terminal: Terminal,
): Promise<void> {
  const { network, name } = subject
  const { seed, out, exported, pictures: folder, json, spikes } = flags
  const tell = createProgressWords(terminal)
  const outcomes = await eachProfile(profiles, async (profile): Promise<Placed> => {
    const placement = await placedOn(network, profile, flags, { tell, ...(spikes === undefined ? {} : { spikes }) })
    tell(`${profile.name}: counting what cores need`)
    const fit = fitChip(network, profile, { seed, placement })
    return { profile, placement, fit, forward: packetsOf(network, profile, placement, { seed, spikes, tell }) }
  })
  const all = resultsOf(outcomes)
  for (const { profile, placement, fit } of all) {
    if (out !== null) {
      await out.write(formatChipPlacement(network, profile, placement))
      terminal.err(shown`${out.path} is written.\n`)
    }
    if (exported !== null) {
      await exported.file.write(exportChipPlacement(network, profile, placement, exported.format))
      terminal.err(shown`${exported.file.path} is written.\n`)
    }
    if (folder !== null)
      await writePictures({ folder, json }, profile.name, floorPlan(name, profile, fit, null), terminal)
  }
  const assumed = assumedOf(network, spikes)
  if (json) for (const record of outcomes.flatMap((each) => recordsOf(each, assumed))) terminal.out(jsonLine(record))
  else {
    const rates = ratesOf(assumed, spikes)
    terminal.out(all.length > 1 ? sideBySide(all, rates) : joined(all.map((placed) => placementTable(placed, rates))))
    terminal.out(refusalsOf(outcomes))
  }
}

/** Raises `InputError` FLAG_CONFLICT for flags that do not go together. */
export function requireProfileFlags(
  profiles: readonly ChipProfile[],
  flags: Partial<ProfileFlags> & { readonly out?: string; readonly export?: string },
): void {
  const { out, placement, export: exported } = flags
  if (placement !== undefined) refuseFlags(flags, ['neuronsPerCore', 'effort'], 'a placement says what each core holds')
  const given = [['--out', out] as const, ['--export', exported] as const, ['--placement', placement] as const]
  const flag = given.find(([, file]) => file !== undefined)?.[0] ?? null
  if (profiles.length === 1 || flag === null) return
  throw new InputError({
    code: 'FLAG_CONFLICT',
    field: flag,
    found: `the flag beside ${profiles.length} chips`,
    expected: 'one chip',
    remedy: 'A file holds the placement on one chip: name one with --chip.',
  })
}

/** The groups whose spike rates are not given. */
function assumedOf({ groups }: Network, spikes: SpikesPerUnit | undefined): readonly string[] {
  return groups.filter((group) => canSpike(group) && entryOf(spikes, group.name) === undefined).map(({ name }) => name)
}

function ratesOf(assumed: readonly string[], spikes: SpikesPerUnit | undefined): string {
  if (spikes === undefined) return 'if every unit spikes once, which is assumed'
  if (assumed.length === 0) return `with the spikes given${isSilent(spikes) ? ', all of which are 0' : ''}`
  return `with the spikes given, and if every unit of ${enumerate(assumed)} spikes once, which is assumed`
}

function isSilent(spikes: SpikesPerUnit): boolean {
  return Object.values(spikes).every((each) =>
    (typeof each === 'number' ? [each] : Array.from(each)).every((n) => n === 0),
  )
}

/** What one trial sends with these spikes, or with one of every unit. */
function packetsOf(
  network: Network,
  profile: ChipProfile,
  placement: ChipPlacement,
  {
    seed,
    spikes,
    tell,
  }: { readonly seed: number; readonly spikes: SpikesPerUnit | undefined; readonly tell: ProgressWords },
): ForwardCounts {
  const perUnit = byName(network.groups.filter(canSpike).map(({ name }) => [name, entryOf(spikes, name) ?? 1] as const))
  const most = Object.values(perUnit).reduce<number>((top, each) => {
    return Math.max(top, typeof each === 'number' ? each : Array.from(each).reduce((a, b) => Math.max(a, b), 0))
  }, 1)
  const steps = Math.ceil(most)
  const neurons = network.groups.filter(({ kind }) => kind !== 'source')
  const activeSteps = byName(neurons.map(({ name }) => [name, steps]))
  const tally = { trials: 1, steps, spikes: perUnit, activeSteps }
  const onProgress = tellOf(profile.name, 'counting packets', tell)
  return chipCounts(network, placement, profile, tally, { seed, onProgress }).forward
}

function recordsOf(outcome: Outcome<Placed>, assumed: readonly string[]): readonly object[] {
  if ('reason' in outcome) return [{ placed: false, ...outcome }]
  const { profile, placement, fit, forward } = outcome.result
  const cores = fit.cores.map((core) => ({ profile: profile.name, ...core, ...positionOf(profile, core) }))
  const { packets, hops, linkCrossings } = forward
  const { fits, messages, unknown, available, chips } = fit
  const summary = {
    ...{ placed: true, profile: profile.name, hash: chipPlacementHash(placement), fits },
    ...{ cores: cores.length, available, chips, messages, unknown, assumed },
    forward: { packets, hops, linkCrossings },
  }
  return [...cores, summary]
}
