import { readdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { isCheckpoint } from './checkpoint/checkpoint-folder.js'
import { isLock } from './lock/lock-folder.js'
import { isFileOfRecording, MANIFEST } from './recording/recording-manifest.js'
import { isFileOfRun, METRICS } from './run/earlier-run.js'
import { RUN_RECORD } from './run/run-record.js'

interface Owner {
  readonly what: string
  /** Files of which one shows that a folder belongs to such an owner; none: the names of its files do. */
  readonly marks: readonly string[]
  readonly owns: (name: string) => boolean
}

const OWNERS: readonly Owner[] = [
  { what: 'a run', marks: [RUN_RECORD, METRICS], owns: isFileOfRun },
  { what: 'a recording', marks: [MANIFEST], owns: isFileOfRecording },
  { what: 'checkpoints', marks: [], owns: isCheckpoint },
  { what: 'a folder that is locked', marks: [], owns: isLock },
]

/**
 * What a file belongs to, such as `a run`, by its name and the files beside it; null: to nothing that antidrome leaves in
 * folders. Capitals mean nothing, as some file systems have it.
 *
 * @param file a path without links
 */
export async function ownerOfFile(file: string): Promise<string | null> {
  const name = basename(file).toLowerCase()
  const beside = (await readdir(dirname(file))).map((each) => each.toLowerCase())
  const owner = OWNERS.find(({ marks, owns }) => {
    return owns(name) && (marks.length === 0 || marks.some((mark) => beside.includes(mark)))
  })
  return owner?.what ?? null
}

/** How a file begins that antidrome reads again: formats of texts, of spikes and of checkpoints. */
const FORMATS = /"format"\s*:\s*"(antidrome-[a-z-]+)"|^ANT(?:S|DCKPT)/

/** Whether the beginning of a file is that of a format of antidrome, such as a network. */
export function beginsFormat(beginning: string): boolean {
  return FORMATS.test(beginning)
}
