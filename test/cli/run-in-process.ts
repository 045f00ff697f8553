import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../../src/cli/run-command.js'
import '../support/guard.js'

export interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs a command without a process of its own. */
export async function run(...argv: string[]): Promise<Outcome> {
  let out = ''
  let err = ''
  const code = await runCommand(argv, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    screen: null,
  })
  return { code, out, err }
}

/** The lines of a JSON output, each of which must be an object. */
export function jsonLines(text: string): Record<string, unknown>[] {
  if (text === '') return []
  if (!text.endsWith('\n')) throw new Error('The last line has no end.')
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const value: unknown = JSON.parse(line)
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`No object: ${line}`)
      return value as Record<string, unknown>
    })
}

/** What `simulate --json` prints, its last line apart, and the digest of that. */
export function simulatedLines(text: string): {
  readonly lines: readonly Record<string, unknown>[]
  readonly digest: string
} {
  const lines = jsonLines(text)
  const { done, digest, ...more } = lines.pop() ?? {}
  if (done !== true || !/^[0-9a-f]{64}$/.test(String(digest)) || Object.keys(more).length > 0)
    throw new Error(`The last line is no digest: ${text.slice(-200)}`)
  return { lines, digest: String(digest) }
}

/** A folder for the files of a test file. */
export interface Files extends Disposable {
  readonly folder: string
  /** Writes a file, a value as JSON, and gives its path. */
  write(name: string, content: string | object): string
}

export function createFiles(): Files {
  const folder = mkdtempSync(join(tmpdir(), 'antidrome-cli-'))
  return {
    folder,
    write(name, content) {
      const path = join(folder, name)
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
      return path
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The same as the working folder, in which commands make `runs`, until it is disposed of. */
export function createWorkingFolder(): Files {
  const files = createFiles()
  const home = process.cwd()
  process.chdir(files.folder)
  return {
    ...files,
    [Symbol.dispose]: () => {
      process.chdir(home)
      files[Symbol.dispose]()
    },
  }
}

/** A network file of the given groups and projections. */
export function networkFile(groups: readonly object[], projections: readonly object[]): object {
  return { format: 'antidrome-network', version: 1, groups, projections }
}

/**
 * One neuron that solves in closed form: with x = e^{-t/10} its voltage is weight (x - x^2), so a weight of 4.5 meets
 * the threshold of 1 at x = 2/3.
 */
export const CLOSED_FORM = networkFile(
  [
    { name: 'input', kind: 'source', size: 1 },
    { name: 'out', kind: 'lif', size: 1, tauMem: 10, tauSyn: 5, threshold: 1 },
  ],
  [{ source: 'input', target: 'out', weights: [[4.5]], delays: 1 }],
)
