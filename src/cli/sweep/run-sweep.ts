import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { promotedOf, type RankedSetting, rankSettings } from '../../learning/sweep/rank-settings.js'
import type { Setting } from '../../learning/sweep/sweep.js'
import { resultOfRun } from '../../storage/run/earlier-run.js'
import { readRunRecord } from '../../storage/run/run-record.js'
import { LEDGER, type LedgerRecord, nameOfSweepRun, SWEEP_RUNS, type SweepLedger } from '../../storage/sweep-ledger.js'
import { inOrder } from '../in-order.js'
import { changesOf, type SweepPlan } from './plan-sweep.js'
import { type Failure, type RunEnd, runProcess } from './run-process.js'

/** Reported failures after which a run is given up. */
const MOST_FAILURES = 3
/** Processes of a run that were lost without a word, after which it is given up, too. */
const MOST_LOSSES = 10
/** In ms, until a folder is asked for again that another process writes to. */
const BUSY = 500

/** Where the runs of a sweep are, and how many of them run at a time. */
export interface SweepPlace {
  readonly folder: string
  readonly ledger: SweepLedger
  readonly parallel: number
  readonly signal: AbortSignal
  /** Called with every line of the ledger behind its head, also with those of an earlier call. */
  readonly onRecord: (record: LedgerRecord, isNew: boolean) => void
}

/** One training of a sweep. */
interface SweepRun {
  readonly setting: Setting
  readonly seed: number
  /** Of a rung; undefined: those of the preset. */
  readonly epochs: number | undefined
}

/**
 * Runs what is left of a sweep, and returns its settings, the best one first; of a sweep with halving, those of the last rung.
 *
 * Each training is a process of its own. Lines of the ledger come in the order of the runs, whichever ends first, and a
 * promotion is written before its runs begin, so that the ledger of a sweep which was stopped and resumed is that of one which
 * was not.
 */
export async function runSweep(plan: SweepPlan, place: SweepPlace): Promise<readonly RankedSetting[]> {
  const { sweep, settings } = plan
  const { halving, objective, seeds } = sweep
  const rungs = halving?.rungs ?? [undefined]
  const lines = createLines(place)
  let active = settings
  let ranked: readonly RankedSetting[] = []
  for (const [rung, epochs] of rungs.entries()) {
    if (rung > 0 && halving !== undefined) {
      const promoted = promotedOf(ranked, halving)
      await lines.write({ rung, epochs, settings: promoted })
      active = promoted.map((index) => settings[index] as Setting)
    }
    const runs = active.flatMap((setting) =>
      Array.from({ length: seeds }, (_, k): SweepRun => ({ setting, seed: k + 1, epochs })),
    )
    const records = await lines.writeAll(runs, (run, signal) => recordOf(plan, place.folder, run, signal))
    const values = new Map(active.map(({ index }) => [index, [] as (number | null)[]]))
    for (const record of records) values.get(Number(record.setting))?.push(objectiveIn(record, objective))
    ranked = rankSettings(values, objective)
  }
  const [best] = ranked
  const found = best === undefined || best.objective === null ? null : best
  const summary = found === null ? null : { ...found, values: settings[found.setting]?.values }
  await lines.write({ done: true, best: summary })
  return ranked
}

/** What a line says of the objective; null: nothing. */
export function objectiveIn(record: LedgerRecord, objective: string): number | null {
  const value = entryOf(record, objective)
  return typeof value === 'number' ? value : null
}

/** Writes lines to a ledger, unless an earlier call has written them. */
function createLines({ ledger, parallel, signal, onRecord }: SweepPlace) {
  let written = 0

  async function take(record: LedgerRecord, isNew: boolean): Promise<void> {
    if (isNew) await ledger.append(record)
    written++
    onRecord(record, isNew)
  }

  /** The next line of an earlier call, which must be about the same. */
  function earlier(isSame: (record: LedgerRecord) => boolean): LedgerRecord | null {
    const record = ledger.records[written]
    if (record === undefined) return null
    if (isSame(record)) return record
    throw new InputError({
      ...{ code: 'SWEEP_LEDGER', field: `line ${written + 2} of ${LEDGER}`, found: 'a line of another sweep' },
      ...{ expected: 'the lines that this sweep writes', remedy: 'Begin anew with --overwrite.' },
    })
  }

  return {
    async write(record: LedgerRecord): Promise<void> {
      const text = JSON.stringify(record)
      const known = earlier((other) => JSON.stringify(other) === text)
      await take(known ?? record, known === null)
    },
    async writeAll(
      runs: readonly SweepRun[],
      make: (run: SweepRun, signal: AbortSignal) => Promise<LedgerRecord>,
    ): Promise<readonly LedgerRecord[]> {
      const records: LedgerRecord[] = []
      for (const run of runs) {
        const known = earlier((other) => other.run === nameOf(run))
        if (known === null) break
        await take(known, false)
        records.push(known)
      }
      const left = runs.slice(records.length)
      for await (const record of inOrder(left, { parallel, signal }, make)) {
        await take(record, true)
        records.push(record)
      }
      return records
    },
  }
}

function nameOf({ setting, seed, epochs }: SweepRun): string {
  return nameOfSweepRun(setting.index, seed, epochs)
}

/** The line of a run, which is begun unless its folder holds what it has come to. */
async function recordOf(plan: SweepPlan, folder: string, run: SweepRun, signal: AbortSignal): Promise<LedgerRecord> {
  const { setting, seed, epochs } = run
  const name = nameOf(run)
  const path = join(folder, SWEEP_RUNS, name)
  const rung = epochs === undefined ? {} : { epochs }
  const head = { run: name, setting: setting.index, seed, ...rung, values: setting.values }
  const known = await resultIn(path, run)
  if (known !== null) return { ...head, ...known }
  const failure = await endOf(() => runProcess(argumentsOf(plan, folder, run), signal), signal)
  if (failure !== null) return { ...head, failed: failure }
  const result = await resultIn(path, run)
  if (result !== null) return { ...head, ...result }
  return { ...head, failed: { code: 'RUN_WITHOUT_RESULT', message: `${path} holds no result of the run.` } }
}

/** Null once the run is through; else why it was given up. */
async function endOf(begin: () => Promise<RunEnd>, signal: AbortSignal): Promise<Failure | null> {
  let [failures, losses] = [0, 0]
  while (true) {
    signal.throwIfAborted()
    const end = await begin()
    signal.throwIfAborted()
    switch (end.kind) {
      case 'done':
        return null
      case 'failed':
        // What a sweep that was killed had begun ends with its next word.
        if (end.failure.code === 'FOLDER_IN_USE') await pause(BUSY)
        else if (end.isMistake || ++failures === MOST_FAILURES) return end.failure
        break
      case 'lost':
        if (++losses === MOST_LOSSES)
          return { code: 'RUN_LOST', message: `Its process was lost ${losses} times, the last time by ${end.exit}.` }
    }
  }
}

function argumentsOf(
  { task, preset, flags }: SweepPlan,
  folder: string,
  { setting, seed, epochs }: SweepRun,
): readonly string[] {
  const { set } = changesOf(setting)
  const rung = epochs === undefined ? [] : ['--epochs', String(epochs)]
  const place = ['--runs', join(folder, SWEEP_RUNS), '--name', nameOfSweepRun(setting.index, seed, epochs)]
  const own = ['--seed', String(seed), ...rung, ...place, '--overwrite', '--measure', 'validation', '--json']
  return ['train', task, '--preset', preset, '--set', ...set, ...own, ...flags]
}

/** What a run has come to, by its folder; null if it is not through, or is another one. */
async function resultIn(path: string, { setting, seed, epochs }: SweepRun): Promise<LedgerRecord | null> {
  const [record, result] = [await readRunRecord(path), await resultOfRun(path)]
  if (record === null || result === null || typeof result.parameterDigest !== 'string') return null
  const { set } = changesOf(setting)
  const isSame =
    record.seed === seed &&
    JSON.stringify(record.flags.set) === JSON.stringify(set) &&
    (epochs === undefined || record.flags.epochs === epochs)
  if (!isSame) return null
  const { done: _, run: __, ...rest } = result
  return rest
}
