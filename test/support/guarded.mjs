// Starts what must not outlive it: a process, one that is stopped and one that has a session of its own and is stopped,
// leaves a file in the temporary folder, writes the ids and the folder as JSON, and waits for ever, in an endless loop if
// its argument says `busy`.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { guard } from './guard.ts'

const children = [false, false, true].map((detached) => spawn('sleep', ['1000'], { stdio: 'ignore', detached }))
for (const { pid } of children.slice(1)) process.kill(pid, 'SIGSTOP')
writeFileSync(join(tmpdir(), 'left'), '')
const line = JSON.stringify({ pids: [process.pid, guard.pid, ...children.map(({ pid }) => pid)], folder: tmpdir() })
process.stdout.write(`${line}\n`, () => {
  if (process.argv.includes('busy')) for (;;);
})
setInterval(() => undefined, 1e6)
