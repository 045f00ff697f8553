import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Tells a process which share is its own: `number/of`. */
const SHARE = 'ANTIDROME_DATA_SHARE'

interface Part<Result> {
  readonly k: number
  readonly result: Result
}

/** Runs a script once per core, each for its share of `count` pieces of work; all results, in the order of the pieces. */
export async function shareOut<Result>(script: string, args: readonly string[], count: number): Promise<Result[]> {
  const results: Result[] = []
  const of = Math.min(availableParallelism(), count)
  let done = 0
  const running = Array.from({ length: of }, (_, number) => {
    const env = { ...process.env, [SHARE]: `${number}/${of}` }
    const child = fork(script, args, { env, serialization: 'advanced' })
    child.on('message', (message) => {
      const { k, result } = message as Part<Result>
      results[k] = result
      if (++done % 100 === 0) console.error(`${done} of ${count}`)
    })
    return new Promise<void>((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a process ended with ${code}`))))
    })
  })
  await Promise.all(running)
  return results
}

/** The share of this process, if it is one of many; `run` does its pieces and tells of them. */
export function ownShare(): { run(count: number, work: (k: number) => unknown): Promise<void> } | null {
  const share = process.env[SHARE]
  if (share === undefined) return null
  const [number = 0, of = 1] = share.split('/').map(Number)
  const run = async (count: number, work: (k: number) => unknown) => {
    for (let k = number; k < count; k += of) {
      const message = { k, result: work(k) }
      await new Promise<void>((resolve, reject) => {
        process.send?.(message, (error: Error | null) => (error === null ? resolve() : reject(error)))
      })
    }
    process.disconnect()
  }
  return { run }
}
