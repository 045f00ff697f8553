import type { Network } from '../../network/description/network.js'
import { structureHash } from '../../network/file/structure-hash.js'
import { beginsAsFormat } from '../../network/reading/begins-as-format.js'
import { wordOf } from '../../network/reading/read-value.js'
import type { ChipPlacement } from '../placement.js'
import { chipLayoutHash, chipPlacementHash } from '../placement-hash.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { defineChipProfile } from '../profile/parse-chip-profile.js'
import { coresOfUnits } from '../slices.js'
import { checkChipPlacement } from './check-chip-placement.js'

export const EXPORT_FORMATS: readonly ExportFormat[] = ['csv', 'json']
export type ExportFormat = 'csv' | 'json'

const FORMAT = 'antidrome-placed-units'
const VERSION = 1

/**
 * A placement unit by unit, for other programs: the group and number of every neuron and source unit, and the chip and core
 * that it lies on; with fingerprints of the network, of the chip's layout and of the placement.
 *
 *     csv     three lines that begin with #, a fingerprint each; a head; a line for each unit: group,unit,chip,core
 *     json    {"format": "antidrome-placed-units", "version": 1, "network", "profile": {"name", "layout"}, "placement",
 *             "chips": {"columns", "rows"}, "units": [{"group", "unit", "chip", "core"}, …]}, a unit a line
 *
 * Units come in the order of the groups and their numbers. `formatChipPlacement` writes what can be read back.
 *
 * Raises `InputError` with the codes of `checkChipPlacement`; OPTION_OUT_OF_RANGE for another format.
 *
 * @example exportChipPlacement(network, profile, placement, 'csv')
 */
export function exportChipPlacement(
  network: Network,
  given: ChipProfile,
  placement: ChipPlacement,
  format: ExportFormat,
): string {
  const profile = defineChipProfile(given)
  checkChipPlacement(network, profile, placement)
  const units = placedUnits(network, placement)
  const { columns, rows } = placement.chips
  const head = {
    network: structureHash(network),
    profile: { name: profile.name, layout: chipLayoutHash(profile) },
    placement: chipPlacementHash(placement),
  }
  if (wordOf(EXPORT_FORMATS)(format, 'format') === 'json') {
    const fields = { format: FORMAT, version: VERSION, ...head, chips: { columns, rows } }
    const lines = Object.entries(fields).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`)
    return `{\n${lines.join('\n')}\n  "units": [\n${units.map((unit) => `    ${JSON.stringify(unit)}`).join(',\n')}\n  ]\n}\n`
  }
  const said = [
    `# network ${head.network}`,
    `# profile ${head.profile.name} ${head.profile.layout}`,
    `# placement ${head.placement}`,
  ]
  const rowsOfUnits = units.map(({ group, unit, chip, core }) => `${cell(group)},${unit},${chip},${core}`)
  return `${[...said, 'group,unit,chip,core', ...rowsOfUnits].join('\n')}\n`
}

/** Whether the beginning of a text is that of an exported placement, in either format. */
export function beginsPlacedUnits(text: string): boolean {
  return text.startsWith('# network ') || (text.startsWith('{') && beginsAsFormat(text, FORMAT))
}

interface PlacedUnit {
  readonly group: string
  readonly unit: number
  readonly chip: number
  readonly core: number
}

function placedUnits({ groups }: Network, { cores }: ChipPlacement): readonly PlacedUnit[] {
  const coreOf = coresOfUnits(
    { groups },
    cores.map(({ slices }) => slices),
  )
  return groups.flatMap(({ name: group }) =>
    Array.from(coreOf.get(group) ?? [], (k, unit): PlacedUnit => {
      const { chip, core } = cores[k] as ChipPlacement['cores'][number]
      return { group, unit, chip, core }
    }),
  )
}

/** As RFC 4180 has it. */
function cell(text: string): string {
  return /[",\r\n]|^#/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
