import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { RunResults } from '../../src/cli/verify/compare-spreads.js'
import { firstDifference } from '../../src/cli/verify/first-difference.js'
import { lossesOf, taskResults } from '../../src/cli/verify/task-results.js'
import { trialResults } from '../../src/cli/verify/trial-results.js'
import { parseInput } from '../../src/data/input-file.js'
import { sgd } from '../../src/learning/optimizers/sgd.js'
import type { Network } from '../../src/network/description/network.js'
import { parseNetwork } from '../../src/network/file/parse-network.js'
import { runDigest } from '../../src/storage/run-digest.js'
import { tinyTask } from '../support/tiny-task.js'
import { GROUP_INPUT, groupOf200 } from './cut-networks.js'

const TASK = tinyTask()
const PREPARED = {
  task: TASK,
  training: { optimizer: sgd({ learningRate: 0.01 }), epochs: 9 },
  classes: ['first', 'second'],
  draw: async () => ({}),
}
const sizes = ({ numbers }: RunResults) => Object.fromEntries(numbers.map(({ name, values }) => [name, values.length]))

test('a training is told in the losses of all trials, what epochs say, the parameters and the test spikes', async () => {
  await using session = await open(TASK.network, { seed: 1 })
  const results = await taskResults(session, PREPARED, { epochs: 2, batch: 5, seed: 1 })
  expect(results.digest).toBe(await runDigest(session, TASK))
  expect(sizes(results)).toMatchObject({
    'losses of epoch 1, trial by trial,': 24,
    'gradient norms of epoch 1, step by step,': 5,
    'losses of epoch 2, trial by trial,': 24,
    'validation loss of epoch 2': 1,
    'grazing of epoch 2': 1,
    'parameters input->hidden weights': 10,
    'parameters input->hidden delays': 10,
    'parameters hidden adaptStep': 5,
  })
  const { projections } = await session.parameters()
  const weights = results.numbers.find(({ name }) => name === 'parameters hidden->out weights')
  expect(weights?.values).toEqual(projections['hidden->out']?.weights)
  const times = results.numbers.filter(({ name }) => name.startsWith('spike times'))
  expect(times.map(({ name }) => name)).toEqual([
    'spike times hidden, test trials 0 to 31',
    'spike times hidden, test trials 32 to 34',
    'spike times out, test trials 0 to 31',
    'spike times out, test trials 32 to 34',
  ])
  expect(times.every(({ values }) => values.length > 0)).toBe(true)
})

test('trainings that shuffle otherwise differ from the first loss on', async () => {
  const resultsWith = async (seed: number) => {
    await using session = await open(TASK.network, { seed: 1 })
    return await taskResults(session, PREPARED, { epochs: 1, batch: 5, seed })
  }
  const [one, again, other] = [await resultsWith(1), await resultsWith(1), await resultsWith(2)]
  expect(firstDifference(one.numbers, again.numbers)).toBeNull()
  expect(again.digest).toBe(one.digest)
  expect(firstDifference(one.numbers, other.numbers)?.where).toMatch(/^losses of epoch 1, trial by trial,\[\d+\]$/)
})

test('a loss that is none is not a number', () => {
  expect(lossesOf([1, null, 2])).toEqual(Float64Array.of(1, Number.NaN, 2))
})

function trialOf(network: Network) {
  return { network, trials: { count: 1, until: 30, inputs: parseInput(JSON.stringify(GROUP_INPUT), network).trains } }
}

test('a trial is told in spikes, maxima and the gradients of a loss over the last lif group', async () => {
  const network = parseNetwork(JSON.stringify(groupOf200()))
  await using session = await open(network)
  const results = await trialResults(session, trialOf(network), null)
  const { spikes } = await session.simulate(trialOf(network).trials)
  const times = spikes.wide?.times ?? new Float64Array(0)
  expect(times.length).toBeGreaterThan(200)
  expect(sizes(results)).toEqual({
    'spike times wide': times.length,
    'spike units wide': times.length,
    'maxima readout': 2,
    'times of maxima readout': 2,
    losses: 1,
    'gradients input->wide weights': 800,
    'gradients input->wide delays': 4,
    'gradients wide->wide weights': 1600,
    'gradients wide->wide delays': 1600,
    'gradients wide->readout weights': 400,
    'gradients wide->readout delays': 1,
    'gradients wide threshold': 200,
    'gradients wide adaptStep': 200,
    'gradients wide bias': 200,
    'gradients readout bias': 2,
    'gradients of input times input': 4,
    grazing: 1,
    'gradients wide tauMem': 1,
    'gradients wide tauSyn': 1,
    'gradients wide tauAdapt': 1,
    'gradients readout tauMem': 1,
    'gradients readout tauSyn': 1,
  })
  const loss = times.reduce((sum, time, k) => sum + (k + 1) * time, 0)
  const [found = Number.NaN] = results.numbers.find(({ name }) => name === 'losses')?.values ?? []
  expect(Math.abs(found - loss)).toBeLessThan(1e-9 * loss)
})

test('a network without spikes of its own only runs forward', async () => {
  const file = groupOf200() as { readonly groups: readonly object[] }
  const readout = { source: 'input', target: 'readout', weights: 1 }
  const network = parseNetwork(
    JSON.stringify({ ...file, groups: [file.groups[0], file.groups[2]], projections: [{ ...readout, delays: 1 }] }),
  )
  await using session = await open(network)
  expect(sizes(await trialResults(session, trialOf(network), null))).toEqual({
    'maxima readout': 2,
    'times of maxima readout': 2,
  })
})
