// Chaos: trainings are disturbed in every way there is, and must end with the same bits as one that nobody disturbs.
import { Command } from 'commander'
import { type ClusterChaosSettings, runClusterChaos } from './cluster/cluster-chaos.js'
import { runSweepChaos, type SweepChaosSettings } from './cluster/sweep-chaos.js'
import { runChaos } from './run-chaos.js'
import type { Finding } from './scenario.js'

// Should the process run out of work before the last scenario is done, that is no success.
process.exitCode = 1

const count = (text: string) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`found "${text}", expected an integer from 0`)
  return value
}

/** Such as 30m, or 30. */
const minutes = (text: string) => count(text.replace(/m$/, ''))

async function tell(findings: AsyncIterable<Finding>): Promise<void> {
  for await (const { what, value, unit } of findings)
    console.log(`${what.padEnd(44)} ${Number(value.toFixed(1))} ${unit}`.trimEnd())
  console.log('every run ended with the bits of an undisturbed one; nothing was left behind')
  process.exitCode = 0
}

const program = new Command('npm run chaos --')
  .description('Disturbs trainings in every way; each must end with the same bits as an undisturbed one.')
  .enablePositionalOptions()
  .option('--kills <n>', 'partitions killed, half of them of replicas; of the coordinator, a tenth', count, 100)
  .option('--seed <n>', 'of the moments and of everything else', count, 1)
  .option('--soak <minutes>', 'minutes of the same again and again, with an eye on memory', minutes, 0)
  .action((settings: { readonly kills: number; readonly seed: number; readonly soak: number }) =>
    tell(runChaos(settings)),
  )
program
  .command('cluster')
  .description(
    'The same on workers on machines of their own, in namespaces of the network, with a stranger at every port; as root.',
  )
  .option('--kills <n>', 'workers killed', count, 50)
  .option('--seed <n>', 'of the moments and of everything else', count, 1)
  .option('--soak <minutes>', 'minutes of runs one after the other, while workers come and go', minutes, 0)
  .option('--replicas <n>', 'copies of all cores', count, 1)
  .option('--cores <n>', 'cores of each; at 3 of them one of the four workers is free', count, 3)
  .option('--transport <kind>', 'how links go: auto, or nats for by way of the server', 'auto')
  .action((settings: ClusterChaosSettings) => tell(runClusterChaos(settings)))
program
  .command('sweep')
  .description(
    'A sweep on workers: they are killed, its coordinators are, too, and the server is started anew; as root.',
  )
  .option('--kills <n>', 'workers killed', count, 10)
  .option('--runs <n>', 'of the sweep', count, 40)
  .option('--seed <n>', 'of the moments', count, 1)
  .action((settings: SweepChaosSettings) => tell(runSweepChaos(settings)))
program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
