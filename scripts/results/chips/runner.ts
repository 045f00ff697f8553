import type { EvaluationSummary } from '../../../dist/cli/evaluate/evaluate-draws.js'
import type { SeedSummary } from '../../../dist/cli/train/train-seeds.js'
import { antidrome } from '../antidrome.js'
import type { TrainedSubject } from './trained-subjects.js'

/** Trainings of one subject, all seeds of each, and what they measure. */
export interface Runner {
  /** In a folder of its own, where it goes on if it was broken off. */
  train(variant: string, more: readonly string[]): Promise<SeedSummary>
  /** Of each seed. */
  evaluate(trained: SeedSummary, more: readonly string[]): Promise<readonly EvaluationSummary[]>
}

/** @param data folder of the files of a task that reads some */
export function createRunner(
  { name, train, seeds, data: needed }: TrainedSubject,
  data: string | undefined,
  say: (line: string) => void,
): Runner {
  const files = needed === undefined || data === undefined ? [] : ['--data', data]
  return {
    async train(variant, more) {
      const run = ['chips', name, ...(variant === '' ? [] : [variant])].join('-')
      say(run)
      const kept = ['--name', run, '--checkpoint', `runs/${run}/checkpoints`, '--resume', '--json']
      const lines = await antidrome(['train', ...train, ...more, ...files, '--seeds', seeds, ...kept])
      return lines.at(-1) as SeedSummary
    },
    async evaluate({ runs }, more) {
      const found: EvaluationSummary[] = []
      for (const { run } of runs) {
        const lines = await antidrome(['evaluate', run, ...files, ...more, '--json'])
        found.push(lines.at(-1) as EvaluationSummary)
      }
      return found
    },
  }
}
