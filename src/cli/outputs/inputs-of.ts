import type { Stats } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { readRunRecord } from '../../storage/run/run-record.js'

/** The flags of all commands that name what is written, not what is read. */
export const OUTPUT_FLAGS: readonly string[] = [
  '--out',
  '--export',
  '--raster',
  '--predictions',
  '--pictures',
  '--trace',
  '--checkpoint',
  '--name',
  '--runs',
]

/** The arguments of all commands that do. */
const OUTPUT_ARGUMENTS: readonly string[] = ['to']

/** The flags that name neither. */
const TEXT_FLAGS: readonly string[] = ['--title', '--record']

/** A file or folder that a command reads. */
export interface Input {
  /** As the command line, or the record of a run, has it. */
  readonly named: string
  /** Without links. */
  readonly path: string
  readonly found: Stats
}

/**
 * What a command reads: whatever its arguments and its other flags name that is there, and of a run that they name what
 * it was made of.
 */
export async function inputsOf(command: Command): Promise<readonly Input[]> {
  const others = command.options.filter(({ long }) => [...OUTPUT_FLAGS, ...TEXT_FLAGS].includes(String(long)))
  const names = new Set(others.map((option) => option.attributeName()))
  const values = Object.entries(command.opts<Record<string, unknown>>()).filter(([name]) => !names.has(name))
  const read = command.args.filter((_, k) => !OUTPUT_ARGUMENTS.includes(String(command.registeredArguments[k]?.name())))
  const said = await thoseThere([...read, ...textsIn(values.map(([, value]) => value))])
  const records = await Promise.all(said.map(({ path, found }) => (found.isDirectory() ? readRunRecord(path) : null)))
  const ofRuns = records.flatMap((record) => textsIn([record?.flags, record?.module?.path, record?.lossModule?.module]))
  return [...said, ...(await thoseThere(ofRuns))]
}

/** Every text in values, and what stands between commas in it. */
function textsIn(values: readonly unknown[]): readonly string[] {
  return values.flatMap((value): readonly string[] => {
    if (typeof value === 'string') return value.includes(',') ? [value, ...value.split(',')] : [value]
    return typeof value === 'object' && value !== null ? textsIn(Object.values(value)) : []
  })
}

async function thoseThere(names: readonly string[]): Promise<readonly Input[]> {
  const found = names
    .filter((name) => name !== '')
    .map(async (named): Promise<readonly Input[]> => {
      try {
        const path = await realpath(named)
        return [{ named, path, found: await stat(path) }]
      } catch {
        // A name, a number, or a path to nothing.
        return []
      }
    })
  return (await Promise.all(found)).flat()
}
