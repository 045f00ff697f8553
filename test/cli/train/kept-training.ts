import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Files, jsonLines } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'

/** Command lines of a training of 12 epochs of 4 mini-batches, with other flags in place of its own. */
export function smallTraining(files: Files): (changes: object) => readonly string[] {
  const settings = { '--preset': files.write('tiny.json', TINY_PRESET), '--batch': '3', '--epochs': '12' }
  return (changes) => ['train', 'temporal-patterns', '--json', ...Object.entries({ ...settings, ...changes }).flat()]
}

/** The lines of a run without the fields that depend on the time, and without its name. */
export function metricsOf(name: string): readonly object[] {
  const lines = jsonLines(readFileSync(join('runs', name, 'metrics.jsonl'), 'utf8'))
  return lines.map(({ samplesPerSecond, cpuSecondsPerSample, run: _, ...rest }) => rest)
}

export function checkpointsIn(dir: string): readonly string[] {
  return existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.antd')) : []
}
