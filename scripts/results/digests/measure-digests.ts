import { readdir, readFile } from 'node:fs/promises'
import { ARITHMETIC_VERSION } from '../../../dist/numerics/arithmetic-version.js'
import { antidrome } from '../antidrome.js'
import { folderOf } from '../run-row.js'

const PRESETS = 'presets'
const ORDINARY = ['verify', 'balanced', '--neurons', '1000', '--in-degree', '100', '--until', '100', '--cores', '2']

/** Digests by what was run, by version of the arithmetic: the same bits as long as the version is the same. */
export type Digests = Readonly<Record<string, Readonly<Record<string, string>>>>

/**
 * Trains the first epoch of every preset and verifies the balanced network.
 *
 * @param folders of the data, by name; MNIST's pictures stand for those of Fashion-MNIST, spoken digits for recordings
 * @param known digests of earlier calls
 * @param say is told each digest
 * @returns the known digests with those that are new
 * @throws Error if one differs from what is known for this version of the arithmetic, once all have run
 */
export async function measureDigests(
  folders: Readonly<Record<string, string | undefined>>,
  known: Digests,
  say: (line: string) => void,
): Promise<Digests> {
  const version = String(ARITHMETIC_VERSION)
  const digests: Record<string, string> = { ...known[version] }
  const changed: string[] = []
  for (const { name, args } of [...(await presetRuns(folders)), { name: 'verify balanced', args: ORDINARY }]) {
    const { digest } = (await antidrome([...args, '--json'])).at(-1) as { readonly digest: string }
    const before = digests[name] ?? digest
    digests[name] = before
    if (before !== digest) changed.push(`${name}: found ${digest}, expected ${before}`)
    say(`${name}: ${digest}${before === digest ? '' : ', which is another one'}`)
  }
  if (changed.length > 0) throw new Error(`arithmetic version ${version}: ${changed.join('; ')}`)
  return { ...known, [version]: digests }
}

interface Run {
  readonly name: string
  readonly args: readonly string[]
}

async function presetRuns(folders: Readonly<Record<string, string | undefined>>): Promise<readonly Run[]> {
  const names = (await readdir(PRESETS)).map((file) => file.replace(/\.json$/, '')).toSorted()
  return Promise.all(
    names.map(async (name) => {
      const { task } = JSON.parse(await readFile(`${PRESETS}/${name}.json`, 'utf8')) as { readonly task: string }
      const data = dataOf(name, task)
      const folder = data === undefined ? [] : ['--data', folderOf(data, folders)]
      const place = ['--name', `digests-${name}`, '--overwrite']
      return { name, args: ['train', task, '--preset', name, ...folder, '--epochs', '1', ...place] }
    }),
  )
}

/** What stands for the data of a preset. */
function dataOf(preset: string, task: string): string | undefined {
  if (task === 'events') return preset === 'camera-digits' ? 'camera-digits' : 'spoken-digits'
  return /mnist$/.test(task) ? 'mnist' : undefined
}
