// Cleans up after a test process, however that ended: everything that carries its mark is killed, also what has been
// stopped or has left its session, and its temporary folder is removed. Knows of the end by its standard input, which
// the test process alone holds open. A test process whose own parent is gone is ended, too: nobody waits for it.
//
// Arguments: the variable of the environment, and the mark that stands in it; the folder; the test process, its parent.
import { readdirSync, readFileSync, rmSync } from 'node:fs'

const [, , variable, mark, folder, owner, parent] = process.argv

function kill(pid) {
  try {
    process.kill(Number(pid), 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

function read(path) {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** The parent of a process; '' if it is gone. */
function parentOf(pid) {
  const stat = read(`/proc/${pid}/stat`)
  // The name in parentheses may hold anything.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? ''
}

function marked() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
  return pids.filter((pid) => {
    const entry = read(`/proc/${pid}/environ`)
      .split('\0')
      .find((text) => text.startsWith(`${variable}=`))
    return entry?.includes(mark) === true
  })
}

const watch = setInterval(() => {
  if (parentOf(owner) !== parent) kill(owner)
}, 500)

// The keys of the terminal are the test process's.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined)

process.stdin.resume()
process.stdin.on('error', () => undefined)
process.stdin.on('close', async () => {
  clearInterval(watch)
  // Some may start others before they are found.
  for (let pids = marked(); pids.length > 0; pids = marked()) {
    for (const pid of pids) kill(pid)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})
