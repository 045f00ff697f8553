// Yin-Yang through the library: thirty hidden neurons with learned weights, delays and thresholds, a few epochs.
import { adam, evaluateSplit, open, train } from 'antidrome'
import { yinYang } from 'antidrome/data'

const task = yinYang({ hidden: 30, learnDelays: true })
const session = await open(task.network, { seed: 1 })
const options = {
  optimizer: adam({ learningRate: 0.01 }),
  learn: ['weights', 'delays', 'thresholds'],
  rates: { delays: 0.2, thresholds: 0.002 },
  silentLabelHinge: 1,
  epochs: 8,
  seed: 1,
} as const
for await (const epoch of train(session, task, options)) {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  console.log(`epoch ${epoch.number}: loss ${epoch.loss?.toFixed(3)}, validation ${percent(epoch.validationAccuracy)}`)
}
const { accuracy } = await evaluateSplit(session, task.test, task)
await session.close()

console.log(`test ${(100 * accuracy).toFixed(1)} %`)
if (accuracy < 0.9) throw new Error('the network did not learn')
