import { readFileSync } from 'node:fs'

/** Seconds of processor time that this process has used, all its threads together. */
export function ownSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Seconds of processor time that another process has used; Linux counts in hundredths. */
export function secondsOfProcess(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
