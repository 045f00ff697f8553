import { readingFile } from '../../network/reading/parse-json.js'
import { readString } from '../../network/reading/read-value.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { profileOfArchitecture } from './profile-of-architecture.js'
import { readArchitecture } from './read-architecture.js'
import { parseYaml } from './yaml-spot.js'

/** A chip that was described in another format. */
export interface ImportedChip {
  readonly profile: ChipProfile
  /** What the file says and a profile cannot, a sentence each. */
  readonly notExpressed: readonly string[]
}

/**
 * The chip that an architecture file of SANA-FE (YAML) describes.
 *
 *     tile, width, height             tiles, column by column; what is not there of the last column is dead
 *     max_neurons_supported           neurons of a core, inputs among them
 *     axon_out, axon_in               packetOut, with the energies of both; packetOut and packetIn of latency
 *     synapse                         synapse, with the dendrite where what arrives is buffered behind it
 *     soma, access, update, spike     idle, with the dendrite where it is updated in every step; neuronUpdate; spikeOut
 *     hops                            hopX, hopY
 *     latency_sync                    tileBarrier
 *
 * Joules become pJ, seconds ns. Where units, directions or cores differ, a figure has the value of the first and a range. What
 * such a file does not say, as memory, formats and links, is unknown; a step is a millisecond of model time, which is assumed.
 *
 * Raises `InputError` with the place and its line: YAML_INVALID, FIELD_MISSING, FIELD_TYPE, OPTION_OUT_OF_RANGE,
 * ARCHITECTURE_RANGE, ARCHITECTURE_TILES; the codes of `defineChipProfile`.
 *
 * @example
 * const { profile, notExpressed } = parseSanaFeArchitecture(text, 'loihi.yaml')
 */
export function parseSanaFeArchitecture(text: string, file?: string): ImportedChip {
  readString(text, 'text')
  return readingFile(file, () => {
    const yaml = parseYaml(text)
    const { profile, notes } = profileOfArchitecture(readArchitecture(yaml.root), file)
    const unread = yaml.unread().map(({ place, value }) => `${place}: ${value} has no place in a profile`)
    return { profile, notExpressed: [...notes, ...unread] }
  })
}
