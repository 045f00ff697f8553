import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/description/network.js'
import { structureHash } from '../../network/file/structure-hash.js'
import { beginsAsFormat } from '../../network/reading/begins-as-format.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { parseJson, readingFile } from '../../network/reading/parse-json.js'
import { recordOf } from '../../network/reading/read-fields.js'
import { readNetwork } from '../../network/reading/read-network.js'
import { constantOf, readString } from '../../network/reading/read-value.js'
import type { ChipPlacement, PlacedCore } from '../placement.js'
import { chipLayoutHash } from '../placement-hash.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { defineChipProfile } from '../profile/parse-chip-profile.js'
import { checkChipPlacement } from './check-chip-placement.js'
import { defineChipPlacement } from './define-chip-placement.js'
import { readChipCores, readChips } from './read-chip-placement.js'
import { READ_WITH_ITS_NETWORK } from './remedies.js'

const FORMAT = 'antidrome-chip-placement'
const VERSION = 1

interface PlacementFile {
  readonly format: string
  readonly version: number
  /** `structureHash` of the network. */
  readonly network: string
  readonly profile: { readonly name: string; readonly layout: string }
  readonly chips: ChipPlacement['chips']
  readonly cores: readonly PlacedCore[]
}

/**
 * The text of a placement file: `{"format": "antidrome-chip-placement", "version": 1, …}`, with fingerprints of the network
 * and of the chip's layout, a core a line.
 *
 * Raises `InputError` with the codes of `checkChipPlacement`.
 */
export function formatChipPlacement(network: Network, given: ChipProfile, placement: ChipPlacement): string {
  const profile = defineChipProfile(given)
  checkChipPlacement(network, profile, placement)
  const { columns, rows } = placement.chips
  const head: Omit<PlacementFile, 'cores'> = {
    ...{ format: FORMAT, version: VERSION, network: structureHash(network) },
    profile: { name: profile.name, layout: chipLayoutHash(profile) },
    chips: { columns, rows },
  }
  const lines = Object.entries(head).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`)
  const cores = placement.cores.map(({ chip, core, slices }) => `    ${JSON.stringify({ chip, core, slices })}`)
  return `{\n${lines.join('\n')}\n  "cores": [\n${cores.join(',\n')}\n  ]\n}\n`
}

/** Whether the beginning of a text is that of a placement file. */
export function beginsPlacement(text: string): boolean {
  return beginsAsFormat(text, FORMAT)
}

const readFile = recordOf<PlacementFile>({
  format: constantOf(FORMAT, 'PLACEMENT_FORMAT'),
  version: constantOf(VERSION, 'PLACEMENT_VERSION'),
  network: readString,
  profile: recordOf<PlacementFile['profile']>({ name: readString, layout: readString }),
  chips: readChips,
  cores: readChipCores,
})

/**
 * The placement that a file describes, for the network and the chips that it was made for.
 *
 * Raises `InputError` naming file, field, found and expected: `JSON_INVALID`, `FIELD_MISSING`, `FIELD_TYPE`,
 * `FIELD_UNKNOWN`, `PLACEMENT_FORMAT`, `PLACEMENT_VERSION`; `PLACEMENT_NETWORK` if it is that of another network,
 * `PLACEMENT_PROFILE` of other chips; and the codes of `checkChipPlacement`.
 */
export function parseChipPlacement(text: string, network: Network, given: ChipProfile, file?: string): ChipPlacement {
  const profile = defineChipProfile(given)
  readNetwork(network)
  return readingFile(file, () => {
    const { network: structure, profile: chip, chips, cores } = readFile(parseJson(text), '$')
    if (structure !== structureHash(network))
      throw new InputError({
        ...{ code: 'PLACEMENT_NETWORK', field: 'network', found: structure },
        expected: `the network that is given, ${structureHash(network)}`,
        remedy: READ_WITH_ITS_NETWORK,
      })
    if (chip.name !== profile.name) throw other('profile.name', describeValue(chip.name), describeValue(profile.name))
    const { columns, rows } = profile.chips
    if (chips.columns !== columns || chips.rows !== rows)
      throw other('chips', `${chips.columns} x ${chips.rows} chips`, `${columns} x ${rows}`)
    const layout = chipLayoutHash(profile)
    if (chip.layout !== layout)
      throw other('profile.layout', chip.layout, `the layout of this ${profile.name}, ${layout}`)
    return defineChipPlacement(network, profile, cores)
  })
}

function other(field: string, found: string, expected: string): InputError {
  const remedy = 'Read it with the chips that it was written for, or place the network again.'
  return new InputError({ code: 'PLACEMENT_PROFILE', field, found, expected, remedy })
}
