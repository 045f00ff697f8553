import { setTimeout } from 'node:timers/promises'
import { createRandomStream } from '../../dist/numerics/random-stream.js'
import { childrenOf, isAlive } from '../../test/support/processes.js'
import { comesTrue } from '../comes-true.js'
import { createTrainingCommand, endingOf, KEEP } from '../command.js'
import { type Grid, requireEqual, type Scenario } from '../scenario.js'

/** In ms: from before the first step to well within the training. */
const LONGEST = 1000

/** On which the command runs, in turn. */
const GRIDS: readonly [Grid, ...Grid[]] = [
  { replicas: 2, cores: 1 },
  { replicas: 1, cores: 2 },
  { replicas: 2, cores: 2 },
  { replicas: 1, cores: 1 },
]

/** The command is killed at random moments, and resumed each time on another grid of replicas and cores. */
export const coordinatorKills: Scenario = async ({ seed, kills }, undisturbed) => {
  const expected = await undisturbed.metrics()
  const random = createRandomStream(seed, 'chaos/coordinator')
  const count = Math.ceil(kills / 10)
  using command = createTrainingCommand()
  let early = 0
  for (let kill = 0; kill < count; kill++) {
    const { replicas, cores: each } = GRIDS[kill % GRIDS.length] ?? GRIDS[0]
    const child = command.start(...KEEP, '--replicas', String(replicas), '--cores', String(each))
    const ended = endingOf(child)
    await setTimeout(LONGEST * random.uniform(kill))
    const cores = childrenOf(child.pid ?? -1)
    if (child.exitCode !== null) early++
    child.kill('SIGKILL')
    await ended
    if (!(await comesTrue(() => !cores.some(isAlive)))) throw new Error('cores outlive their coordinator')
  }
  const { code, words } = await endingOf(command.start(...KEEP))
  requireEqual(`exit code after kills of the coordinator (${words})`, code, 0)
  requireEqual('metrics after kills of the coordinator', command.metrics(), expected)
  return [
    { what: 'coordinators killed', value: count - early, unit: '' },
    { what: 'that had ended before', value: early, unit: '' },
  ]
}
