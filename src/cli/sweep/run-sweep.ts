import { join } from 'node:path'
import { entryOf } from '../../events/by-name.js'
import { InputError, InternalError } from '../../events/errors.js'
import type { RankedSetting } from '../../learning/sweep/rank-settings.js'
import { OBJECTIVES, type Setting } from '../../learning/sweep/sweep.js'
import { type SweepRun, sweep } from '../../learning/sweep/train-settings.js'
import { resultOfRun } from '../../storage/run/earlier-run.js'
import { readRunRecord } from '../../storage/run/run-record.js'
import { LEDGER, type LedgerRecord, nameOfSweepRun, SWEEP_RUNS, type SweepLedger } from '../../storage/sweep-ledger.js'
import { formatPlace, placeBelow } from '../checkpoint/checkpoint-place.js'
import { argvOf } from '../flag-record.js'
import { REMOTE_FLAGS } from '../join/join-flags.js'
import { changesOf, lastRungOf, type SweepPlan } from './plan-sweep.js'
import { endOfRun, type Failure, runProcess } from './run-process.js'

/** Where the runs of a sweep are, and how many of them run at a time. */
export interface SweepPlace {
  readonly folder: string
  readonly ledger: SweepLedger
  readonly parallel: number
  readonly signal: AbortSignal
  /** Runs begin at their first epoch, and replace what is left of earlier ones. */
  readonly isAnew: boolean
  /** Called with every line of the ledger behind its head, also with those of an earlier call. */
  readonly onRecord: (record: LedgerRecord, isNew: boolean) => void
  /** Called with why a run waits. */
  readonly onWait: (run: string, failure: Failure) => void
}

/**
 * Runs what is left of a sweep, and returns its settings, the best one first; of a sweep with halving, those of the last rung.
 *
 * Each training is a process of its own. Lines of the ledger come in the order of the runs, whichever ends first, and a
 * promotion is written before its runs begin, so that the ledger of a sweep which was stopped and resumed is that of one which
 * was not.
 */
export async function runSweep(plan: SweepPlan, place: SweepPlace): Promise<readonly RankedSetting[]> {
  const { objective, seeds, halving } = plan.sweep
  const { parallel, signal } = place
  const lines = createLines(place)
  const steps = sweep(
    plan.settings.map(({ values }) => values),
    {
      train: async (run, either) => lines.nextKnown() ?? (await recordOf(plan, place, run, either)),
      objective: (record) => objectiveIn(record, objective),
      better: OBJECTIVES[objective],
      ...{ seeds, parallel, signal },
      ...(halving === undefined ? {} : { halving }),
    },
  )
  for await (const step of steps) {
    switch (step.kind) {
      case 'result':
        await lines.writeRun(nameOf(step.run), step.result)
        break
      case 'failure':
        throw step.error
      case 'promotion': {
        const { rung, epochs, settings } = step
        await lines.write({ rung, epochs, settings })
        break
      }
      case 'ranking':
        await lines.write({ done: true, best: bestOf(step.ranked, plan.settings) })
        await bringBest(plan, place, step.ranked)
        return step.ranked
    }
  }
  throw new InternalError('A sweep has ended without a ranking.')
}

/** A sweep that was begun on another machine leaves the folder of its best run there: its run is repeated, or gone on with. */
async function bringBest(plan: SweepPlan, place: SweepPlace, [best]: readonly RankedSetting[]): Promise<void> {
  if (best === undefined || best.objective === null) return
  const { setting } = best
  const { values } = plan.settings[setting] as Setting
  await recordOf(plan, place, { setting, values, seed: 1, epochs: lastRungOf(plan.sweep) }, place.signal)
}

function bestOf([best]: readonly RankedSetting[], settings: readonly Setting[]) {
  if (best === undefined || best.objective === null) return null
  return { ...best, values: settings[best.setting]?.values }
}

/** What a line says of the objective; null: nothing. */
export function objectiveIn(record: LedgerRecord, objective: string): number | null {
  const value = entryOf(record, objective)
  return typeof value === 'number' ? value : null
}

/** Writes lines to a ledger, unless an earlier call has written them. */
function createLines({ ledger, onRecord }: SweepPlace) {
  const { records } = ledger
  const known = records.filter(({ run }) => run !== undefined).values()
  let written = 0

  /** @param isSame whether the line of an earlier call is this one */
  async function put(record: LedgerRecord, isSame: (earlier: LedgerRecord) => boolean): Promise<void> {
    const earlier = records[written++]
    if (earlier === undefined) await ledger.append(record)
    else if (!isSame(earlier)) throw otherLine(written + 1)
    onRecord(record, earlier === undefined)
  }

  return {
    /** What an earlier call has written of the next run; null: nothing more. */
    nextKnown: (): LedgerRecord | null => known.next().value ?? null,
    async write(record: LedgerRecord): Promise<void> {
      const text = JSON.stringify(record)
      await put(record, (earlier) => JSON.stringify(earlier) === text)
    },
    async writeRun(name: string, record: LedgerRecord): Promise<void> {
      await put(record, (earlier) => earlier.run === name && earlier === record)
    },
  }
}

/** @param number of the line, from 1 */
function otherLine(number: number): InputError {
  return new InputError({
    ...{ code: 'SWEEP_LEDGER', field: `line ${number} of ${LEDGER}`, found: 'a line of another sweep' },
    ...{ expected: 'the lines that this sweep writes', remedy: 'Begin anew with --overwrite.' },
  })
}

/** A training, as `sweep` asks for it. */
type PresetRun = SweepRun<Setting['values']>

function nameOf({ setting, seed, epochs }: PresetRun): string {
  return nameOfSweepRun(setting, seed, epochs)
}

/** The line of a run, which is begun unless its folder holds what it has come to. */
async function recordOf(
  plan: SweepPlan,
  place: SweepPlace,
  run: PresetRun,
  signal: AbortSignal,
): Promise<LedgerRecord> {
  const { folder, onWait } = place
  const { setting, seed, epochs, values } = run
  const name = nameOf(run)
  const path = join(folder, SWEEP_RUNS, name)
  const head = { run: name, setting, seed, ...(epochs === null ? {} : { epochs }), values }
  const known = await resultIn(path, run)
  if (known !== null) return { ...head, ...known }
  let { isAnew } = place
  const start = () => {
    const argv = argumentsOf(plan, folder, run, isAnew)
    isAnew = false
    return runProcess(argv, signal)
  }
  const failure = await endOfRun({ name, start, signal, onWait: (reason) => onWait(name, reason) })
  if (failure !== null) return { ...head, failed: failure }
  const result = await resultIn(path, run)
  if (result !== null) return { ...head, ...result }
  return { ...head, failed: { code: 'RUN_WITHOUT_RESULT', message: `${path} holds no result of the run.` } }
}

/** Flags of the user come last: where one is given twice, the last one counts. */
function argumentsOf(plan: SweepPlan, folder: string, run: PresetRun, isAnew: boolean): readonly string[] {
  const { task, preset, flags, remote, checkpoint } = plan
  const { seed, epochs } = run
  const { set } = changesOf(run)
  const rung = epochs === null ? [] : ['--epochs', String(epochs)]
  const place = ['--runs', join(folder, SWEEP_RUNS), '--name', nameOf(run)]
  const own = ['--seed', String(seed), ...rung, ...place, '--overwrite', '--measure', 'validation', '--json']
  const kept =
    checkpoint === null
      ? []
      : ['--checkpoint', formatPlace(placeBelow(checkpoint, nameOf(run))), ...(isAnew ? [] : ['--resume'])]
  const given = ['train', task, '--preset', preset, '--set', ...set]
  return [...given, ...own, ...argvOf(REMOTE_FLAGS, remote), ...kept, ...flags]
}

/** What a run has come to, by its folder; null if it is not through, or is another one. */
async function resultIn(path: string, run: PresetRun): Promise<LedgerRecord | null> {
  const [record, result] = [await readRunRecord(path), await resultOfRun(path)]
  if (record === null || result === null || typeof result.parameterDigest !== 'string') return null
  const { seed, epochs } = run
  const { set } = changesOf(run)
  const isSame =
    record.seed === seed &&
    JSON.stringify(record.flags.set) === JSON.stringify(set) &&
    (epochs === null || record.flags.epochs === epochs)
  if (!isSame) return null
  const { done: _, run: __, ...rest } = result
  return rest
}
