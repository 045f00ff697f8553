import type { Partition, RunOrder, RunReport } from '../partition/partition.js'
import type { TraceRecorder } from './trace-recorder.js'

/** The same partition, as its coordinator sees it: what it is ordered to do, and when the replies come, is recorded. */
export function tracedPartition(partition: Partition, recorder: TraceRecorder, track: number): Partition {
  const order = recorder.label({ name: 'order run', category: 'session', flow: 'begins' })
  const heard = recorder.label({ name: 'report heard', category: 'session', shape: 'instant' })
  const failed = recorder.label({ name: 'run failed', category: 'session', shape: 'instant' })
  const ordered = recorder.label({ name: 'run', category: 'session', shape: 'async' })

  function run(given: RunOrder): Promise<RunReport> {
    const { number } = given
    recorder.run = number
    const start = recorder.now()
    const reported = partition.run(given)
    recorder.add({ track, label: order, start, end: recorder.now(), flow: number })
    const settled = (label: number) => () => {
      const end = recorder.now()
      recorder.add({ track, label: ordered, start, end, run: number })
      recorder.add({ track, label, start: end, run: number })
    }
    reported.then(settled(heard), settled(failed))
    return reported
  }

  /** The same call, recorded until its reply comes. */
  function called<Given extends readonly unknown[], Reply>(
    name: string,
    call: (...given: Given) => Promise<Reply>,
  ): (...given: Given) => Promise<Reply> {
    const label = recorder.label({ name, category: 'session', shape: 'async' })
    return (...given) => {
      const start = recorder.now()
      const replied = call(...given)
      const settled = () => recorder.add({ track, label, start, end: recorder.now() })
      replied.then(settled, settled)
      return replied
    }
  }

  return {
    ...partition,
    run,
    squares: called('squares', partition.squares),
    states: called('states', partition.states),
    update: called('update', partition.update),
    undo: called('undo', partition.undo),
    parameters: called('parameters', partition.parameters),
    save: called('save', partition.save),
    restore: called('restore', partition.restore),
  }
}
