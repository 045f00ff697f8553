// Half of the hidden neurons on a second chip of BrainScaleS-2: what goes there, and what comes back, is known 1.3 ms of model
// time later each. A network that has learned without stops working with these latencies, and learns to work again.
import { adam, evaluateSplit, open, type Parameters, type Placement, train } from 'antidrome'
import { yinYang } from 'antidrome/data'
import { chipProfile, defineChipPlacement, executionPlacement, withChips } from 'antidrome/hardware'

const task = yinYang({ hidden: 64, learnDelays: true })
const { network } = task

const chips = withChips(chipProfile('brainscales2'), { columns: 2, rows: 1 })
const rest = network.groups.filter(({ name }) => name !== 'hidden')
const near = rest.map(({ name, size }) => ({ group: name, start: 0, end: size }))
const placed = defineChipPlacement(network, chips, [
  { chip: 0, core: 0, slices: [...near, { group: 'hidden', start: 0, end: 32 }] },
  { chip: 1, core: 0, slices: [{ group: 'hidden', start: 32, end: 64 }] },
])
const atOnce = executionPlacement(network, placed)
const late = executionPlacement(network, placed, { latency: chips })

/** Learns with this placement; continues from the given parameters. */
async function learn(placement: Placement, epochs: number, from?: Parameters) {
  const session = await open(network, { seed: 1, placement })
  if (from !== undefined) await session.setParameters(from)
  const options = {
    optimizer: adam({ learningRate: 0.01 }),
    learn: ['weights', 'delays'],
    rates: { delays: 0.2 },
    silentLabelHinge: 1,
    epochs,
    seed: 1,
  } as const
  for await (const _epoch of train(session, task, options));
  const parameters = await session.parameters()
  await session.close()
  return parameters
}

async function accuracyOn(placement: Placement, parameters: Parameters) {
  const session = await open(network, { seed: 1, placement })
  await session.setParameters(parameters)
  const { accuracy } = await evaluateSplit(session, task.test, task)
  await session.close()
  return accuracy
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const learned = await learn(atOnce, 5)
const [before, broken] = [await accuracyOn(atOnce, learned), await accuracyOn(late, learned)]
console.log(
  `learned without latency ${percent(before)}, with ${late.latencies?.[0]?.[1]} ms on the way ${percent(broken)}`,
)
const relearned = await learn(late, 4, learned)
const [mended, back] = [await accuracyOn(late, relearned), await accuracyOn(atOnce, relearned)]
console.log(`learned with it ${percent(mended)}, and without it again ${percent(back)}`)
if (before < 0.85 || broken > before - 0.2 || mended < 0.85)
  throw new Error('latency makes a difference that can be learned')
