// One build at a time: whoever comes second finds the work done, and never puts older files over newer ones.
import { closeSync, mkdirSync, openSync, rmSync, statSync, utimesSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** How often who waits looks again, in ms. */
const PAUSE = 100

/**
 * Does the work while it holds the lock: a file that its owner touches every `beat` ms. An owner that was killed touches
 * it no more, whatever its process id may be used for by then: what stood still for `patience` ms of waiting is taken.
 */
export async function withBuildLock(file, work, { beat = 1000, patience = 15_000 } = {}) {
  mkdirSync(dirname(file), { recursive: true })
  await acquire(file, patience)
  const touching = setInterval(() => touch(file), beat)
  try {
    return await work()
  } finally {
    clearInterval(touching)
    rmSync(file, { force: true })
  }
}

async function acquire(file, patience) {
  let seen = null
  let stood = 0
  while (!create(file)) {
    const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs
    if (seen === null) process.stderr.write(`antidrome: waiting for the build that holds ${file} …\n`)
    stood = touched === seen ? stood + PAUSE : 0
    seen = touched
    if (stood >= patience) rmSync(file, { force: true })
    else await pause(PAUSE)
  }
}

function create(file) {
  try {
    closeSync(openSync(file, 'wx'))
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function touch(file) {
  try {
    const now = new Date()
    utimesSync(file, now, now)
  } catch {
    // Taken away from a process that stood still for long; each build writes to a folder of its own.
  }
}
