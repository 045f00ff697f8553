import { memoryNeeds } from '../dynamics/kernels/memory-needs.js'
import { InputError } from '../events/errors.js'
import type { CorePlacement } from '../hardware/placement.js'
import type { Network } from '../network/description/network.js'
import type { Computation } from './computation-options.js'

/** Bytes that a kernel in WebAssembly can address. */
const MOST_OF_KERNEL = 2 ** 32
const GIBIBYTE = 2 ** 30

export interface MemoryNeed {
  readonly network: Network
  /** The cores that are to be held in the same memory. */
  readonly cores: readonly CorePlacement[]
  /** Copies of all of them; default 1. */
  readonly replicas?: number
  /** Bytes that the machine has left, or gives this process; default: what the runtime tells, Infinity where it does not. */
  readonly available?: number
}

/**
 * Raises `InputError` NETWORK_MEMORY for a network that needs more memory than there is, before any of it is taken: what it
 * needs is the least that its synapses take.
 */
export function requireMemory(
  { network, cores, replicas = 1, available = availableMemory() }: MemoryNeed,
  { kernel }: Pick<Computation, 'kernel'>,
): void {
  const needs = cores.flatMap(({ core, slices }) =>
    memoryNeeds(network, kernel, slices).map((need) => ({ core, ...need })),
  )
  const [largest] = needs.toSorted((a, b) => b.kernel - a.kernel)
  if (largest !== undefined && largest.kernel > MOST_OF_KERNEL)
    throw tooLarge({
      found: `"${largest.group}", whose neurons ${largest.start} to ${largest.end - 1} on core ${largest.core} need ${inGibibytes(largest.kernel)}`,
      expected: `at most ${inGibibytes(MOST_OF_KERNEL)} for the neurons of a group on a core`,
      remedy: 'Place the network on more cores, or describe fewer synapses.',
    })
  const all = replicas * needs.reduce((sum, need) => sum + need.all, 0)
  const count = replicas * cores.length
  if (all > available)
    throw tooLarge({
      found: `synapses on ${count === 1 ? '1 core' : `${count} cores`} that need ${inGibibytes(all)} of memory`,
      expected: `at most the ${inGibibytes(available)} that this machine has left`,
      remedy: 'Place the network on cores of more machines, describe fewer synapses, or free memory.',
    })
}

function tooLarge(mistake: { readonly found: string; readonly expected: string; readonly remedy: string }): InputError {
  return new InputError({ code: 'NETWORK_MEMORY', field: 'network', ...mistake })
}

function inGibibytes(bytes: number): string {
  return `${(bytes / GIBIBYTE).toFixed(1)} GiB`
}

/** Browsers do not tell. */
function availableMemory(): number {
  const { process } = globalThis as { process?: { availableMemory?: () => number } }
  return process?.availableMemory?.() ?? Number.POSITIVE_INFINITY
}
