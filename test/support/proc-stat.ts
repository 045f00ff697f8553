import { readFileSync } from 'node:fs'

/** Fields of /proc/PID/stat after the name, the first of which is the state; undefined if there is no such process. */
export function procStat(pid: number | 'self'): readonly string[] | undefined {
  try {
    // The name in parentheses may hold anything.
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
  } catch {
    return undefined
  }
}
