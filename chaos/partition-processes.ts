import { readFileSync } from 'node:fs'
import { childrenOf, isAlive } from '../test/support/processes.js'

/** The living processes of partitions that this process has started; it may have started others, too. */
export function partitionProcesses(): readonly number[] {
  return childrenOf(process.pid).filter((id) => isAlive(id) && commandOf(id).includes('partition-process'))
}

function commandOf(id: number): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8')
  } catch {
    // It has ended meanwhile.
    return ''
  }
}
