import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { InputError } from '../../events/errors.js'
import { MOST_CLASSES } from '../../learning/labels.js'
import { reading } from './file-bytes.js'

/** A file with one recording, of a class. */
interface LabelledFile {
  readonly path: string
  readonly label: number
  /** Of the folder it lies in. */
  readonly className: string
  /** Folders between it and the one that was asked for. */
  readonly depth: number
  /** `file`, below the folder that was asked for, with `/` between names; `split`, if there are folders for these. */
  readonly groups: Readonly<Record<string, string>>
}

/** What a folder of recordings holds. */
export interface LabelledFiles {
  readonly files: readonly LabelledFile[]
  readonly classes: number
  /** In the order of labels. */
  readonly classNames: readonly string[]
}

/** A file, and the names of the folders it is in. */
interface Found {
  readonly path: string
  readonly name: string
  readonly folders: readonly string[]
}

/** Of what is searched: a folder of splits has folders of classes, which have files. */
const DEEPEST = 2

/**
 * The recordings at a path, in the order of splits, classes and names: one file; a folder of files, all of one class; a
 * folder with a folder for each class; or one with such a folder for each split, as `Train` and `Test`.
 *
 * Where folders are named by numbers, these are the labels; otherwise classes are numbered in the order of their names, over
 * all splits. Names that begin with a dot are passed over.
 *
 * Raises `InputError` DATA_FILE_MISSING, DATA_FILE_UNREADABLE.
 *
 * @param endings of the files that count in folders, such as `.bin`
 */
export function labelledFiles(path: string, endings: readonly string[]): LabelledFiles {
  const isFolder = reading(path, () => statSync(path)).isDirectory()
  const found = isFolder ? filesIn(path, endings, []) : [{ path, name: basename(path), folders: [] }]
  const depth = found.reduce((most, { folders }) => Math.max(most, folders.length), 0)
  if (found.length === 0) throw missing(path, `files with the ending ${endings.join(' or ')}, or folders of such`)
  const stray = found.find(({ folders }) => folders.length !== depth)
  if (stray !== undefined) throw missing(stray.path, 'every file in a folder for its class, or none')
  const only = basename(resolve(isFolder ? path : dirname(path)))
  const classOf = ({ folders }: Found) => folders.at(-1) ?? only
  const names = [...new Set(found.map(classOf))]
  const classNames =
    depth > 0 && names.every(isLabel) ? numbersUpTo(Math.max(...names.map(Number))) : names.sort(byName)
  const labels = new Map(classNames.map((name, label) => [name, label]))
  const files = found.map((each) => ({
    path: each.path,
    className: classOf(each),
    depth: each.folders.length,
    label: labels.get(classOf(each)) as number,
    groups: {
      file: [...each.folders, each.name].join('/'),
      ...(depth < DEEPEST ? {} : { split: each.folders[0] as string }),
    },
  }))
  return { files, classes: classNames.length, classNames }
}

/** Whether a folder, or one of those that are searched, has such files. Raises `InputError` as `labelledFiles` does. */
export function holdsFiles(folder: string, endings: readonly string[]): boolean {
  return filesIn(folder, endings, []).length > 0
}

function filesIn(folder: string, endings: readonly string[], folders: readonly string[]): readonly Found[] {
  const names = reading(folder, () => readdirSync(folder)).filter((name) => !name.startsWith('.'))
  return names.sort(byNumberOrName).flatMap((name): readonly Found[] => {
    const path = join(folder, name)
    // A link may lead nowhere.
    if (reading(path, () => statSync(path, { throwIfNoEntry: false }))?.isDirectory())
      return folders.length === DEEPEST ? [] : filesIn(path, endings, [...folders, name])
    return endings.some((ending) => name.toLowerCase().endsWith(ending)) ? [{ path, name, folders }] : []
  })
}

const numbersUpTo = (most: number): string[] => Array.from({ length: most + 1 }, (_, k) => `${k}`)
const isNumber = (name: string): boolean => /^(0|[1-9]\d*)$/.test(name)

const isLabel = (name: string): boolean => isNumber(name) && Number(name) < MOST_CLASSES

/** By code units, whatever the language of the machine; 10 behind 9. */
function byNumberOrName(one: string, other: string): number {
  return isNumber(one) && isNumber(other) ? Number(one) - Number(other) : byName(one, other)
}

const byName = (one: string, other: string): number => (one < other ? -1 : Number(one > other))

/** The error for a folder that has not what it should have. */
export function missing(file: string, expected: string): InputError {
  const mistake = { code: 'DATA_FILE_MISSING', file, field: 'folder', found: 'none', expected }
  return new InputError({ ...mistake, remedy: 'Check the path, or put the files where they are looked for.' })
}
