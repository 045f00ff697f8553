import { procStat } from './proc-stat.js'

/** In 1/s, of times in /proc/PID/stat. */
const TICKS = 100

/** CPU time in s of this process with its threads, and of its children that have ended, where the system tells these. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  // `man proc`: cutime and cstime.
  const [children = '0', systemOfChildren = '0'] = procStat('self')?.slice(13, 15) ?? []
  return (user + system) / 1e6 + (Number(children) + Number(systemOfChildren)) / TICKS
}
