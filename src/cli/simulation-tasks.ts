import type { Command } from 'commander'
import { BALANCED_DEFAULTS, balancedNetwork } from '../data/balanced.js'
import type { Network } from '../network/description/network.js'
import { wholeNumber } from '../network/reading/flag-values.js'
import { refuseFlags } from './refuse-flags.js'

/** How large the network of a simulation task is. */
export interface SizeFlags {
  readonly neurons?: number
  readonly inDegree?: number
}

/** A network that drives itself, and for how long it is simulated where nothing is said. */
export interface SimulationTask {
  readonly network: Network
  /** In ms. */
  readonly until: number
}

/** Among the flags of a command are others than those of size. */
const TASKS: ReadonlyMap<string, (flags: SizeFlags) => SimulationTask> = new Map([
  [
    'balanced',
    ({ neurons, inDegree }: SizeFlags) => {
      const size = { ...(neurons === undefined ? {} : { neurons }), ...(inDegree === undefined ? {} : { inDegree }) }
      return { network: balancedNetwork(size), until: BALANCED_DEFAULTS.until }
    },
  ],
])

export function simulationTaskNames(): readonly string[] {
  return [...TASKS.keys()]
}

/**
 * The simulation task of a name; null if there is none.
 *
 * Raises `InputError` for a size that it cannot have, and FLAG_CONFLICT for a size of anything else.
 */
export function simulationTask(name: string, size: SizeFlags): SimulationTask | null {
  const prepare = TASKS.get(name)
  if (prepare !== undefined) return prepare(size)
  refuseFlags(
    size,
    ['neurons', 'inDegree'],
    `only a task has a size that can be chosen: ${simulationTaskNames().join(', ')}`,
  )
  return null
}

/** Adds the flags that size a simulation task. */
export function addSizeFlags(command: Command): Command {
  return command
    .option(
      '--neurons <n>',
      `neurons of balanced (default: ${BALANCED_DEFAULTS.neurons})`,
      wholeNumber('--neurons', 10),
    )
    .option(
      '--in-degree <n>',
      `recurrent synapses into every neuron of balanced (default: ${BALANCED_DEFAULTS.inDegree})`,
      wholeNumber('--in-degree', 10),
    )
}
