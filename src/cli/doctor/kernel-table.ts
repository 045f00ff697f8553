import type { KernelChoice } from '../../dynamics/choose-kernel.js'
import { formatTable } from '../table.js'

/** What computes each group of neurons, with a line for each reason. */
export function formatKernels(choices: readonly KernelChoice[]): string {
  const rows = choices.flatMap(({ group, engine, feed, reasons, elsewhere }) => {
    const others = elsewhere.map((other) => `${other.runs} run on the ${other.engine} kernel, for ${other.reason}`)
    const [first = '', ...more] = [...reasons, ...others]
    return [[group, engine, feed ?? '', first], ...more.map((why) => ['', '', '', why])]
  })
  return formatTable(['group', 'engine', 'feed', 'why'], rows)
}
