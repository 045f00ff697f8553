import { open, openCluster, placeOnCores } from '../../dist/index.js'
import { type Contestant, contest, type OpenContestant } from '../measure/contest.js'
import { SEED } from '../measure/count-spikes.js'
import { SLOW_ADAM } from '../measure/training-cost.js'
import { figuresOfTurns } from '../measure/turn-figures.js'
import type { Finding, Settings } from '../suite.js'
import { imageWorkload, type Workload, yinYangWorkload } from '../workloads.js'

type OpenSession = Awaited<ReturnType<typeof open>>

/** Who watches a training, and what; he adds up what he is shown. */
interface Audience {
  readonly name: string
  readonly watch: (session: OpenSession, see: (amount: number) => void) => void
}

const NOBODY: Audience = { name: 'nobody watches', watch: () => undefined }

const AUDIENCES: readonly Audience[] = [
  NOBODY,
  {
    name: 'somebody did once',
    watch(session, see) {
      const seen = [spikesOf(session, see), gradientsOf(session, 'hidden->output', see)]
      for (const subscription of seen) subscription.unsubscribe()
    },
  },
  { name: 'one spikes', watch: (session, see) => void spikesOf(session, see) },
  {
    name: 'ten spikes',
    watch(session, see) {
      for (let k = 0; k < 10; k++) spikesOf(session, see)
    },
  },
  {
    name: 'one gradient events',
    watch: (session, see) => void gradientsOf(session, 'hidden->output', see),
  },
  {
    name: 'one those of the input, too',
    watch(session, see) {
      gradientsOf(session, 'hidden->output', see)
      gradientsOf(session, 'input->hidden', see)
    },
  },
  {
    name: 'one eight voltages every ms',
    watch(session, see) {
      const units = [0, 1, 2, 3, 4, 5, 6, 7]
      session.voltages('hidden', { units, every: 1 }).subscribe(({ values }) => see(values.length))
    },
  },
]

function spikesOf(session: OpenSession, see: (amount: number) => void) {
  return session.spikes$('hidden').subscribe(({ times }) => see(times.length))
}

function gradientsOf(session: OpenSession, projection: string, see: (amount: number) => void) {
  return session.gradients$(projection).subscribe(({ gradients }) => see(gradients.length))
}

/** What it costs a training to be watched, beside one that nobody watches; all train in turns. */
export async function* watchSuite(settings: Settings): AsyncGenerator<Finding> {
  for (const workload of [imageWorkload({ batch: 128 }), yinYangWorkload(32)])
    for (const partitions of [1, 2]) {
      const contestants = AUDIENCES.map(({ watch }): Contestant => {
        const step = { ...SLOW_ADAM, loss: workload.task.loss }
        return { workload, step, open: () => openWatched(workload, partitions, watch) }
      })
      const [unwatched = [], ...watched] = await contest(contestants, settings)
      const where = partitions === 1 ? 'in this process' : `on ${partitions} over websockets`
      for (const [k, turns] of watched.entries()) {
        const name = `${workload.name} ${where}: ${AUDIENCES[k + 1]?.name}`
        yield* figuresOfTurns(name, turns, [{ name: NOBODY.name, turns: unwatched }])
      }
    }
}

async function openWatched(workload: Workload, partitions: number, watch: Audience['watch']): Promise<OpenContestant> {
  const { network } = workload.task
  const tally = { seen: 0 }
  const see = (amount: number) => {
    tally.seen += amount
  }
  const alone = async (session: OpenSession, processes: readonly number[]) => {
    watch(session, see)
    return { sessions: [session], processes }
  }
  if (partitions === 1) return alone(await open(network, { seed: SEED }), [])
  const placement = placeOnCores(network, partitions)
  const session = await openCluster(network, placement, { seed: SEED, transport: 'websocket' })
  return alone(
    session,
    session.workers.map(({ id }) => id),
  )
}
