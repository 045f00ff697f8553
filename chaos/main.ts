// Chaos: trainings are disturbed in every way there is, and must end with the same bits as one that nobody disturbs.
import { Command } from 'commander'
import { runChaos } from './run-chaos.js'

// Should the process run out of work before the last scenario is done, that is no success.
process.exitCode = 1

const count = (text: string) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`found "${text}", expected an integer from 0`)
  return value
}

new Command('npm run chaos --')
  .description('Disturbs trainings in every way; each must end with the same bits as an undisturbed one.')
  .option('--kills <n>', 'partitions killed; of the coordinator, a tenth', count, 100)
  .option('--seed <n>', 'of the moments and of everything else', count, 1)
  .option('--soak <minutes>', 'minutes of the same again and again, with an eye on memory', count, 0)
  .action(async (settings: { readonly kills: number; readonly seed: number; readonly soak: number }) => {
    for await (const { what, value, unit } of runChaos(settings))
      console.log(`${what.padEnd(40)} ${Number(value.toFixed(1))} ${unit}`.trimEnd())
    console.log('every run ended with the bits of an undisturbed one; nothing was left behind')
    process.exitCode = 0
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
