import { InputError } from '../../../events/errors.js'
import { type Chip, mesh } from '../../../hardware/chip.js'
import { parseChip } from '../../../hardware/chip-file.js'
import type { ChipProfile } from '../../../hardware/profile/chip-profile.js'
import { meshProfile } from '../../../hardware/profile/mesh-profile.js'
import { chipProfile, chipProfileNames, withChips } from '../../../hardware/profile/packaged-profiles.js'
import { parseChipProfile } from '../../../hardware/profile/parse-chip-profile.js'
import { requireLinks } from '../../../hardware/routing/routes.js'
import { someText } from '../../../network/reading/flag-values.js'
import { suggestionFor } from '../../../network/reading/nearest-name.js'
import { parseJson, readingFile } from '../../../network/reading/parse-json.js'
import { readTextFile } from '../../../storage/read-text.js'
import type { ChipsFlag } from './chips-flag.js'
import { inTermsOfFile } from './in-terms-of-file.js'

/** What `--chip` names: a mesh of cores that a network is spread over, or chips that it is packed into. */
export type ChipChoice =
  | { readonly kind: 'mesh'; readonly chip: Chip }
  | { readonly kind: 'profiles'; readonly profiles: readonly ChipProfile[] }

const MESH = /^mesh:([1-9]\d{0,5})x([1-9]\d{0,5})$/
const NAMES = `${chipProfileNames().join(', ')}, or a profile file`

/** The flag of one profile or several with commas. */
export function chipFlag(what: string): readonly [string, string, (text: string) => string] {
  return ['--chip <profiles>', `${what}: ${NAMES}; several with commas`, someText('--chip', NAMES)]
}

/** A mesh of cores, by its size or a file that describes one; else profiles. */
export async function chipChoice(text: string, flags: ChipsFlag): Promise<ChipChoice> {
  const [only, ...others] = partsOf(text)
  const isOne = only !== undefined && others.length === 0
  if (isOne && only.startsWith('mesh:')) return { kind: 'mesh', chip: meshOf(only) }
  if (!isOne || isName(only)) return { kind: 'profiles', profiles: await profilesOf(text, flags) }
  const content = await readProfile(only)
  if (!isProfile(content, only)) return { kind: 'mesh', chip: parseChip(content, only) }
  return { kind: 'profiles', profiles: [widened(parseChipProfile(content, only), flags, only)] }
}

/** Raises `InputError` FLAG_VALUE, CHIP_UNKNOWN, FILE_UNREADABLE and whatever is wrong with a profile. */
export async function profilesOf(text: string, flags: ChipsFlag): Promise<readonly ChipProfile[]> {
  const profiles = await Promise.all(
    partsOf(text).map(async (part) => {
      if (part.startsWith('mesh:')) return widened(meshProfile(meshOf(part)), flags)
      if (isName(part)) return widened(chipProfile(part), flags)
      return widened(parseChipProfile(await readProfile(part), part), flags, part)
    }),
  )
  const twin = profiles.find(({ name }, k) => profiles.findIndex((other) => other.name === name) !== k)
  if (twin === undefined) return profiles
  throw new InputError({
    code: 'FLAG_VALUE',
    field: '--chip',
    found: `"${twin.name}" twice`,
    expected: 'profiles of different names',
  })
}

/** The file of each profile, by its name, of profiles that `profilesOf` has read; those of the package have none. */
export function profileFiles(text: string, profiles: readonly ChipProfile[]): ReadonlyMap<string, string> {
  const parts = partsOf(text)
  const files = profiles.map(({ name }, k) => [name, parts[k] ?? ''] as const)
  return new Map(files.filter(([, part]) => !isName(part) && !part.startsWith('mesh:')))
}

/**
 * The one profile that `--chip` names.
 *
 * @param why it is one alone
 */
export async function profileOf(text: string, why: string): Promise<ChipProfile> {
  const [profile, ...others] = await profilesOf(text, {})
  if (profile !== undefined && others.length === 0) return profile
  throw new InputError({
    code: 'FLAG_VALUE',
    field: '--chip',
    found: JSON.stringify(text),
    expected: `one chip, for ${why}`,
  })
}

function partsOf(text: string): readonly string[] {
  const parts = text.split(',').map((part) => part.trim())
  if (!parts.includes('')) return parts
  throw new InputError({
    code: 'FLAG_VALUE',
    field: '--chip',
    found: `${JSON.stringify(text)}, in which a name is empty`,
    expected: 'names with one comma between two',
    remedy: 'Take out the comma that is too many.',
  })
}

/** @param file of the profile; absent where it has none */
function widened(profile: ChipProfile, { chips }: ChipsFlag, file?: string): ChipProfile {
  const wide = chips === undefined ? profile : withChips(profile, chips)
  inTermsOfFile('--chip', file, () => requireLinks(wide))
  return wide
}

function meshOf(text: string): Chip {
  const [, columns, rows] = MESH.exec(text) ?? []
  if (columns !== undefined && rows !== undefined) return mesh({ columns: Number(columns), rows: Number(rows) })
  throw new InputError({
    code: 'FLAG_VALUE',
    field: '--chip',
    found: JSON.stringify(text),
    expected: `mesh:COLUMNSxROWS, each from 1 to 999999, such as mesh:2x2, ${NAMES}`,
  })
}

function isName(text: string): boolean {
  return chipProfileNames().includes(text)
}

/** The error for a name that is neither file nor profile mentions both. */
async function readProfile(path: string): Promise<string> {
  if (/\.ya?ml$/i.test(path))
    throw new InputError({
      code: 'CHIP_FORMAT',
      file: path,
      field: '--chip',
      found: 'a file in YAML',
      expected: NAMES,
      remedy: `Write a profile of an architecture of SANA-FE first: antidrome convert ${path} ${path.replace(/\.ya?ml$/i, '.json')}`,
    })
  try {
    return await readTextFile(path, '--chip')
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const expected = `mesh:COLUMNSxROWS, ${NAMES} that can be read`
    throw new InputError({ ...error.mistake, expected, ...suggestionFor(path, chipProfileNames()), cause: error })
  }
}

/** Files of meshes have no format. */
function isProfile(text: string, file: string): boolean {
  const value: unknown = readingFile(file, () => parseJson(text))
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'format')
}
