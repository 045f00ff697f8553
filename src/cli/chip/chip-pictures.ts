import { join } from 'node:path'
import type { ChipCongestion } from '../../hardware/congestion/chip-congestion.js'
import type { ChipFit } from '../../hardware/fit/chip-fit.js'
import { many } from '../../hardware/fit/percent.js'
import type { ChipProfile } from '../../hardware/profile/chip-profile.js'
import type { ChipReport } from '../../hardware/report/chip-report.js'
import type { Level } from '../../hardware/routing/layout.js'
import { type Bar, barsPicture } from '../../storage/pictures/bars-picture.js'
import { type FloorLink, floorPlanPicture } from '../../storage/pictures/floor-plan-picture.js'
import { PICTURE } from '../outputs/output-kind.js'
import type { OutputFolder } from '../outputs/outputs.js'
import { shown } from '../shown.js'
import type { Terminal } from '../terminal.js'
import { warn } from '../warn.js'
import { holdsOf, positionOf, tightestOf } from './words/core-words.js'
import { amountOf, energyOf, energyTick } from './words/figure-words.js'
import { COMPONENTS, componentsOf, LEVELS, PHASES } from './words/report-words.js'

/** More cores than these are drawn as what they are: some thousand squares say nothing. */
const MOST_TILES = 20_000

/** A text as SVG, or why there is none. */
type Drawn = string | { readonly leftOut: string }

const FLOOR_PLAN = 'floor-plan'
const NAMES = [FLOOR_PLAN, 'energy', 'traffic'] as const

/** By the ends of their file names. */
export type Pictures = Readonly<Partial<Record<(typeof NAMES)[number], Drawn>>>

/** @param congestion draws links as thick as their busiest window; null: none are drawn */
export function floorPlan(
  network: string,
  profile: ChipProfile,
  fit: ChipFit,
  congestion: ChipCongestion | null,
): Pictures {
  const { chip, chips } = profile
  const count = chip.columns * chip.rows * chips.columns * chips.rows
  if (count > MOST_TILES)
    return {
      'floor-plan': { leftOut: `of ${amountOf(count)} tiles, for more than ${amountOf(MOST_TILES)} are not drawn` },
    }
  const title = `${network} on ${profile.name}${countOf(chips)}`
  const subtitle = `${many(fit.cores.length, 'core')} in use, in the colour of their layer, the fuller the stronger${
    congestion === null ? '' : '; links as thick as they are busy'
  }`
  const cores = fit.cores.map((core) => ({
    ...positionOf(profile, core),
    slot: core.core % chip.coresPerTile,
    layers: [...new Set(core.slices.map(({ group }) => group))],
    holds: holdsOf(core),
    tightest: tightestOf(core),
  }))
  const tiles = { columns: chip.columns, rows: chip.rows, cores: chip.coresPerTile }
  const links = congestion === null ? [] : linksOf(congestion)
  return { 'floor-plan': floorPlanPicture({ title, subtitle, tiles, chips, cores, links }) }
}

/** Both directions of a link as one, the busier counts; those around the edges of a torus are left out. */
function linksOf({ links }: ChipCongestion): readonly FloorLink[] {
  const most = links.reduce((top, link) => Math.max(top, link.most), 0)
  const found = new Map<string, FloorLink>()
  for (const { from, to, most: own } of links) {
    const [dx, dy] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)]
    if (dx > 1 || dy > 1) continue
    const towards = dx === 1 && dy === 1 ? 'northeast' : dx === 1 ? 'east' : 'north'
    const [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)]
    const key = `${x},${y},${towards}`
    const share = Math.max(found.get(key)?.share ?? 0, most === 0 ? 0 : own / most)
    found.set(key, { x, y, towards, share })
  }
  return [...found.values()]
}

const UNKNOWN = 'hatched: unknown, the profile has no figure'
const ENERGY_AXIS = { title: 'energy of all trials (log scale)', format: energyTick }
const PACKET_AXIS = { title: 'packets of all trials (log scale)', format: amountOf }

/** Energy by component, and packets by level, both with a bar for each phase. */
export function reportPictures(network: string, { profile, energy, ...counts }: ChipReport): Pictures {
  const energies = componentsOf(energy).map((component): Bar => {
    const sum = energy.trainingStep.byComponent[component]
    const parts = PHASES.flatMap((phase) => {
      const own = energy.byPhase[phase].byComponent[component]
      return own === undefined ? [] : [{ name: phase, value: own.value, atLeast: own.atLeast }]
    })
    return { name: COMPONENTS[component], note: sum === undefined ? '' : energyOf(sum), parts }
  })
  const levels = (Object.keys(LEVELS) as Level[]).map((level): Bar => {
    const { forward, backward, loss } = counts
    const parts = [
      { name: 'forward', value: forward.packets[level] },
      { name: 'backward', value: backward.packets[level] },
      {
        name: 'loss',
        value: loss.spikes.packets[level] + loss.maxima.packets[level] + loss.gradients.packets[level],
      },
    ]
    return { name: LEVELS[level], note: amountOf(parts.reduce((sum, { value }) => sum + value, 0)), parts }
  })
  const subtitle = `on ${profile}, ${many(counts.trials, 'trial')}`
  return {
    energy: barsPicture({
      title: `${network}: energy of a training step`,
      ...{ subtitle, axis: ENERGY_AXIS, unknown: UNKNOWN, bars: energies },
    }),
    traffic: barsPicture({
      title: `${network}: packets of a training step`,
      ...{ subtitle, axis: PACKET_AXIS, unknown: UNKNOWN, bars: levels },
    }),
  }
}

/**
 * Refuses a folder for pictures of some profiles that must not be written to, before anything is computed.
 *
 * Raises what `Outputs.folder` and the files in it raise.
 */
export async function requirePictures(
  folder: OutputFolder,
  profiles: readonly ChipProfile[],
  names: readonly (keyof Pictures)[] = NAMES,
): Promise<OutputFolder> {
  for (const { name: profile } of profiles)
    for (const name of names) await folder.file(pictureFile(profile, name), PICTURE)
  return folder
}

/** Writes `<profile>-<name>.svg` of each into a folder, which is made if it is not there, and tells what is written. */
export async function writePictures(
  { folder, json }: { readonly folder: OutputFolder; readonly json: boolean },
  profile: string,
  pictures: Pictures,
  terminal: Terminal,
): Promise<void> {
  for (const [name, drawn] of Object.entries(pictures)) {
    const file = pictureFile(profile, name)
    if (typeof drawn === 'string') {
      const output = await folder.file(file, PICTURE)
      await output.write(drawn)
      terminal.err(shown`${output.path} is written.\n`)
    } else
      warn(terminal, json, {
        code: 'PICTURE_LEFT_OUT',
        message: `${join(folder.path, file)} is left out: ${profile} is ${drawn.leftOut}.`,
      })
  }
}

function pictureFile(profile: string, name: string): string {
  return `${profile.replace(/[^\p{L}\p{N}_.-]/gu, '-')}-${name}.svg`
}

function countOf({ columns, rows }: ChipProfile['chips']): string {
  return columns * rows === 1 ? '' : `, ${columns} x ${rows} chips`
}
