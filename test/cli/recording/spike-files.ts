import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A hash of the bytes of every spike file of a recording. */
export function bytesOf(path: string): Readonly<Record<string, string>> {
  const names = readdirSync(path).filter((name) => name.endsWith('.spikes'))
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(path, name)))
        .digest('hex'),
    ]),
  )
}

/** Waits until a recording has so many bytes of the first group. */
export async function recorded(folder: string, bytes: number): Promise<void> {
  const length = () => {
    try {
      return readFileSync(join(folder, 'exc.spikes')).length
    } catch {
      return 0
    }
  }
  while (length() < bytes) await new Promise((resolve) => setTimeout(resolve, 1))
}
