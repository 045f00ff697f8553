// Routers between two chips lose and delay packets. A network that has learned without them works worse behind them, and
// learns to work with them; each chip is a process of its own, and the bits are those of one process.
import {
  adam,
  evaluateSplit,
  open,
  openCluster,
  operator,
  type Parameters,
  placeOnCores,
  type Session,
  train,
} from 'antidrome'
import { yinYang } from 'antidrome/data'

const task = yinYang({ hidden: 64 })
const routers = operator(new URL('./modules/lossy-router.js', import.meta.url), { hops: 3, loss: 0.1, wait: 1 })
const clean = task.network
const lossy = {
  ...clean,
  projections: clean.projections.map((each) => (each.source === 'hidden' ? { ...each, through: [routers] } : each)),
}

async function learn(session: Session, epochs: number, from?: Parameters) {
  if (from !== undefined) await session.setParameters(from)
  const options = { optimizer: adam({ learningRate: 0.01 }), epochs, seed: 1, silentLabelHinge: 1 }
  for await (const _epoch of train(session, task, options));
  const { accuracy } = await evaluateSplit(session, task.test, task)
  return { accuracy, parameters: await session.parameters() }
}

async function accuracyOn(session: Session, parameters: Parameters) {
  await session.setParameters(parameters)
  return (await evaluateSplit(session, task.test, task)).accuracy
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
await using without = await open(clean, { seed: 1 })
await using here = await open(lossy, { seed: 1 })
await using chips = await openCluster(lossy, placeOnCores(lossy, 2), { seed: 1, transport: 'websocket' })

const learned = await learn(without, 3)
const broken = await accuracyOn(chips, learned.parameters)
console.log(`without routers ${percent(learned.accuracy)}, behind them ${percent(broken)}`)
const again = await learn(chips, 2, learned.parameters)
console.log(`learned behind them ${percent(again.accuracy)}`)

const same = await learn(here, 2, learned.parameters)
const isSame = JSON.stringify(same.parameters) === JSON.stringify(again.parameters)
console.log(`in one process: ${isSame ? 'the same bits' : 'other bits'}`)
if (!isSame || learned.accuracy < 0.7 || broken > learned.accuracy - 0.05 || again.accuracy < broken + 0.03)
  throw new Error('routers make a difference that can be learned, the same everywhere')
