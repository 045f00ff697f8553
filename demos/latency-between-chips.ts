// Two ears on two chips of BrainScaleS-2: what the right one hears is known on the other chip 1.3 ms of model time later. A
// network that tells where a sound comes from stops working when that is so, and learns to work again.
import {
  adam,
  connect,
  defineNetwork,
  dense,
  evaluateSplit,
  li,
  lif,
  normal,
  open,
  type Parameters,
  type Placement,
  perSynapse,
  source,
  type Task,
  train,
  uniform,
  vMax,
} from 'antidrome'
import { createTrainsDataset } from 'antidrome/data'
import { chipProfile, defineChipPlacement, executionPlacement, withChips } from 'antidrome/hardware'

const EAR = 32
/** How much later the right ear hears than the left one, in ms. */
const LAGS = [-3, -1, 1, 3]
const neurons = { tauMem: 4, tauSyn: 2, threshold: 1 }
const network = defineNetwork({
  groups: { input: source(2 * EAR), hidden: lif(64, neurons), output: li(LAGS.length, { tauMem: 10, tauSyn: 2 }) },
  projections: [
    connect('input', 'hidden', dense(normal(0.25, 0.15)), { delay: perSynapse(uniform(0, 6)) }),
    connect('hidden', 'output', dense(normal(0.3, 0.15)), { delay: perSynapse(uniform(0, 2)) }),
  ],
})

/** Clicks: half of the units of either ear spike, at random within a fifth of a millisecond. */
function clicks(samples: number, seed: number) {
  let state = seed
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const labels = Uint8Array.from({ length: samples }, (_, k) => k % LAGS.length)
  const [offsets, times, units]: [number[], number[], number[]] = [[0], [], []]
  for (const label of labels) {
    const start = 4 + 4 * random()
    const click = Array.from({ length: 2 * EAR }, (_, unit) => {
      const lag = unit < EAR ? 0 : (LAGS[label] ?? 0)
      return { unit, time: start + lag + 0.2 * random(), isHeard: random() < 0.5 }
    })
    for (const { unit, time, isHeard } of click.sort((a, b) => a.time - b.time)) {
      if (!isHeard) continue
      times.push(time)
      units.push(unit)
    }
    offsets.push(times.length)
  }
  const trains = {
    offsets: Uint32Array.from(offsets),
    times: Float64Array.from(times),
    units: Uint32Array.from(units),
  }
  return createTrainsDataset({ trains, labels, classes: LAGS.length, units: 2 * EAR })
}

const [training, validation, test] = [clicks(800, 1), clicks(200, 2), clicks(400, 3)]
const task: Task = {
  name: 'two-ears',
  network,
  train: training,
  validation,
  test,
  until: 40,
  loss: vMax('output'),
}

const chips = withChips(chipProfile('brainscales2'), { columns: 2, rows: 1 })
const whole = (group: string, size: number) => ({ group, start: 0, end: size })
const placed = defineChipPlacement(network, chips, [
  {
    chip: 0,
    core: 0,
    slices: [{ group: 'input', start: 0, end: EAR }, whole('hidden', 64), whole('output', LAGS.length)],
  },
  { chip: 1, core: 0, slices: [{ group: 'input', start: EAR, end: 2 * EAR }] },
])
const atOnce = executionPlacement(network, placed)
const late = executionPlacement(network, placed, { latency: chips })

async function accuracyOn(placement: Placement, parameters: Parameters) {
  const session = await open(network, { seed: 1, placement })
  await session.setParameters(parameters)
  const { accuracy } = await evaluateSplit(session, task.test, task)
  await session.close()
  return accuracy
}

/** Learns where everything lies so, and goes on from what was learned elsewhere. */
async function learn(placement: Placement, epochs: number, from?: Parameters) {
  const session = await open(network, { seed: 1, placement })
  if (from !== undefined) await session.setParameters(from)
  const options = {
    optimizer: adam({ learningRate: 0.01 }),
    learn: ['weights', 'delays'],
    rates: { delays: 0.1 },
    epochs,
    seed: 1,
  } as const
  for await (const _epoch of train(session, task, options));
  const parameters = await session.parameters()
  await session.close()
  return parameters
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const learned = await learn(atOnce, 14)
const [before, broken] = [await accuracyOn(atOnce, learned), await accuracyOn(late, learned)]
console.log(
  `learned without latency: ${percent(before)}; with ${late.latencies?.[1]?.[0]} ms between the chips ${percent(broken)}`,
)
const relearned = await learn(late, 7, learned)
const [mended, back] = [await accuracyOn(late, relearned), await accuracyOn(atOnce, relearned)]
console.log(`learned with it: ${percent(mended)}; and without it again ${percent(back)}`)
if (before < 0.9 || broken > 0.7 || mended < 0.9)
  throw new Error('latency should have made a difference, and learning mend it')
