import { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import type { Chip } from '../../hardware/chip.js'
import { place } from '../../hardware/place.js'
import { placeOnCores } from '../../hardware/place-on-cores.js'
import type { Placement } from '../../hardware/placement.js'
import type { ChipProfile } from '../../hardware/profile/chip-profile.js'
import type { Network } from '../../network/description/network.js'
import { someText, wholeNumber } from '../../network/reading/flag-values.js'
import { requirePictures } from '../chip/chip-pictures.js'
import { SEVERAL_CHIPS } from '../chip/each-profile.js'
import { chipChoice } from '../chip/flags/chip-choice.js'
import { addChipsFlag, type ChipsFlag } from '../chip/flags/chips-flag.js'
import { addEffortFlag } from '../chip/flags/effort-flag.js'
import {
  type PlacementOutputs,
  type ProfileFlags,
  placeOnProfiles,
  requireProfileFlags,
} from '../chip/place-on-profiles.js'
import { spikesFrom } from '../chip/run/spikes-from.js'
import { unitsFile } from '../chip/units-file.js'
import { addNetworkFlags } from '../learning-flags.js'
import { addModulesFlag, type ModulesFlag } from '../modules-flag.js'
import { PLACEMENT } from '../outputs/output-kind.js'
import { type Outputs, outputsOf } from '../outputs/outputs.js'
import { addOverwriteFlag, type OverwriteFlag } from '../overwrite-flag.js'
import { refuseFlags } from '../refuse-flags.js'
import { jsonLine } from '../shown.js'
import { addSizeFlags, type SizeFlags, simulationTaskNames } from '../simulation-tasks.js'
import { addTaskFlag, subjectName, type TaskFlag } from '../task-module/task-flag.js'
import { taskNames } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { warnOfRecording } from '../warn.js'
import { type NetworkFlags, networkOf } from './place-network.js'
import { formatPlacement } from './place-table.js'

interface PlaceCommandFlags
  extends TaskFlag,
    ModulesFlag,
    SizeFlags,
    NetworkFlags,
    ChipsFlag,
    ProfileFlags,
    OverwriteFlag {
  readonly chip?: string
  readonly cores?: number
  readonly ratesFrom?: string
  readonly out?: string
  /** A file with chip and core of every unit. */
  readonly export?: string
  /** Folder. */
  readonly pictures?: string
}

const DEFAULT_CHIP = 'mesh:2x2'
const OF_PROFILES = [
  'chips',
  'effort',
  'neuronsPerCore',
  'ratesFrom',
  'placement',
  'out',
  'export',
  'pictures',
  'overwrite',
] as const

/** `antidrome place <task|network>`: which core of a chip holds which neurons. */
export function placeCommand(terminal: Terminal): Command {
  const command = new Command('place')
    .description(
      'Place a network on the cores of a chip: what each holds, what limits it, what is cut or sent, or why it does not fit. ' +
        `A mesh is filled evenly, as partitions are; chips with a profile take as few cores as the network fits. ${SEVERAL_CHIPS}`,
    )
    .argument(
      '[task|network]',
      `network file, folder of a run, or a task: ${[...taskNames(), ...simulationTaskNames()].join(', ')}`,
      someText('task|network', 'a task, a file or a folder'),
    )
    .option(
      '--chip <profiles>',
      `mesh:COLUMNSxROWS, the name of a profile such as loihi, or a file; several profiles with commas (default: ${DEFAULT_CHIP})`,
      someText('--chip', 'mesh:COLUMNSxROWS, the name of a profile, or a file'),
    )
    .option(
      '--cores <n>',
      'that many cores without limits, instead of a chip (default: those of the chip)',
      wholeNumber('--cores', 1),
    )
  addEffortFlag(addChipsFlag(command))
    .option(
      '--rates-from <recording|file>',
      'spikes of each unit, counted in a recording, or {"group": number or list} as JSON (default: one of every unit)',
      someText('--rates-from', 'a recording or a file'),
    )
    .option('--seed <n>', 'draws the synapses of rules, and the search', wholeNumber('--seed', 0), 0)
    .option(
      '--neurons-per-core <n>',
      'neurons and source units of a core at most (default: as the profile says)',
      wholeNumber('--neurons-per-core', 1),
    )
    .option('--placement <file>', 'read a placement in place of a search', someText('--placement', 'a file'))
    .option('--out <file>', 'write the placement (default: nowhere)', someText('--out', 'a file'))
    .option(
      '--export <file>',
      'write chip and core of every unit for other programs, as .csv or .json (default: nowhere)',
      someText('--export', 'a file'),
    )
    .option(
      '--pictures <dir>',
      'draw the floor plan as SVG into a folder (default: nothing is drawn)',
      someText('--pictures', 'a folder'),
    )
  addOverwriteFlag(command, 'the placement of --out, the file of --export and the pictures of --pictures', 'a file')
  return addSizeFlags(addNetworkFlags(addTaskFlag(addModulesFlag(command)))).action(
    (name: string | undefined, flags: PlaceCommandFlags) =>
      run(subjectName(name, flags, 'task|network'), flags, outputsOf(command, terminal), terminal),
  )
}

async function run(name: string, flags: PlaceCommandFlags, outputs: Outputs, terminal: Terminal): Promise<void> {
  const { chip = DEFAULT_CHIP, cores, ratesFrom } = flags
  if (flags.chip !== undefined && cores !== undefined)
    throw new InputError({
      code: 'FLAG_CONFLICT',
      field: '--cores',
      found: 'the flag beside --chip',
      expected: 'one of the two',
      remedy: 'A chip has its own number of cores.',
    })
  const choice = cores === undefined ? await chipChoice(chip, flags) : null
  if (choice === null || choice.kind === 'mesh')
    refuseFlags(flags, OF_PROFILES, 'cores without a profile are filled evenly; name one with --chip, such as loihi')
  const network = await networkOf(name, flags)
  if (choice?.kind === 'profiles') {
    requireProfileFlags(choice.profiles, flags)
    const opened = await openOutputs(flags, choice.profiles, outputs)
    const spikes =
      ratesFrom === undefined ? undefined : await spikesFrom(ratesFrom, network, warnOfRecording(terminal, flags.json))
    await placeOnProfiles({ name, network }, choice.profiles, { ...flags, ...opened, spikes }, terminal)
    return
  }
  const placement =
    choice === null ? placeOnCores(network, cores ?? 1, {}, '--cores') : placeOnMesh(network, choice.chip)
  if (!flags.json) terminal.out(formatPlacement(placement))
  else for (const record of recordsOf(placement)) terminal.out(jsonLine(record))
}

async function openOutputs(
  { out, export: exported, pictures, ...flags }: PlaceCommandFlags,
  profiles: readonly ChipProfile[],
  outputs: Outputs,
): Promise<PlacementOutputs> {
  if (out === undefined && exported === undefined && pictures === undefined)
    refuseFlags(flags, ['overwrite'], 'nothing is written without --out, --export and --pictures')
  const folder = pictures === undefined ? null : await outputs.folder('--pictures', pictures)
  return {
    out: out === undefined ? null : await outputs.file({ flag: '--out', path: out, kind: PLACEMENT }),
    exported: await unitsFile(exported, outputs),
    pictures: folder === null ? null : await requirePictures(folder, profiles, ['floor-plan']),
  }
}

function placeOnMesh(network: Network, chip: Chip): Placement {
  try {
    return place(network, chip)
  } catch (error) {
    // On the command line the chip has the name of its flag.
    throw error instanceof InputError ? new InputError({ ...error.mistake, field: '--chip', cause: error }) : error
  }
}

function recordsOf({ cores, cuts, cycles }: Placement): readonly object[] {
  const total = (of: 'neurons' | 'synapses') => cores.reduce((sum, core) => sum + core[of], 0)
  return [
    ...cores.map(({ core, column, row, slices, neurons, synapses }) => {
      return { core, column, row, slices, neurons, synapses }
    }),
    ...cuts.map(({ key, crossings }) => ({ cut: key, crossings })),
    ...cycles.map(({ groups, lookahead }) => ({ cycle: groups, lookahead })),
    { placed: true, cores: cores.length, neurons: total('neurons'), synapses: total('synapses') },
  ]
}
