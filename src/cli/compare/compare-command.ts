import { realpath } from 'node:fs/promises'
import { Command } from 'commander'
import { entryOf } from '../../events/by-name.js'
import { InputError, type Mistake } from '../../events/errors.js'
import { oneLine } from '../../events/printable.js'
import { type Spread, spreadOf } from '../../learning/spread.js'
import { someText } from '../../network/reading/flag-values.js'
import type { LineRecord } from '../../storage/json-lines.js'
import { readWholeRuns, type WholeRun } from '../../storage/run/read-whole-run.js'
import { runsOfSweep } from '../../storage/sweep-ledger.js'
import { changeOf } from '../preset-changes.js'
import { joined, jsonLines, type Shown, shown } from '../shown.js'
import { formatTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { meanAndSpread } from '../train/train-seeds.js'
import { warn } from '../warn.js'

/** `antidrome compare <run...>`: what differs between trainings, in their settings first, then in what came of them. */
export function compareCommand(terminal: Terminal): Command {
  const path = someText('run', 'a folder')
  return new Command('compare')
    .description(
      'Compare runs of train: what differs in their settings, then what they came to; of runs that differ by the seed alone, ' +
        'mean and sample standard deviation.',
    )
    .argument(
      '<run...>',
      'folders of runs; that of a sweep stands for all its runs that are through',
      (text: string, before: readonly string[] = []) => [...before, path(text)],
    )
    .action(async (folders: readonly string[], { json }: { readonly json: boolean }) => {
      const runs: WholeRun[] = []
      for (const folder of folders) runs.push(...(await runsIn(folder)))
      const groups = groupsOf(await distinct(runs), (message) =>
        warn(terminal, json, { code: 'RUN_REPEATED', message }),
      )
      terminal.out(json ? linesOf(groups) : tablesOf(groups))
    })
}

async function runsIn(folder: string): Promise<readonly WholeRun[]> {
  const own = await readWholeRuns(folder)
  if (own !== null) return own
  const below = await runsOfSweep(folder)
  const found = below === null ? 'no run.json' : 'a sweep of which no run is through'
  if (below === null || below.length === 0) throw wrong({ code: 'RUN_MISSING', file: folder, found })
  return (await Promise.all(below.map(runsIn))).flat()
}

/** Raises RUN_REPEATED for a folder that is there twice, RUNS_TOO_FEW. */
async function distinct(runs: readonly WholeRun[]): Promise<readonly WholeRun[]> {
  const known = new Map<string, string>()
  for (const { path } of runs) {
    const place = await realpath(path).catch(() => path)
    const earlier = known.get(place)
    if (earlier !== undefined) throw wrong({ code: 'RUN_REPEATED', file: path, found: `the same run as ${earlier}` })
    known.set(place, path)
  }
  if (runs.length < 2) throw wrong({ code: 'RUNS_TOO_FEW', found: `${runs.map(({ path }) => path)} alone` })
  return runs
}

function wrong(mistake: Pick<Mistake, 'code' | 'file' | 'found'>): InputError {
  const expected = 'two folders at least of different runs of train, or that of a sweep'
  const remedy = 'Give the folders that train has named at its end, such as runs/NAME, each once.'
  return new InputError({ ...mistake, field: 'run', expected, remedy })
}

/** Texts by the name of a setting. */
type Settings = ReadonlyMap<string, string>

/** Runs that differ by the seed alone. */
interface Group {
  /** What their commands and records say. */
  readonly said: Settings
  /** What their bits depend on. */
  readonly known: Settings
  /** Those that are through, by seed. */
  readonly through: Map<number, WholeRun>
  readonly unfinished: WholeRun[]
}

function groupsOf(runs: readonly WholeRun[], onRepeated: (message: string) => void): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const run of runs) {
    const [said, known] = settingsOf(run)
    const key = JSON.stringify([...said, ...known].toSorted())
    const group: Group = groups.get(key) ?? { said, known, through: new Map(), unfinished: [] }
    groups.set(key, group)
    const seed = run.record.seed ?? 0
    const same = group.through.get(seed)
    if (run.result === null) group.unfinished.push(run)
    else if (same === undefined) group.through.set(seed, run)
    else onRepeated(`${run.path} has the settings and the seed of ${same.path}, which alone is counted.`)
  }
  return [...groups.values()]
}

/** Flags that say where a run is and how it was begun, and those that have rows of their own. */
const NO_SETTINGS =
  /^(seeds?|name|runs|preset|set|overwrite|resume|json|checkpoint.*|trace|metrics-port|format|version|identity|flags)$/

function settingsOf({ record }: WholeRun): readonly [Settings, Settings] {
  const { identity, ...rest } = record
  // In a file anything may stand there.
  const flags = rest.flags ?? {}
  const set = (Array.isArray(flags.set) ? flags.set : []).map((text) => changeOf(String(text)))
  const said = [
    ...set.flatMap(({ path, value }) => fieldsOf(path, value)),
    ...settingsIn(flags).flatMap(([name, value]) => fieldsOf(`--${name}`, value)),
    ...settingsIn(rest).flatMap(([name, value]) => fieldsOf(name, value)),
    ...fieldsOf('preset', record.preset),
  ]
  const names = new Set(said.map(([name]) => name))
  const known = Object.entries(identity).flatMap(([name, text]) => fieldsOf(name, parsed(text)))
  // What follows from the seed differs as it does.
  const seeds = ['several', String(record.seed)]
  const isFree = ([name, text]: readonly [string, string]) =>
    !names.has(name) && name !== 'seed' && !(name === 'shuffle' && seeds.includes(text))
  return [new Map(said), new Map(known.filter(isFree))]
}

function settingsIn(record: object): readonly [string, unknown][] {
  return Object.entries(record).filter(([name]) => !NO_SETTINGS.test(name))
}

/** What stands in a record, field by field, by their paths. */
function fieldsOf(path: string, value: unknown): readonly [string, string][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([name, each]) => fieldsOf(`${path}.${name}`, each))
  return [[path, typeof value === 'string' ? value : JSON.stringify(value)]]
}

function parsed(text: string): unknown {
  try {
    return text.startsWith('{') ? JSON.parse(text) : text
  } catch {
    return text
  }
}

/** A field, and what every group has there. */
interface Row {
  readonly field: string
  readonly values: readonly (string | null)[]
}

/** The fields that differ. A field of the preset or a flag that is not given everywhere has what it comes to. */
function differencesOf(groups: readonly Group[]): readonly Row[] {
  const known = rowsOf(groups.map((group) => group.known))
  const twins = new Set<Row>()
  const said = rowsOf(groups.map((group) => group.said)).map(({ field, values }): Row => {
    const isTwin = (row: Row) =>
      endOf(row.field) === endOf(field) && values.every((value, k) => value === null || value === row.values[k])
    const twin = known.find(isTwin)
    if (twin !== undefined) twins.add(twin)
    return { field, values: twin?.values ?? values }
  })
  const seeds = new Map(groups.map((group) => [group, new Map([['seed', seedsOf(group).join(', ')]])]))
  return [...said, ...known.filter((row) => !twins.has(row)), ...rowsOf([...seeds.values()])]
}

function rowsOf(settings: readonly Settings[]): readonly Row[] {
  const names = new Set(settings.flatMap((each) => [...each.keys()]))
  const rows = [...names].map((field) => ({ field, values: settings.map((each) => each.get(field) ?? null) }))
  return rows.filter(({ values }) => values.some((value) => value !== values[0]))
}

/** The last name of a path, or the flag. */
function endOf(field: string): string {
  return field.replace(/^(--|.*\.)/, '')
}

function seedsOf({ through, unfinished }: Group): readonly number[] {
  return [...new Set([...through.keys(), ...unfinished.map(({ record }) => record.seed ?? 0)])].sort((a, b) => a - b)
}

/** Numbers that runs come to. */
const METRICS = [
  ...['validationAccuracy', 'testAccuracy', 'validationLoss', 'loss', 'trainAccuracy', 'timingError', 'missedTargets'],
  ...['hiddenSpikes', 'bestEpoch', 'epochs', 'samplesPerSecond'],
]

/** Of those, shares. */
const SHARES = /Accuracy|missed/

const inDigits = (value: number) => String(Number(value.toPrecision(4)))

function titleOf(metric: string): string {
  const words = metric.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return SHARES.test(metric) ? `${words} %` : words
}

/** Every metric that a run has; of its epochs, the last one or that whose network it has kept. */
function metricsOf(group: Group): Readonly<Record<string, Spread>> {
  const records = [...group.through.values()].map(({ epochs, result }): LineRecord => {
    const kept = epochs.find(({ epoch }) => epoch === result?.bestEpoch) ?? epochs.at(-1)
    return { ...kept, epochs: epochOf(epochs), ...result }
  })
  const spreads = METRICS.flatMap((name) => {
    const values = records.map((record) => entryOf(record, name)).filter((value) => typeof value === 'number')
    return values.length === 0 ? [] : [[name, spreadOf(values)] as const]
  })
  return Object.fromEntries(spreads)
}

function epochOf(epochs: readonly LineRecord[]): number {
  return Number(epochs.at(-1)?.epoch ?? 0)
}

function linesOf(groups: readonly Group[]): Shown {
  return jsonLines([
    ...differencesOf(groups).map(({ field, values }) => ({ field, values })),
    ...groups.map((group, k) => {
      const runs = [...group.through.values()].map(({ path }) => path)
      return { group: k + 1, runs, seeds: [...group.through.keys()], metrics: metricsOf(group) }
    }),
    ...groups.flatMap(({ unfinished }, k) =>
      unfinished.map(({ path, epochs }) => ({ group: k + 1, unfinished: path, epoch: epochOf(epochs) })),
    ),
  ])
}

/** More groups than this are rows of the second table alone. */
const MOST_BESIDE = 6
const MOST_OF_CELL = 48

function tablesOf(groups: readonly Group[]): Shown {
  const rows = differencesOf(groups)
  const isWide = groups.length > MOST_BESIDE
  const differences = formatTable(
    ['setting', ...(isWide ? ['values'] : groups.map((_, k) => `group ${k + 1}`))],
    rows.map(({ field, values }) => [field, ...(isWide ? [new Set(values).size] : values.map(cellOf))]),
  )
  const beside = isWide ? rows.filter(({ field }) => groups.some(({ said }) => said.has(field))) : []
  const metrics = groups.map(metricsOf)
  const columns = METRICS.filter((name) => metrics.some((each) => entryOf(each, name) !== undefined))
  const results = groups.map((group, k) => [
    ...[k + 1, foldersOf(group), group.through.size],
    ...columns.map((name) => spreadCell(name, entryOf(metrics[k], name), group.through.size)),
    ...beside.map(({ values }) => cellOf(values[k] ?? null)),
  ])
  const titles = ['group', 'run', 'seeds', ...columns.map(titleOf), ...beside.map(({ field }) => field)]
  const unfinished = groups.flatMap((group, k) =>
    group.unfinished.map(({ path, epochs }) => [path, k + 1, epochOf(epochs)]),
  )
  return joined(
    [
      rows.length === 0 ? shown`Nothing differs but the seed.\n` : differences,
      formatTable(titles, results),
      ...(unfinished.length === 0 ? [] : [formatTable(['unfinished run', 'group', 'last epoch'], unfinished)]),
    ],
    '\n',
  )
}

/** Of a hash, and of a number with many digits, the beginning says enough. */
function cellOf(value: string | null): string {
  if (value === null) return '-'
  if (/^-?\d+\.\d{5,}(e-?\d+)?$/.test(value)) return inDigits(Number(value))
  return oneLine(value.replace(/^((sha256 )?[0-9a-f]{12})[0-9a-f]{20,}$/, '$1…'), MOST_OF_CELL)
}

function foldersOf({ through, unfinished }: Group): string {
  const [first, ...more] = [...through.values(), ...unfinished]
  return `${first?.path}${more.length === 0 ? '' : ` and ${more.length} more`}`
}

function spreadCell(metric: string, spread: Spread | undefined, runs: number): string {
  if (spread === undefined) return '-'
  const { length } = spread.values
  const show = SHARES.test(metric) ? (share: number) => (100 * share).toFixed(2) : inDigits
  return `${meanAndSpread(spread, show)}${length === runs ? '' : ` (of ${length})`}`
}
