import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { guardPid } from './guard.js'

/** Living processes whose parent is the given one, but for the guard. */
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
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== guardPid)
  return pids
    .filter((pid) => parentOf(pid) === parent)
    .map(Number)
    .filter(isAlive)
}

/** Whether a process lives; one that has ended but was not waited for does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** The first line that a process writes. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
    })
    child.once('close', () => reject(new Error(`it ended after "${text}"`)))
  })
}
