import type { ForwardCounts } from '../../../hardware/counts/chip-counts.js'
import type { ChipFit } from '../../../hardware/fit/chip-fit.js'
import { many, percent } from '../../../hardware/fit/percent.js'
import type { ChipPlacement } from '../../../hardware/placement.js'
import { type ChipProfile, chipCount } from '../../../hardware/profile/chip-profile.js'
import type { Level } from '../../../hardware/routing/layout.js'
import { joined, ownLines, type Shown, shown } from '../../shown.js'
import { formatTable } from '../../table.js'
import { holdsOf, positionOf, tightestOf } from './core-words.js'
import { amountOf } from './figure-words.js'
import { LEVELS } from './report-words.js'

function linksPerPacket({ hops, packets }: ForwardCounts): number {
  const all = Object.values(packets).reduce((sum, count) => sum + count, 0)
  return all === 0 ? 0 : Object.values(hops).reduce((sum, count) => sum + count, 0) / all
}

/** A network on a chip. */
export interface Placed {
  readonly profile: ChipProfile
  readonly placement: ChipPlacement
  readonly fit: ChipFit
  readonly forward: ForwardCounts
}

/** Core by core: what each holds and what limits it, and what is sent. */
export function placementTable({ profile, fit, forward }: Placed, rates: string): Shown {
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
  return ownLines(
    [
      formatTable(['chip', 'core', 'tile', 'holds', 'fullest'], rows),
      `\n${profile.name}: ${fit.cores.length} of ${many(fit.available, 'core')} on ${amountOf(chipsUsed(fit))} of ${many(chipCount(profile), 'chip')}\n`,
      packets.length === 0
        ? `packets ${rates}: none\n`
        : `packets ${rates}: ${packets.join(', ')}; ${linksPerPacket(forward).toFixed(2)} links each\n`,
      ...unknown,
      ...fit.messages.map((message) => `${message}\n`),
    ].join(''),
  )
}

/** Several chips beside each other. */
export function sideBySide(all: readonly Placed[], rates: string): Shown {
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
  return joined([formatTable(['', ...all.map(({ profile }) => profile.name)], rows), shown`\npackets ${rates}\n`])
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
