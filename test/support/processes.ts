import { readdirSync, readFileSync } from 'node:fs'

/** Processes whose parent is the given one. */
export function childrenOf(parent: number): readonly number[] {
  const parentOf = (pid: string) => {
    try {
      // The name in brackets may hold anything.
      return Number(
        readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ')[1],
      )
    } catch {
      return -1
    }
  }
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.filter((pid) => parentOf(pid) === parent).map(Number)
}

/** Whether a process lives; one that has ended but was not waited for does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Waits until something holds; false if it does not within so many ms. */
export async function eventually(holds: () => boolean, ms: number): Promise<boolean> {
  for (const start = Date.now(); !holds(); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() - start > ms) return false
  return true
}
