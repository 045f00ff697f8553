// One of three partitions is killed while the network trains: the run ends at once and says which core was lost, over
// which link, and how far it had come; nothing is left running.
import { adam, mesh, openCluster, place, RunError, train } from 'antidrome'
import { yinYang } from 'antidrome/data'

const task = yinYang({ hidden: 64 })
const session = await openCluster(task.network, place(task.network, mesh({ columns: 3, rows: 1 })), {
  transport: 'websocket',
})
const victim = session.workers[1]
if (victim === undefined) throw new Error('core 1 must have a process')

let steps = 0
const onStep = () => {
  if (++steps === 20) process.kill(victim.id, 'SIGKILL')
}
try {
  for await (const epoch of train(session, task, { optimizer: adam({ learningRate: 0.01 }), epochs: 2, onStep }))
    console.log(`epoch ${epoch.number}: loss ${epoch.loss}`)
  throw new Error('the training must not go on without core 1')
} catch (error) {
  if (!(error instanceof RunError)) throw error
  console.log(`after ${steps} steps: ${error.message}`)
  console.log(error.code, error.details)
}

// Every later call says the same; closing is still in order.
console.log(await session.parameters().catch((error: RunError) => `parameters: ${error.code}`))
await session.close()
for (const { core, id } of session.workers) console.log(`process of core ${core}: ${isAlive(id) ? 'alive' : 'gone'}`)
if (session.workers.some(({ id }) => isAlive(id))) throw new Error('a process was left behind')

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0)
  } catch {
    return false
  }
}
