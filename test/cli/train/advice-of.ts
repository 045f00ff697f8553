import { expect } from 'vitest'
import { jsonLines, run } from '../run-in-process.js'

/** What a training is advised, by epoch. */
export async function adviceOf(...flags: string[]): Promise<readonly string[][]> {
  const { code, out, err } = await run('train', ...flags, '--json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return jsonLines(out).flatMap(({ advice }) => (advice === undefined ? [] : [advice as string[]]))
}
