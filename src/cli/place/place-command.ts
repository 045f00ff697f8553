import { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { place } from '../../hardware/place.js'
import { placeOnCores } from '../../hardware/place-on-cores.js'
import type { Placement } from '../../hardware/placement.js'
import type { Network } from '../../network/network.js'
import { formatJson } from '../../storage/format-json.js'
import { someText, wholeNumber } from '../flag-values.js'
import { addSizeFlags, type SizeFlags, simulationTaskNames } from '../simulation-tasks.js'
import { taskNames } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { chipOf, DEFAULT_CHIP } from './place-chip.js'
import { networkOf } from './place-network.js'
import { formatPlacement } from './place-table.js'

interface ChipFlags extends SizeFlags {
  readonly chip?: string
  readonly cores?: number
}

/** `antidrome place <task|network>`: which core of a chip holds which neurons. */
export function placeCommand(terminal: Terminal): Command {
  const command = new Command('place')
    .description('Place a network on the cores of a chip: what each holds, what is cut, or why it does not fit.')
    .argument(
      '<task|network>',
      `network file, or a task: ${[...taskNames(), ...simulationTaskNames()].join(', ')}`,
      someText('task|network', 'a task or a file'),
    )
    .option(
      '--chip <profile>',
      `mesh:COLUMNSxROWS or a profile file (default: ${DEFAULT_CHIP})`,
      someText('--chip', 'mesh:COLUMNSxROWS, or a profile file'),
    )
    .option(
      '--cores <n>',
      'that many cores without limits, instead of a chip (default: those of the chip)',
      wholeNumber('--cores', 1),
    )
  return addSizeFlags(command).action((name: string, flags: ChipFlags & { readonly json: boolean }) =>
    run(name, flags, terminal),
  )
}

async function run(name: string, flags: ChipFlags & { readonly json: boolean }, terminal: Terminal): Promise<void> {
  if (flags.chip !== undefined && flags.cores !== undefined) {
    throw new InputError({
      code: 'FLAG_CONFLICT',
      field: '--cores',
      found: 'the flag beside --chip',
      expected: 'one of the two',
      remedy: 'A chip has its own number of cores.',
    })
  }
  const placement = await placementFor(await networkOf(name, flags), flags)
  if (!flags.json) terminal.out(formatPlacement(placement))
  else for (const record of recordsOf(placement)) terminal.out(`${formatJson(record)}\n`)
}

async function placementFor(network: Network, { chip = DEFAULT_CHIP, cores }: ChipFlags): Promise<Placement> {
  if (cores !== undefined) return placeOnCores(network, cores, {}, '--cores')
  const profile = await chipOf(chip)
  try {
    return place(network, profile)
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
