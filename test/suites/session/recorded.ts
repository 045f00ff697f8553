import { join } from 'node:path'
import type { SimulationState } from '../../../src/actors/streaming/simulation-state.js'
import type { StreamingSession } from '../../../src/actors/streaming/spike-stream.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { openRecording } from '../../../src/storage/recording/read-recording.js'
import { continueRecording, type Recorder, startRecording } from '../../../src/storage/recording/record.js'
import { firstTrial } from '../../support/arbitrary-stream.js'
import { joinedTrains } from '../../support/streamed.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { RECORD, type SessionRun } from './session-run.js'
import { sumOf, trafficOf } from './session-traffic.js'

/** The first trial as it is read from the disk; where it is cut, recorded up to a state, and continued elsewhere. */
export async function recorded(run: SessionRun, session: StreamingSession) {
  const { sample, cuts } = run
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'recording')
  const groups = sample.network.groups.filter(({ name }) => RECORD.includes(name))
  const description = {
    identity: { seed: String(sample.seed) },
    groups: groups.map(({ name, size }) => ({ name, size })),
  }
  const options = { record: RECORD, until: sample.trials.until, inputs: firstTrial(sample.trials) }

  const record = async (
    recorder: Recorder,
    from: StreamingSession,
    segment: number,
    state: SimulationState | null,
    stop: number,
  ) => {
    await using writes = recorder
    const stream = from.stream({ ...options, segment, ...(state === null ? {} : { from: state }) })
    let segments = 0
    let saved: SimulationState | null = null
    for await (const part of stream) {
      await writes.append(part)
      if (++segments < stop) continue
      saved = await stream.saveState()
      break
    }
    await stream.done
    return saved
  }

  const { segment, stop } = cuts ?? { segment: options.until, stop: Infinity }
  const state = await record(await startRecording(path, description), session, segment, null, stop)
  let traffic = await trafficOf(run, session)
  if (state !== null && state.time < options.until) {
    await using other = await run.open('second')
    await record(await continueRecording(path, description, state.time), other, 1.5 * segment, state, Infinity)
    traffic = sumOf(traffic, await trafficOf(run, other))
  }
  await using read = await openRecording(path)
  const parts = Object.fromEntries(RECORD.map((name): [string, SpikeTrains[]] => [name, []]))
  for await (const { spikes } of read.segments()) for (const name of RECORD) parts[name]!.push(spikes[name]!)
  return { spikes: joinedTrains(parts), traffic }
}
