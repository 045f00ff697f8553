// Custom data: trained with the defaults on two partitions, each a process, which encode their samples themselves.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adam, evaluateSplit, openCluster, placeOnCores, type Task, train, trainedNetwork } from 'antidrome'
import { loadNetwork, saveNetwork } from 'antidrome/storage'

const { createTask } = (await import(new URL('./modules/own-task.js', import.meta.url).href)) as {
  createTask(options: object): Task
}
const task = createTask({ learnDelays: true })
const seed = 1
const { network } = task // weights are scaled until its neurons spike
const session = await openCluster(network, placeOnCores(network, 2), { seed, transport: 'websocket' })
const options = { optimizer: adam({ learningRate: 0.02 }), learn: ['weights', 'delays'], epochs: 50, seed } as const
for await (const epoch of train(session, task, options)) {
  if (epoch.number % 10 !== 0) continue
  const silent = `${(100 * epoch.silentFraction).toFixed(0)} % silent`
  console.log(`epoch ${epoch.number}: validation ${(100 * epoch.validationAccuracy).toFixed(1)} %, ${silent}`)
}
const { accuracy } = await evaluateSplit(session, task.test, task)
const trained = await trainedNetwork(session, seed)
await session.close()

const folder = await mkdtemp(join(tmpdir(), 'antidrome-'))
await saveNetwork(join(folder, 'network.json'), trained)
const loaded = await loadNetwork(join(folder, 'network.json'))
await rm(folder, { recursive: true })
if (JSON.stringify(loaded) !== JSON.stringify(trained)) throw new Error('the file holds another network')

console.log(`test ${(100 * accuracy).toFixed(1)} %`)
if (accuracy < 0.95) throw new Error('the network did not learn')
