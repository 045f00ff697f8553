import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { jsonLines } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'

/** A preset whose runs take less time than their processes. */
export const BASE = TINY_PRESET

/** Four settings of it. */
export const GRID = {
  base: 'tiny.json',
  sampler: 'grid',
  vary: {
    'training.optimizer.learningRate': { values: [0.01, 0.03] },
    'network.hidden': { values: [[4], [6]] },
  },
}

/** The ledger of a sweep as it is, and by line. */
export function readLedger(folder: string): { readonly text: string; readonly lines: Record<string, unknown>[] } {
  const text = readFileSync(join(folder, 'sweep.jsonl'), 'utf8')
  return { text, lines: jsonLines(text) }
}
