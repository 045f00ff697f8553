import type { KernelChoice } from '../../dynamics/kernels/choose-kernel.js'
import type { Shown } from '../shown.js'
import { formatTable } from '../table.js'
import { bytesInWords } from './byte-count.js'

/** What computes a group of neurons, and the bytes that it needs at the least. */
export interface KernelNeed extends KernelChoice {
  readonly memory: number
}

/** What computes each group of neurons, with a line for each reason. */
export function formatKernels(kernels: readonly KernelNeed[]): Shown {
  const rows = kernels.flatMap(({ group, engine, feed, memory, reasons }) => {
    const [first = '', ...more] = reasons
    return [[group, engine, feed ?? '', bytesInWords(memory), first], ...more.map((why) => ['', '', '', '', why])]
  })
  return formatTable(['group', 'engine', 'feed', 'memory', 'why'], rows)
}
