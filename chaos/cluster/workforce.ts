import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { ManyMachines, RunningCommand } from '../../test/support/many-machines.js'

/** Workers that are started anew when they end, as a service manager does it. */
export interface Workforce extends AsyncDisposable {
  readonly count: number
  /** At which the process of a worker listens. */
  readonly ports: readonly number[]
  /** Sends a signal; resolves when the worker that follows is there. */
  signal(number: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  /** Memory of each worker itself, in MiB. */
  memory(): readonly number[]
  /** Ends of workers that nobody has asked for. */
  readonly accidents: readonly string[]
}

const PORT = 7000
/** In ms: between the end of a worker and its next start. */
const RESTART_PAUSE = 100

export async function createWorkforce(machines: ManyMachines, count: number): Promise<Workforce> {
  const ports = [PORT]
  const accidents: string[] = []
  const expected = new Set<RunningCommand>()
  let isOver = false
  const hired = (number: number) => {
    const address = machines.places.workers[number]?.address
    return machines.startWorker(number, { flags: ['--listen', `${address}:${PORT}`] }).then((worker) => {
      void worker.ended.then(({ code, err }) => {
        if (!isOver && !expected.has(worker)) accidents.push(`worker ${number} ended with ${code}: ${err.slice(-500)}`)
      })
      return worker
    })
  }
  const workers = await Promise.all(Array.from({ length: count }, (_, number) => hired(number)))
  return {
    count,
    ports,
    accidents,
    async signal(number, signal) {
      const worker = workers[number]
      if (worker === undefined || expected.has(worker)) return
      expected.add(worker)
      worker.child.kill(signal)
      await worker.ended
      await setTimeout(RESTART_PAUSE)
      if (!isOver) workers[number] = await hired(number)
    },
    memory: () => workers.map(({ child }) => residentMemory(child.pid ?? -1)),
    async [Symbol.asyncDispose]() {
      isOver = true
    },
  }
}

/** In MiB; 0 for a process that is gone. */
export function residentMemory(pid: number): number {
  try {
    const [, kibibytes = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kibibytes) / 1024
  } catch {
    return 0
  }
}
