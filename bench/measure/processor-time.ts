import { readFileSync } from 'node:fs'

/** Seconds of processor time that this process has used, all its threads together. */
export function ownSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Seconds of processor time that another process has used; Linux counts in hundredths. */
export function secondsOfProcess(pid: number): number {
  const [user, system] = timesOf(pid)
  return user + system
}

/** Seconds that processes which this one has started, and theirs, have used, as far as they have ended and were waited for. */
export function secondsOfChildren(): number {
  const [, , user, system] = timesOf('self')
  return user + system
}

function timesOf(pid: number | 'self') {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')
  return fields.slice(11, 15).map((ticks) => Number(ticks) / 100) as [number, number, number, number]
}
