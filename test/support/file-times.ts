import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Where a run leaves the CPU time of each file, in s, the longest first. */
const KEPT = '.build/test-times.json'

/** CPU time in s, by path of a file of tests below the root of the repository, or name of a process. */
export type FileTimes = ReadonlyMap<string, number>

export function writeTimes(root: string, times: FileTimes): void {
  const path = join(root, KEPT)
  mkdirSync(dirname(path), { recursive: true })
  const rows = [...times].toSorted(([, a], [, b]) => b - a).map(([file, time]) => [file, Number(time.toFixed(2))])
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(rows), undefined, 2)}\n`)
}

/** One line per part of the tests: its CPU time, its number of files, its longest file; then the sum. */
export function timeTable(times: FileTimes): readonly string[] {
  const files = [...times].map(([file, time]) => ({ file, time, part: partOf(file) }))
  const parts = [...new Set(files.map(({ part }) => part))].map((part) => {
    const own = files.filter((file) => file.part === part)
    const longest = own.reduce((a, b) => (b.time > a.time ? b : a))
    return { part, count: own.length, time: sum(own.map(({ time }) => time)), longest }
  })
  const rows = parts
    .toSorted((a, b) => b.time - a.time)
    .map(({ part, count, time, longest }) =>
      line(time, part, `${count} files, longest ${longest.time.toFixed(1)} s ${longest.file}`),
    )
  const total = sum(files.map(({ time }) => time))
  return ['CPU s', ...rows, line(total, 'all', `${times.size} files; each in ${KEPT}`)]
}

const sum = (times: readonly number[]) => times.reduce((a, b) => a + b, 0)

const line = (time: number, part: string, text: string) => `${time.toFixed(1).padStart(7)} ${part.padEnd(20)} ${text}`

/** The folder below `test`, or the name itself. */
const partOf = (file: string) => /^test\/([^/]+)\//.exec(file)?.[1] ?? file
