import { byName, entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { ChipPlacement } from '../../hardware/chip-placement/chip-placement.js'
import { formatChipPlacement, parseChipPlacement } from '../../hardware/chip-placement/chip-placement-file.js'
import { chipPlacementHash } from '../../hardware/chip-placement/chip-placement-hash.js'
import { placeOnChip } from '../../hardware/chip-placement/place-on-chip.js'
import type { SpikesPerUnit } from '../../hardware/chip-placement/spikes-per-unit.js'
import type { ForwardCounts } from '../../hardware/counts/chip-counts.js'
import { chipCounts } from '../../hardware/counts/count-chip.js'
import type { ChipFit } from '../../hardware/fit/chip-fit.js'
import { fitChip } from '../../hardware/fit/fit-chip.js'
import { type ChipProfile, chipCount } from '../../hardware/profile/chip-profile.js'
import type { Level } from '../../hardware/routing/layout.js'
import type { Network } from '../../network/network.js'
import { formatJson } from '../../storage/format-json.js'
import { readTextFile } from '../../storage/read-text.js'
import { writeAtomically } from '../../storage/write-atomically.js'
import { formatTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { floorPlan, writePictures } from './chip-pictures.js'
import { holdsOf, percent, positionOf, tightestOf } from './core-words.js'
import { amountOf } from './figure-words.js'
import { LEVELS } from './report-words.js'

export interface ProfileFlags {
  readonly seed: number
  /** Where the profile does not say, or fewer. */
  readonly neuronsPerCore?: number
  readonly json: boolean
  /** Read in place of a search. */
  readonly placement?: string
  readonly out?: string
  /** Folder. */
  readonly pictures?: string
}

export interface Placed {
  readonly profile: ChipProfile
  readonly placement: ChipPlacement
  readonly fit: ChipFit
  readonly forward: ForwardCounts
}

/**
 * Where a network goes on a chip: as a file says, or as few cores as it fits.
 *
 * Raises `InputError`, naming `--chip` or `--placement`, with what does not fit and what would help.
 */
export async function placedOn(
  network: Network,
  profile: ChipProfile,
  { seed, placement: file, neuronsPerCore }: Pick<ProfileFlags, 'seed' | 'placement' | 'neuronsPerCore'>,
  spikes?: SpikesPerUnit,
): Promise<ChipPlacement> {
  if (file !== undefined) return parseChipPlacement(await readTextFile(file, '--placement'), network, profile, file)
  try {
    const room = neuronsPerCore === undefined ? {} : { neuronsPerCore }
    return placeOnChip(network, profile, { seed, ...room, ...(spikes === undefined ? {} : { spikes }) })
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const words = error.code === 'PLACEMENT_CAPACITY' ? fitChip(network, profile, { seed }).messages : []
    const remedy = [...words, error.mistake.remedy ?? ''].join('\n').trim()
    throw new InputError({
      ...error.mistake,
      field: fieldOf(error),
      ...(remedy === '' ? {} : { remedy }),
      cause: error,
    })
  }
}

function fieldOf({ mistake }: InputError): string {
  if (mistake.field?.startsWith('options.spikes') === true) return '--rates-from'
  return mistake.field === 'options.neuronsPerCore' ? '--neurons-per-core' : '--chip'
}

/** `antidrome place --chip` with profiles: where everything goes, what limits it, what it would send. */
export async function placeOnProfiles(
  subject: { readonly name: string; readonly network: Network },
  profiles: readonly ChipProfile[],
  flags: ProfileFlags & { readonly spikes: SpikesPerUnit | undefined },
  terminal: Terminal,
): Promise<void> {
  const { network, name } = subject
  refuseSeveral(profiles, flags)
  const { placed: all, refused } = await eachOf(profiles, async (profile): Promise<Placed> => {
    const placement = await placedOn(network, profile, flags, flags.spikes)
    const fit = fitChip(network, profile, { seed: flags.seed, placement })
    return { profile, placement, fit, forward: trafficOf(network, profile, placement, flags) }
  })
  for (const { profile, placement, fit } of all) {
    if (flags.out !== undefined) await writeAtomically(flags.out, formatChipPlacement(network, profile, placement))
    if (flags.pictures === undefined) continue
    const paths = await writePictures(flags.pictures, profile.name, floorPlan(name, profile, fit, null))
    for (const path of paths) terminal.err(`${path} is written.\n`)
  }
  const rates = flags.spikes === undefined ? 'if every unit spikes once, which is assumed' : 'with the spikes given'
  if (flags.json) {
    for (const placed of all) for (const record of recordsOf(placed)) terminal.out(`${formatJson(record)}\n`)
    for (const { profile, reason } of refused) terminal.out(`${formatJson({ placed: false, profile, reason })}\n`)
  } else for (const { profile, reason } of refused) terminal.out(`${profile}: ${reason}\n\n`)
  if (flags.json) return
  if (all.length > 1) terminal.out(sideBySide(all, rates))
  else for (const placed of all) terminal.out(tableOf(placed, rates))
}

/** What cannot be had of one chip among several, and why. */
export interface Refused {
  readonly profile: string
  readonly reason: string
}

/** Does something for each chip; of several those are told apart for which it cannot be done, as long as it can for one. */
export async function eachOf<Result>(
  profiles: readonly ChipProfile[],
  work: (profile: ChipProfile) => Promise<Result>,
): Promise<{ readonly placed: readonly Result[]; readonly refused: readonly Refused[] }> {
  const placed: Result[] = []
  const refused: Refused[] = []
  let first: unknown = null
  for (const profile of profiles)
    try {
      placed.push(await work(profile))
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      first ??= error
      refused.push({ profile: profile.name, reason: error.message })
    }
  if (placed.length === 0) throw first
  return { placed, refused }
}

/** One placement is in a file. */
function refuseSeveral(profiles: readonly ChipProfile[], { out, placement }: ProfileFlags): void {
  const flag = out !== undefined ? '--out' : placement !== undefined ? '--placement' : null
  if (profiles.length === 1 || flag === null) return
  throw new InputError({
    code: 'FLAG_CONFLICT',
    field: flag,
    found: `the flag beside ${profiles.length} chips`,
    expected: 'one chip',
    remedy: 'A file holds the placement on one chip: name one with --chip.',
  })
}

/** What one trial sends with these spikes, or with one of every unit. */
function trafficOf(
  network: Network,
  profile: ChipProfile,
  placement: ChipPlacement,
  { seed, spikes }: { readonly seed: number; readonly spikes: SpikesPerUnit | undefined },
): ForwardCounts {
  const perUnit = byName(
    network.groups.flatMap(({ name, kind }) => (kind === 'li' ? [] : [[name, entryOf(spikes, name) ?? 1] as const])),
  )
  const most = Object.values(perUnit).reduce<number>((top, each) => {
    return Math.max(top, typeof each === 'number' ? each : Array.from(each).reduce((a, b) => Math.max(a, b), 0))
  }, 1)
  const steps = Math.ceil(most)
  const neurons = network.groups.filter(({ kind }) => kind !== 'source')
  const activeSteps = byName(neurons.map(({ name }) => [name, steps]))
  return chipCounts(network, placement, profile, { trials: 1, steps, spikes: perUnit, activeSteps }, { seed }).forward
}

function linksPerPacket({ hops, packets }: ForwardCounts): number {
  const all = Object.values(packets).reduce((sum, count) => sum + count, 0)
  return all === 0 ? 0 : Object.values(hops).reduce((sum, count) => sum + count, 0) / all
}

function tableOf({ profile, fit, forward }: Placed, rates: string): string {
  const rows = fit.cores.map((core) => {
    const { x, y } = positionOf(profile, core)
    const tightest = tightestOf(core)
    const limit = tightest === null ? '-' : `${tightest.resource} ${percent(tightest.share)}`
    return [core.chip, core.core, `${x},${y}`, holdsOf(core).join(' '), limit]
  })
  const packets = (Object.keys(LEVELS) as Level[])
    .filter((level) => forward.packets[level] > 0)
    .map((level) => `${amountOf(forward.packets[level])} ${LEVELS[level]}`)
  const unknown =
    fit.unknown.length === 0 ? [] : [`Not known of ${profile.name}, so no limit: ${fit.unknown.join(', ')}.\n`]
  return [
    formatTable(['chip', 'core', 'tile', 'holds', 'fullest'], rows),
    `\n${profile.name}: ${fit.cores.length} of ${amountOf(fit.available)} cores on ${chipsUsed(fit)} of ${chipCount(profile)} chips\n`,
    `packets ${rates}: ${packets.join(', ')}; ${linksPerPacket(forward).toFixed(2)} links each\n`,
    ...unknown,
    ...fit.messages.map((message) => `${message}\n`),
  ].join('')
}

function sideBySide(all: readonly Placed[], rates: string): string {
  const rows = [
    ['cores in use', ...all.map(({ fit }) => amountOf(fit.cores.length))],
    ['of', ...all.map(({ fit }) => amountOf(fit.available))],
    ['chips in use', ...all.map(({ fit }) => amountOf(chipsUsed(fit)))],
    ['fullest core', ...all.map(({ fit }) => fullestOf(fit))],
    ...(Object.keys(LEVELS) as Level[]).map((level) => [
      `packets ${LEVELS[level]}`,
      ...all.map(({ forward }) => amountOf(forward.packets[level])),
    ]),
    ['links a packet', ...all.map(({ forward }) => linksPerPacket(forward).toFixed(2))],
  ]
  return `${formatTable(['', ...all.map(({ profile }) => profile.name)], rows)}\npackets ${rates}\n`
}

function fullestOf({ cores }: ChipFit): string {
  const tightest = cores.map(tightestOf).reduce((most, each) => {
    return each !== null && (most === null || each.share > most.share) ? each : most
  }, null)
  return tightest === null ? 'no limit known' : `${tightest.resource} ${percent(tightest.share)}`
}

function chipsUsed({ cores }: ChipFit): number {
  return new Set(cores.map(({ chip }) => chip)).size
}

function recordsOf({ profile, placement, fit, forward }: Placed): readonly object[] {
  const cores = fit.cores.map((core) => ({ profile: profile.name, ...core, ...positionOf(profile, core) }))
  const { packets, hops, linkCrossings } = forward
  const { fits, messages, unknown, available, chips } = fit
  const summary = {
    ...{ placed: true, profile: profile.name, hash: chipPlacementHash(placement), fits },
    ...{ cores: cores.length, available, chips, messages, unknown },
    forward: { packets, hops, linkCrossings },
  }
  return [...cores, summary]
}
