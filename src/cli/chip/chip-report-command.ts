import { Command } from 'commander'
import type { ChipCongestion } from '../../hardware/congestion/chip-congestion.js'
import { chipCongestion } from '../../hardware/congestion/find-congestion.js'
import { chipCounts } from '../../hardware/counts/count-chip.js'
import { fitChip } from '../../hardware/fit/fit-chip.js'
import type { ChipProfile } from '../../hardware/profile/chip-profile.js'
import { figureValue } from '../../hardware/profile/figure.js'
import type { ChipReport } from '../../hardware/report/chip-report.js'
import { chipReport } from '../../hardware/report/report-chip.js'
import { stepsOf, tallyOf } from '../../hardware/tally/tally-of.js'
import type { ChipTiming } from '../../hardware/timing/chip-timing.js'
import { chipTiming } from '../../hardware/timing/simple-timing.js'
import { milliseconds, someText, wholeNumber } from '../../network/reading/flag-values.js'
import { DATA_FLAG } from '../learning-flags.js'
import { addModulesFlag } from '../modules-flag.js'
import { type OutputFolder, type Outputs, outputsOf } from '../outputs/outputs.js'
import { addOverwriteFlag, type OverwriteFlag } from '../overwrite-flag.js'
import { createProgressWords, type ProgressWords } from '../progress-words.js'
import { refuseFlags } from '../refuse-flags.js'
import { addComputationFlags } from '../run-flags.js'
import { jsonLine } from '../shown.js'
import { addSizeFlags, simulationTaskNames } from '../simulation-tasks.js'
import { addTaskFlag, subjectName, type TaskFlag } from '../task-module/task-flag.js'
import { taskNames } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { warn, warnOfRecording } from '../warn.js'
import { floorPlan, reportPictures, requirePictures, writePictures } from './chip-pictures.js'
import { eachProfile, type Outcome, refusalsOf, resultsOf, SEVERAL_CHIPS } from './each-profile.js'
import { chipFlag, profileFiles, profilesOf } from './flags/chip-choice.js'
import { addChipsFlag, type ChipsFlag } from './flags/chips-flag.js'
import { addEffortFlag } from './flags/effort-flag.js'
import { inTermsOfFile } from './flags/in-terms-of-file.js'
import { type ProfileFlags, placedOn, requireProfileFlags } from './place-on-profiles.js'
import type { KnownRun } from './run/known-run.js'
import { type RunFlags, type Subject, subjectOf } from './run/run-on-chip.js'
import { warnOfSilentRun } from './run/silent-run.js'
import { tellOf } from './words/placing-words.js'
import { reportsSideBySide, reportTable } from './words/report-table.js'

interface ReportFlags extends TaskFlag, RunFlags, ChipsFlag, OverwriteFlag, Omit<ProfileFlags, 'out' | 'pictures'> {
  readonly chip: string
  /** Folder. */
  readonly pictures?: string
}

interface NamedSubject extends Subject {
  readonly name: string
}

interface Reported {
  readonly profile: ChipProfile
  readonly report: ChipReport
  readonly congestion: ChipCongestion | null
  /** Null where time is continuous, or no latency is known. */
  readonly timing: ChipTiming | null
}

/** Model time of a step where the chip's time is continuous, ms: what is counted there is not bound to ticks. */
const FINE = 1

/** `antidrome chip-report <network|task|run>`: what a run would do on a chip, forward and while training. */
export function chipReportCommand(terminal: Terminal): Command {
  const command = new Command('chip-report')
    .description(
      'What a run does on a chip, and what it costs there: packets by distance, energy by component and phase, time of a step, ' +
        `busiest links, for inference and a step of training. Everything is counted from the spikes of a run. ${SEVERAL_CHIPS}`,
    )
    .argument(
      '[network|task|run]',
      `network file, folder of a trained run, or a task: ${[...taskNames(), ...simulationTaskNames()].join(', ')}`,
      someText('network|task|run', 'a file, a folder or a task'),
    )
    .requiredOption(...chipFlag('chips that it runs on'))
  addEffortFlag(addChipsFlag(command))
    .option('--input <file>', 'input spikes of a network file (default: none)', someText('--input', 'a file'))
    .option(
      '--recording <dir>',
      'take the spikes of a recording of simulate --out, of all groups that spike (default: it is simulated)',
      someText('--recording', 'a folder'),
    )
    .option('--until <ms>', 'end of a trial (default: that of the task)', milliseconds('--until'))
    .option(
      '--samples <n>',
      'samples of the test split of a task or a run (default: 32, or all if there are fewer)',
      wholeNumber('--samples', 1),
    )
    .option(...DATA_FLAG)
    .option(
      '--neurons-per-core <n>',
      'neurons and source units of a core at most (default: as the profile says)',
      wholeNumber('--neurons-per-core', 1),
    )
    .option('--placement <file>', 'read a placement in place of a search', someText('--placement', 'a file'))
    .option(
      '--pictures <dir>',
      'draw floor plan, energy and traffic as SVG into a folder (default: nothing is drawn)',
      someText('--pictures', 'a folder'),
    )
  addOverwriteFlag(command, 'the pictures of --pictures', 'a file')
  return addSizeFlags(addComputationFlags(addTaskFlag(addModulesFlag(command)))).action(
    (subject: string | undefined, flags: ReportFlags) =>
      report(subjectName(subject, flags, 'network|task|run'), flags, outputsOf(command, terminal), terminal),
  )
}

async function report(name: string, flags: ReportFlags, outputs: Outputs, terminal: Terminal): Promise<void> {
  const { json } = flags
  const profiles = await profilesOf(flags.chip, flags)
  requireProfileFlags(profiles, flags)
  if (flags.pictures === undefined) refuseFlags(flags, ['overwrite'], 'nothing is written without --pictures')
  const pictures =
    flags.pictures === undefined
      ? null
      : await requirePictures(await outputs.folder('--pictures', flags.pictures), profiles)
  const subject = await subjectOf(name, flags, (warning) => warn(terminal, json, warning))
  const outcomes = await reportsOn(profiles, { name, ...subject }, { flags, pictures }, terminal)
  if (json) for (const outcome of outcomes) terminal.out(jsonLine(recordOf(outcome)))
  else {
    const reports = resultsOf(outcomes)
    if (reports.length > 1) terminal.out(reportsSideBySide(reports))
    else for (const each of reports) terminal.out(reportTable(each))
    terminal.out(refusalsOf(outcomes))
  }
}

/** What does not fit is reported before it is simulated. Links are counted where they are shown: not side by side. */
async function reportsOn(
  profiles: readonly ChipProfile[],
  subject: NamedSubject,
  { flags, pictures }: { readonly flags: ReportFlags; readonly pictures: OutputFolder | null },
  terminal: Terminal,
): Promise<readonly Outcome<Reported>[]> {
  const tell = createProgressWords(terminal)
  const { network, until = Infinity } = subject
  const fitting = await eachProfile(profiles, (profile) => {
    if (until < Infinity) stepsOf(until, tickOf(profile))
    return placedOn(network, profile, flags, { tell, effort: 'none' })
  })
  const run = await subject.run({ tell, say: warnOfRecording(terminal, flags.json) })
  const able = profiles.filter((_, k) => 'result' in (fitting[k] as (typeof fitting)[number]))
  const watchesLinks = flags.json || pictures !== null || able.length === 1
  const files = profileFiles(flags.chip, profiles)
  const reports = await eachProfile(able, (profile) =>
    reportOn({ ...subject, ...run }, profile, flags, terminal, { tell, watchesLinks, files, pictures }),
  )
  const isTask = subject.loss !== undefined
  warnOfSilentRun(network, run.raster, { ...flags, isTask }, { json: flags.json, terminal })
  const reported = new Map(reports.map((each) => [each.profile, each]))
  return fitting.flatMap((each) => reported.get(each.profile) ?? ('reason' in each ? [each] : []))
}

function tickOf({ time }: ChipProfile): number {
  return figureValue(time.tick) ?? FINE
}

function recordOf(outcome: Outcome<Reported>): object {
  if ('reason' in outcome) return { reported: false, ...outcome }
  const { report: reported, congestion, timing } = outcome.result
  return { reported: true, ...reported, congestion, timing }
}

interface ReportParts {
  readonly tell: ProgressWords
  readonly watchesLinks: boolean
  /** Of profiles that are not of the package. */
  readonly files: ReadonlyMap<string, string>
  /** Where pictures are drawn; null: nowhere. */
  readonly pictures: OutputFolder | null
}

async function reportOn(
  { name, network, loss, raster, until }: NamedSubject & KnownRun,
  profile: ChipProfile,
  flags: ReportFlags,
  terminal: Terminal,
  { tell, watchesLinks, files, pictures }: ReportParts,
): Promise<Reported> {
  const { seed } = flags
  const tickMs = tickOf(profile)
  tell(`${profile.name}: counting spikes`)
  const tally = tallyOf(raster, network, { tickMs, until, seed, time: profile.time.mode })
  const placement = await placedOn(network, profile, flags, { tell, spikes: tally.spikes })
  const onProgress = tellOf(profile.name, 'counting packets', tell)
  const counts = chipCounts(network, placement, profile, tally, {
    ...{ seed, onProgress },
    ...(loss === undefined ? {} : { loss }),
  })
  const reported = inTermsOfFile('--chip', files.get(profile.name), () => chipReport(counts, profile))
  const congestion = watchesLinks
    ? chipCongestion(raster, network, placement, profile, {
        window: tickMs,
        until,
        seed,
        onProgress: tellOf(profile.name, 'looking at links', tell),
      })
    : null
  const timing = chipTiming(raster, network, placement, profile, { until, seed })
  if (pictures !== null) {
    const fit = fitChip(network, profile, { seed, placement })
    const drawn = { ...floorPlan(name, profile, fit, congestion), ...reportPictures(name, reported) }
    await writePictures({ folder: pictures, json: flags.json }, profile.name, drawn, terminal)
  }
  return { profile, report: reported, congestion, timing }
}
