// Trains the rows of the table of results and keeps what they reached in results/; a row that is broken off goes on.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { replaceTable } from '../pages/replace-table.js'
import { CHIPS_PAGE, withStudies } from './chips/page.js'
import { SUBJECTS, studySubject } from './chips/study.js'
import { type ClusterResults, measureCluster } from './cluster/measure-cluster.js'
import { clusterTable } from './cluster/table.js'
import { defaultsTable, type MeasuredDefault, measureDefaults } from './defaults/measure-defaults.js'
import { type Digests, measureDigests } from './digests/measure-digests.js'
import { goalsTable } from './goals/goals-table.js'
import { RECORDING_GOALS } from './goals/recording-goals.js'
import { CONTESTS, type Contest } from './robustness/contests.js'
import { measureContest, type Robustness } from './robustness/measure-contest.js'
import { robustnessPicture } from './robustness/robustness-picture.js'
import { ROWS } from './rows/index.js'
import type { ResultData, ResultRow } from './rows/row.js'
import { rowNamed } from './rows/trained-by.js'
import { folderOf, runRow } from './run-row.js'
import { compareRows, readCompared, speakersTable } from './speakers/compare-rows.js'
import { formatTable, readMeasured } from './table.js'

/** Where people read the table. */
const PAGE = 'docs/results.md'
const OWN_DATA_PAGE = 'docs/own-data.md'

interface Flags {
  readonly mnist?: string
  readonly fashionMnist?: string
  readonly spokenDigits?: string
  readonly cameraDigits?: string
  readonly table: boolean
}

/** Folders by the names of what is in them. */
function foldersOf(flags: Flags): Readonly<Record<ResultData, string | undefined>> {
  const { mnist, fashionMnist, spokenDigits, cameraDigits } = flags
  return { mnist, 'fashion-mnist': fashionMnist, 'spoken-digits': spokenDigits, 'camera-digits': cameraDigits }
}

function chosen(names: readonly string[]): readonly ResultRow[] {
  return names.length === 0 ? ROWS : names.map(rowNamed)
}

async function measure(names: readonly string[], flags: Flags): Promise<void> {
  if (!flags.table)
    for (const row of chosen(names)) {
      console.error(`${row.name}: ${row.task}, ${row.network}`)
      const measured = await runRow(row, foldersOf(flags), (line) => console.error(line.slice(0, 160)))
      await keep(`${row.name}.json`, inJson(measured))
    }
  const table = formatTable(await readMeasured('results'))
  await writeFile(PAGE, replaceTable(await readFile(PAGE, 'utf8'), 'results', table))
  console.log(table)
}

/** The contests that are named, all if none is. */
async function measureRobustness(names: readonly string[], flags: Flags): Promise<void> {
  const known = CONTESTS.map(({ name }) => name)
  const strange = names.find((name) => !known.includes(name))
  if (strange !== undefined) throw new Error(`found "${strange}", expected one of ${known.join(', ')}`)
  const folder = (data: ResultData) => folderOf(data, foldersOf(flags))
  for (const contest of CONTESTS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const robustness = await measureContest(contest, await earlierOf(contest), folder, (line) => console.error(line))
    await keep(`robustness-${contest.name}.json`, inJson(robustness))
    await keep(`robustness-${contest.name}.svg`, robustnessPicture(robustness, contest))
  }
}

/** Of the subjects that are named, all if none is; then the page of what all of them have reached. */
async function measureChips(subjects: readonly string[], { mnist, table }: Flags): Promise<void> {
  if (!table)
    for (const subject of subjects.length === 0 ? SUBJECTS : subjects) {
      const study = await studySubject(subject, mnist, (line) => console.error(line))
      await keep(`chips-${subject}.json`, inJson(study))
    }
  await writeFile(CHIPS_PAGE, await withStudies(await readFile(CHIPS_PAGE, 'utf8'), 'results'))
}

/** Accuracies of rows of spoken digits against each other, speaker by speaker. */
async function measureSpeakers({ spokenDigits, table }: Flags): Promise<void> {
  if (!table) {
    if (spokenDigits === undefined) throw new Error('found no folder of spoken digits, expected --spoken-digits DIR')
    await keep('speakers.json', inJson(await compareRows(spokenDigits, (line) => console.error(line))))
  }
  const compared = await readCompared('results')
  await writeFile(PAGE, replaceTable(await readFile(PAGE, 'utf8'), 'speakers', speakersTable(compared)))
  console.log(speakersTable(compared))
}

/** What a task of one's own does where nothing is said, beside what else it could do. */
async function measureOwnDefaults({ table }: Pick<Flags, 'table'>): Promise<void> {
  if (!table) await keep('defaults.json', inJson(await measureDefaults((line) => console.error(line))))
  const measured = JSON.parse(await readFile('results/defaults.json', 'utf8')) as readonly MeasuredDefault[]
  await writeFile(
    OWN_DATA_PAGE,
    replaceTable(await readFile(OWN_DATA_PAGE, 'utf8'), 'defaults', defaultsTable(measured)),
  )
  console.log(defaultsTable(measured))
}

/** Whether every preset still learns the same bits. */
async function freezeDigests(flags: Flags): Promise<void> {
  const text = await readFile('results/digests.json', 'utf8').catch(() => '{}')
  const digests = await measureDigests(foldersOf(flags), JSON.parse(text) as Digests, (line) => console.error(line))
  await keep('digests.json', inJson(digests))
}

/** What the recordings were set out for, beside what lies in results/. */
async function showGoals(): Promise<void> {
  const compared = await readCompared('results')
  const table = goalsTable(RECORDING_GOALS, await readMeasured('results'), compared)
  await writeFile(PAGE, replaceTable(await readFile(PAGE, 'utf8'), 'goals', table))
  console.log(table)
}

/** Writes the table to a page that has a place for it, too, if one is named. */
async function measureOnWorkers({ table, page }: { readonly table: boolean; readonly page?: string }): Promise<void> {
  if (!table) await keep('cluster.json', inJson(await measureCluster((line) => console.error(line))))
  const results = JSON.parse(await readFile('results/cluster.json', 'utf8')) as ClusterResults
  if (page !== undefined)
    await writeFile(page, replaceTable(await readFile(page, 'utf8'), 'cluster', clusterTable(results)))
  console.log(clusterTable(results))
}

async function earlierOf({ name }: Contest): Promise<Robustness | null> {
  const text = await readFile(`results/robustness-${name}.json`, 'utf8').catch(() => null)
  return text === null ? null : (JSON.parse(text) as Robustness)
}

async function keep(file: string, text: string): Promise<void> {
  await writeFile(`results/${file}`, text)
}

function inJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

const program = new Command('npm run results --')
  .description(
    'Trains rows of the table of results, all unless some are named, and writes the table to docs/results.md.',
  )
  .argument('[rows...]', ROWS.map(({ name }) => name).join(', '))
  .enablePositionalOptions()
  .option('--mnist <dir>', 'folder with the files of MNIST')
  .option('--fashion-mnist <dir>', 'folder with the files of Fashion-MNIST')
  .option('--spoken-digits <dir>', 'folder that scripts/data/spoken-digits.ts has filled')
  .option('--camera-digits <dir>', 'folder that scripts/data/camera-digits.ts has filled')
  .option('--table', 'only write the table of what has been measured', false)
  .hook('preAction', async () => {
    await mkdir('results', { recursive: true })
  })
  .action(measure)
program
  .command('robustness')
  .description('Measures trained rows under growing noise and draws their accuracies.')
  .argument('[tasks...]', CONTESTS.map(({ name }) => name).join(', '))
  .option('--spoken-digits <dir>', 'folder that scripts/data/spoken-digits.ts has filled')
  .action(measureRobustness)
program
  .command('chips')
  .description('Puts networks on every chip: what they cost there, and what formats and noise do to their accuracy.')
  .argument('[subjects...]', SUBJECTS.join(', '))
  .option('--mnist <dir>', 'folder with the files of MNIST')
  .option('--table', 'only write the tables of what has been measured', false)
  .action(measureChips)
program
  .command('speakers')
  .description('Compares trained rows of spoken digits speaker by speaker, by a paired bootstrap.')
  .option('--spoken-digits <dir>', 'folder that scripts/data/spoken-digits.ts has filled')
  .option('--table', 'only write the table of what has been measured', false)
  .action(measureSpeakers)
program
  .command('defaults')
  .description('Trains small tasks with the defaults of a task of your own, and writes the table to docs/own-data.md.')
  .option('--table', 'only write the table of what has been measured', false)
  .action(measureOwnDefaults)
program
  .command('digests')
  .description(
    'Trains the first epoch of every preset and compares its bits with those of the same version of the arithmetic in results/digests.json; MNIST stands for Fashion-MNIST, spoken digits for recordings.',
  )
  .option('--mnist <dir>', 'folder with the files of MNIST')
  .option('--spoken-digits <dir>', 'folder that scripts/data/spoken-digits.ts has filled with --repetitions 1,1,1')
  .option('--camera-digits <dir>', 'folder that scripts/data/camera-digits.ts has filled')
  .action(freezeDigests)
program
  .command('goals')
  .description('Writes what rows of recordings were to reach, and have reached, to docs/results.md.')
  .action(showGoals)
program
  .command('cluster')
  .description('Trains on workers on machines of their own, in namespaces of the network; as root.')
  .option('--page <file>', 'page with a place for the table "cluster"')
  .option('--table', 'only write the table of what has been measured', false)
  .action(measureOnWorkers)
program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
