// A training as it passes: the spikes of the hidden layer, and the gradient events that come back to them, of every
// 32nd mini-batch. Both are observed from outside, whichever of the four processes they happen in; no bit of the
// training depends on it.
import { adam, openCluster, placeOnCores, train } from 'antidrome'
import { yinYang } from 'antidrome/data'
import { filter, zip } from 'rxjs'

const task = yinYang({ hidden: 64 })
const session = await openCluster(task.network, placeOnCores(task.network, 4), { transport: 'websocket', seed: 1 })
const COLUMNS = 60
const SHOWN = 30 // ms of a trial
const BARS = [...' ▁▂▃▄▅▆▇█']

/** What happens to the hidden layer in `COLUMNS` parts of the time that is shown, added up over the trials. */
function drawn(times: Float64Array, amountOf: (spike: number) => number): string {
  const sums = new Array<number>(COLUMNS).fill(0)
  times.forEach((time, spike) => {
    const column = Math.min(COLUMNS - 1, Math.floor((COLUMNS * time) / SHOWN))
    sums[column] = (sums[column] ?? 0) + amountOf(spike)
  })
  const most = Math.max(...sums, Number.MIN_VALUE)
  return sums.map((sum) => BARS[Math.ceil(((BARS.length - 1) * sum) / most)]).join('')
}

const spikes$ = session.spikes$('hidden')
const gradients$ = session.gradients$('hidden->output')
let drawings = 0
zip(spikes$.pipe(filter(({ doing }) => doing === 'train')), gradients$)
  .pipe(filter(([{ run }]) => run % 32 === 1))
  .subscribe(([{ run, times }, { gradients }]) => {
    drawings++
    const events = gradients.filter((gradient) => gradient !== 0).length
    console.log(`mini-batch ${run}`)
    console.log(`  |${drawn(times, () => 1)}| ${times.length} spikes`)
    console.log(`  |${drawn(times, (spike) => Math.abs(gradients[spike] ?? 0))}| ${events} gradient events`)
  })
const options = { optimizer: adam({ learningRate: 0.01 }), silentLabelHinge: 1, epochs: 1 }
for await (const epoch of train(session, task, options))
  console.log(`validation ${(100 * epoch.validationAccuracy).toFixed(1)} %`)
await session.close()
if (drawings !== 5) throw new Error('five mini-batches must have been drawn')
