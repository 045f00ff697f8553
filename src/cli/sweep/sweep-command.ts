import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { Command } from 'commander'
import { entryOf } from '../../events/by-name.js'
import { RunError } from '../../events/errors.js'
import type { Spread } from '../../learning/spread.js'
import type { RankedSetting } from '../../learning/sweep/rank-settings.js'
import type { Objective, Setting } from '../../learning/sweep/sweep.js'
import { someText, wholeNumber } from '../../network/reading/flag-values.js'
import { LEDGER, type LedgerRecord, nameOfSweepRun, openSweepLedger, SWEEP_RUNS } from '../../storage/sweep-ledger.js'
import { writeSweepPicture } from '../../storage/sweep-picture.js'
import { interruptibly } from '../interruption.js'
import { beforeRun } from '../outputs/before-run.js'
import { type Outputs, outputsOf } from '../outputs/outputs.js'
import { addOverwriteFlag, type OverwriteFlag } from '../overwrite-flag.js'
import { jsonLine, type Shown, shown } from '../shown.js'
import { formatTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { say } from '../warn.js'
import { planSweep, type SweepPlan } from './plan-sweep.js'
import type { Failure } from './run-process.js'
import { objectiveIn, runSweep } from './run-sweep.js'

interface SweepCommandFlags extends OverwriteFlag {
  readonly out?: string
  readonly parallel: number
  readonly resume: boolean
  readonly json: boolean
}

/** `antidrome sweep <file>`: trains a task with many settings, and ranks them. */
export function sweepCommand(terminal: Terminal): Command {
  const command = new Command('sweep')
    .description('Train a task once for every setting of a file, and rank them by what validation says.')
    .argument('<file>', 'the file that says what is varied', someText('file', 'a file'))
    .argument('[flags...]', 'behind --, flags of train for all runs, such as -- --data folder')
    .option(
      '--out <folder>',
      'folder of the sweep, which holds sweep.jsonl, sweep.svg and a folder per run (default: sweeps/ and the name of the file)',
      someText('--out', 'a folder'),
    )
    .option(
      '--parallel <n>',
      'number of runs at a time; never changes a result',
      wholeNumber('--parallel', 1),
      availableParallelism(),
    )
    .option('--resume', 'go on with the sweep in the folder: runs that are through are not repeated', false)
  addOverwriteFlag(command, 'the sweep in the folder, and its runs')
  return command.action(async (file: string, given: readonly string[], flags: SweepCommandFlags) => {
    const plan = await planSweep(file, given, terminal)
    await sweep({ file, plan, flags, outputs: outputsOf(command, terminal) }, terminal)
  })
}

interface SweepRequest {
  readonly file: string
  readonly plan: SweepPlan
  readonly flags: SweepCommandFlags
  readonly outputs: Outputs
}

async function sweep({ file, plan, flags, outputs }: SweepRequest, terminal: Terminal): Promise<void> {
  const { json, parallel, out = join('sweeps', basename(file, '.json')) } = flags
  const { sweep: asked, settings, head } = plan
  const { objective, halving } = asked
  await outputs.folder('--out', out)
  let through = 0
  const records: LedgerRecord[] = []
  const onRecord = (record: LedgerRecord, isNew: boolean) => {
    records.push(record)
    if (json) terminal.out(jsonLine(record))
    if (typeof record.run !== 'string') return
    through++
    if (isNew && !json) say(terminal, `${record.run}: ${outcomeOf(record, objective)}`)
  }
  const ranked = await interruptibly(
    () => `${out} keeps ${through} runs that are through; --resume goes on with it.`,
    async (signal) => {
      await using ledger = await beforeRun('--out', () => openSweepLedger(out, head, flags))
      const ranking = await runSweep(plan, { folder: out, ledger, parallel, signal, onRecord })
      const name = basename(file, '.json')
      await writeSweepPicture(out, { name, sweep: asked, settings, records, words: WORDS[objective] })
      return ranking
    },
  )
  if (!json) terminal.out(sweepTable(ranked, settings, objective))
  const [best] = ranked
  if (best === undefined || best.objective === null) throw noneThrough(out)
  const run = join(out, SWEEP_RUNS, nameOfSweepRun(best.setting, 1, halving?.rungs.at(-1) ?? null))
  if (!json) terminal.out(shown`Measure the best one on the test split: antidrome evaluate ${run}\n`)
}

function outcomeOf(record: LedgerRecord, objective: Objective): string {
  const { failed } = record as { readonly failed?: Failure }
  return failed === undefined
    ? objectiveInWords(objective, objectiveIn(record, objective))
    : `failed: ${failed.message}`
}

/** How values of an objective are shown, and its title. */
const WORDS: { readonly [Name in Objective]: { readonly title: string; readonly show: (value: number) => string } } = {
  validationAccuracy: { title: 'validation %', show: (share) => (100 * share).toFixed(2) },
  validationLoss: { title: 'validation loss', show: (loss) => loss.toPrecision(4) },
  timingError: { title: 'spikes off by ms', show: (error) => error.toFixed(4) },
  hiddenSpikes: { title: 'hidden spikes', show: (count) => count.toFixed(1) },
}

/** A value of an objective in words. */
function objectiveInWords(objective: Objective, value: number | null): string {
  const { title, show } = WORDS[objective]
  return value === null ? 'failed' : `${title} ${show(value)}`
}

/** Settings, the best one first, with what they vary and what came of them. */
function sweepTable(ranked: readonly RankedSetting[], settings: readonly Setting[], objective: Objective): Shown {
  const { title, show } = WORDS[objective]
  const paths = Object.keys(settings[0]?.values ?? {})
  const cell = (spread: Spread | null) => {
    if (spread === null) return 'failed'
    return spread.std === null ? show(spread.mean) : `${show(spread.mean)} ± ${show(spread.std)}`
  }
  const rows = ranked.map(({ setting, objective: spread }) => [
    setting,
    cell(spread),
    ...paths.map((path) => inWords(entryOf(settings[setting]?.values, path))),
  ])
  return formatTable(['setting', title, ...paths], rows)
}

/** As many digits of a number as tell settings apart. */
function inWords(value: unknown): string | number {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : JSON.stringify(value)
}

function noneThrough(out: string): RunError {
  return new RunError({
    code: 'SWEEP_FAILED',
    message: `No setting of the sweep in ${out} has come to an objective.`,
    remedy: `${join(out, LEDGER)} says of every run why.`,
  })
}
