import type { ChildProcess } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { guard } from './guard.js'
import { procStat } from './proc-stat.js'

/** Living processes whose parent is the given one, but for the guard. */
export function childrenOf(parent: number): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== guard?.pid)
  return pids.map(Number).filter((pid) => Number(procStat(pid)?.[1]) === parent && isAlive(pid))
}

/** Whether a process lives; one that has ended but was not waited for does not. */
export function isAlive(pid: number): boolean {
  return (procStat(pid)?.[0] ?? 'Z') !== 'Z'
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
