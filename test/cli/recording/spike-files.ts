import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { createFiles, type Files, run } from '../run-in-process.js'
import { RECORDED } from './recorded-network.js'

/** In ms; within the third segment. */
export const END = '120'

/** Files of tests that record one network, removed after them. */
export interface RecordedFiles {
  readonly files: Files
  /** Path of the network. */
  readonly network: string
  /** What a recording until `END` has, undisturbed; it lies in the folder 'undisturbed'. */
  readonly undisturbed: Promise<Readonly<Record<string, string>>>
  folder(name: string): string
}

export function createRecordedFiles(): RecordedFiles {
  const files = createFiles()
  afterAll(() => files[Symbol.dispose]())
  const network = files.write('network.json', RECORDED)
  const folder = (name: string) => join(files.folder, name)
  const record = async () => {
    const { code, err } = await run('simulate', network, '--out', folder('undisturbed'), '--until', END)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    return bytesOf(folder('undisturbed'))
  }
  return { files, network, undisturbed: record(), folder }
}

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
