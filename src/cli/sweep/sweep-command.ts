import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { Command } from 'commander'
import { callRoll } from '../../actors/fleet/discover-workers.js'
import { ownVersions } from '../../actors/fleet/join-fleet.js'
import { freeSlots } from '../../actors/fleet/pick-slots.js'
import { packageVersion } from '../../actors/package-version.js'
import { entryOf } from '../../events/by-name.js'
import { RunError } from '../../events/errors.js'
import type { Spread } from '../../learning/spread.js'
import type { RankedSetting } from '../../learning/sweep/rank-settings.js'
import type { Objective, Setting } from '../../learning/sweep/sweep.js'
import { someText, wholeNumber } from '../../network/reading/flag-values.js'
import { lossOf } from '../../storage/checkpoint/lease.js'
import type { EarlierWork } from '../../storage/earlier-work.js'
import { LEDGER, type LedgerRecord, nameOfSweepRun, openSweepLedger, SWEEP_RUNS } from '../../storage/sweep-ledger.js'
import { writeSweepPicture } from '../../storage/sweep-picture.js'
import { type CheckpointPlace, checkpointPlace, folderOf } from '../checkpoint/checkpoint-place.js'
import { type OpenObjectStore, openCheckpointStore, openStoreOf } from '../checkpoint/open-checkpoint-store.js'
import { addFlags } from '../flag-record.js'
import { interruptibly } from '../interruption.js'
import { type JoinFlags, REMOTE_FLAGS } from '../join/join-flags.js'
import { joinRendezvous } from '../join/join-rendezvous.js'
import { beforeRun } from '../outputs/before-run.js'
import { type Outputs, outputsOf } from '../outputs/outputs.js'
import { addOverwriteFlag, type OverwriteFlag } from '../overwrite-flag.js'
import { jsonLine, type Shown, shown } from '../shown.js'
import { formatTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { eitherSignal } from '../trace/watch-trace.js'
import { meanAndSpread } from '../train/train-seeds.js'
import { say, warn } from '../warn.js'
import { lastRungOf, planSweep, type SweepFlags, type SweepPlan, WAIT } from './plan-sweep.js'
import type { Failure } from './run-process.js'
import { objectiveIn, runSweep } from './run-sweep.js'

interface SweepCommandFlags extends OverwriteFlag, SweepFlags {
  readonly out?: string
  readonly parallel?: number
  readonly resume: boolean
  readonly json: boolean
}

/** `antidrome sweep <file>`: trains a task with many settings, and ranks them. */
export function sweepCommand(terminal: Terminal, openStore: OpenObjectStore = openStoreOf): Command {
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
      'number of runs at a time; never changes a result (default: as many as this machine has hardware threads, or workers of --join free slots at the start, for their --cores)',
      wholeNumber('--parallel', 1),
    )
    .option(
      '--checkpoint <place>',
      'folder, or object:BUCKET[/PREFIX] at the server of --join: runs that were stopped go on there, and another machine takes the sweep over with --resume (default: none; such a run begins at its first epoch again)',
      checkpointPlace('--checkpoint'),
    )
    .option('--resume', 'go on with the sweep in the folder: runs that are through are not repeated', false)
  const wait = `wait so long for workers where there are too few at the start of a run (default: ${WAIT})`
  addFlags(command, { ...REMOTE_FLAGS, wait: { ...REMOTE_FLAGS.wait, text: wait } })
  addOverwriteFlag(command, 'the sweep in the folder, its runs and their checkpoints')
  return command.action(async (file: string, given: readonly string[], flags: SweepCommandFlags) => {
    const plan = await planSweep(file, given, flags, terminal)
    await sweep({ file, plan, flags, outputs: outputsOf(command, terminal), openStore }, terminal)
  })
}

interface SweepRequest {
  readonly file: string
  readonly plan: SweepPlan
  readonly flags: SweepCommandFlags
  readonly outputs: Outputs
  readonly openStore: OpenObjectStore
}

async function sweep({ file, plan, flags, outputs, openStore }: SweepRequest, terminal: Terminal): Promise<void> {
  const { json, out = join('sweeps', basename(file, '.json')) } = flags
  const { sweep: asked, settings, head, checkpoint, remote } = plan
  const { objective } = asked
  await outputs.folder('--out', out)
  const kept = folderOf(checkpoint ?? undefined)
  if (kept !== undefined) await outputs.folder('--checkpoint', kept)
  let through = 0
  const records: LedgerRecord[] = []
  const onRecord = (record: LedgerRecord, isNew: boolean) => {
    records.push(record)
    if (json) terminal.out(jsonLine(record))
    if (typeof record.run !== 'string') return
    through++
    if (isNew && !json) say(terminal, `${record.run}: ${outcomeOf(record, objective)}`)
  }
  const onWait = (run: string, { code, message }: Failure) =>
    warn(terminal, json, { code, message: `${run} waits, and is tried again: ${message}` })
  const onAway = ({ code, message }: RunError) =>
    warn(terminal, json, { code, message: `The sweep goes on without a copy of its ledger for now: ${message}` })
  const ranked = await interruptibly(
    () => `${out} keeps ${through} runs that are through; --resume goes on with it.`,
    async (signal) => {
      await using store = checkpoint === null ? null : await storeFor(checkpoint, remote, flags, openStore)
      const copy = store === null ? null : { store, writer: packageVersion(), onAway }
      await using ledger = await beforeRun('--out', () => openSweepLedger(out, head, flags, copy))
      const ranking = await runSweep(plan, {
        ...{ folder: out, ledger, onRecord, onWait },
        parallel: flags.parallel ?? (await roomFor(plan)),
        signal: eitherSignal(signal, lossOf(store?.lease ?? null)),
        isAnew: flags.overwrite === true && !flags.resume,
      })
      const name = basename(file, '.json')
      await writeSweepPicture(out, { name, sweep: asked, settings, records, words: WORDS[objective] })
      return ranking
    },
  )
  if (!json) terminal.out(sweepTable(ranked, settings, objective))
  const [best] = ranked
  if (best === undefined || best.objective === null) throw noneThrough(out)
  const run = join(out, SWEEP_RUNS, nameOfSweepRun(best.setting, 1, lastRungOf(asked)))
  if (!json) terminal.out(shown`Measure the best one on the test split: antidrome evaluate ${run}\n`)
}

function storeFor(place: CheckpointPlace, remote: JoinFlags, earlier: EarlierWork, open: OpenObjectStore) {
  return beforeRun('--checkpoint', () => openCheckpointStore(place, earlier, () => open(remote)))
}

/** How many trainings find cores at a time, one at least. */
async function roomFor({ cores, remote, isRemote }: SweepPlan): Promise<number> {
  const { join: urls } = remote
  const room = urls === undefined || !isRemote ? availableParallelism() : await slotsAt({ ...remote, join: urls })
  return Math.max(1, Math.floor(room / cores))
}

async function slotsAt(remote: JoinFlags & { readonly join: string }): Promise<number> {
  await using rendezvous = await joinRendezvous(remote, 'coordinator')
  const { offers } = await callRoll(rendezvous, ownVersions())
  return offers.reduce((total, offer) => total + freeSlots(offer), 0)
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
  const cell = (spread: Spread | null) => (spread === null ? 'failed' : meanAndSpread(spread, show))
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
