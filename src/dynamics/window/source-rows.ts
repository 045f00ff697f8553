import type { SynapseDraws } from '../../network/instance.js'
import type { KernelMemory } from '../wasm/kernel-memory.js'

/** The targets of a projection by source unit, in a kernel's memory. */
export interface SourceRows {
  /** Address of the u32 number of every row's first target, and one more. */
  readonly rows: number
  /** Address of the targets, 16 bits each. */
  readonly targets: number
  readonly synapses: number
}

/** Draws the synapses twice, once to count them: nothing but the rows takes memory. */
export function buildSourceRows(memory: KernelMemory, draws: SynapseDraws, sourceSize: number): SourceRows {
  const next = new Uint32Array(sourceSize + 1)
  draws.visit((source) => {
    next[source] = (next[source] as number) + 1
  })
  let synapses = 0
  for (let source = 0; source <= sourceSize; source++) {
    const count = next[source] as number
    next[source] = synapses
    synapses += count
  }
  const rows = memory.copy(next)
  const targets = memory.take(2 * synapses)
  const view = new Uint16Array(memory.memory.buffer, targets, synapses)
  draws.visit((source, target) => {
    const at = next[source] as number
    next[source] = at + 1
    view[at] = target
  })
  return { rows, targets, synapses }
}
