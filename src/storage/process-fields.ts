import { readFileSync } from 'node:fs'

/**
 * The fields of `/proc/<id>/stat` from the state of the process on, as proc(5) lists them from its third one; null for a
 * process that is gone, one that may not be looked at, and everywhere but on Linux.
 */
export function processFields(id: number): readonly string[] | null {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'latin1')
    // The command's name stands in parentheses before them and may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}
