import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createRandomStream } from '../../dist/numerics/random-stream.js'
import { TINY_PRESET } from '../../test/cli/tiny-training.js'
import { type ManyMachines, openManyMachines, type RunningCommand } from '../../test/support/many-machines.js'
import { whyNoMachines } from '../../test/support/namespaces.js'
import { type Finding, requireEqual } from '../scenario.js'
import { createWorkforce } from './workforce.js'

export interface SweepChaosSettings {
  readonly seed: number
  /** Of workers. */
  readonly kills: number
  /** Of the sweep. */
  readonly runs: number
}

const WORKERS = 3
const COORDINATOR_KILLS = 2
const EPOCHS = 200
const SEEDS = 2
const BUCKET = 'sweeps'

/**
 * A sweep on three workers, each on a machine of its own in a namespace of the network. Workers are killed, its coordinator
 * is, too, and another machine takes it over, and the server is started anew: the ledger is that of a sweep on one machine.
 */
export async function* runSweepChaos({ seed, kills, runs }: SweepChaosSettings): AsyncGenerator<Finding> {
  const missing = whyNoMachines()
  if (missing !== null) throw new Error(`machines of one's own ${missing}`)
  await using machines = await openManyMachines({ workers: WORKERS })
  await using workforce = await createWorkforce(machines, WORKERS)
  const random = createRandomStream(seed, 'chaos/sweep')
  const sweep = createSweep(machines, Math.ceil(runs / SEEDS))
  const expected = await sweep.undisturbed()
  const all = SEEDS * Math.ceil(runs / SEEDS)

  // What falls once which share of the runs is through.
  const blows = [
    ...Array.from({ length: kills }, (_, k) => ({ what: 'worker' as const, at: random.uniform(k) })),
    ...Array.from({ length: COORDINATOR_KILLS }, (_, k) => ({ what: 'coordinator' as const, at: (k + 1) / 3 })),
    { what: 'server' as const, at: 0.5 },
  ].toSorted((a, b) => a.at - b.at)
  const begun = performance.now()
  let [starts, draws] = [1, kills]
  let running = sweep.start(0)
  for (const { what, at } of blows) {
    while (sweep.through() < Math.floor(0.9 * at * all) && running.child.exitCode === null) await setTimeout(20)
    await setTimeout(300 * random.uniform(draws++))
    if (running.child.exitCode !== null)
      throw new Error(`the sweep ended before a ${what} was killed: ${running.said.err}`)
    if (what === 'worker') await workforce.signal(random.integer(draws++, WORKERS), 'SIGKILL')
    else if (what === 'server') await machines.server.restart()
    else {
      running.child.kill('SIGKILL')
      await running.ended
      running = await sweep.takeOver(starts++)
    }
  }
  const { code, err } = await running.ended
  requireEqual('exit code of the sweep', code, 0)
  requireEqual('ledger after kills of workers and coordinators', sweep.ledger(), expected)
  requireEqual('ends of workers by accident', workforce.accidents.join('; '), '')
  yield { what: 'runs of the sweep', value: all, unit: '' }
  yield { what: 'workers killed', value: kills, unit: '' }
  yield { what: 'coordinators killed', value: starts - 1, unit: '' }
  yield { what: 'starts of the server', value: 2, unit: '' }
  yield { what: 'runs that waited at the last coordinator', value: err.match(/is tried again/g)?.length ?? 0, unit: '' }
  yield { what: 'time', value: (performance.now() - begun) / 1000, unit: 's' }
}

/** Each coordinator has a machine and a folder of its own; the ledger is that of the last one. */
function createSweep(machines: ManyMachines, settings: number) {
  const path = (name: string) => join(machines.folder, name)
  writeFileSync(path('tiny.json'), JSON.stringify(TINY_PRESET))
  const vary = { 'training.optimizer.learningRate': { logUniform: [0.001, 0.1] } }
  const file = { base: 'tiny.json', vary, sampler: 'sobol', runs: settings, seeds: SEEDS }
  writeFileSync(path('sweep.json'), JSON.stringify(file))
  const places = [machines.places.coordinator, ...machines.places.workers]
  const argv = (out: string, ...flags: readonly string[]) => {
    return ['sweep', path('sweep.json'), '--json', '--out', path(out), ...flags, '--', '--epochs', String(EPOCHS)]
  }
  const kept = [...machines.joining, '--checkpoint', `object:${BUCKET}`, '--resume']
  const ledgerIn = (out: string) => readFileSync(join(path(out), 'sweep.jsonl'), 'utf8')
  let own = 'coordinator-0'

  function start(number: number): RunningCommand {
    own = `coordinator-${number}`
    return machines.command(argv(own, ...kept), places[number % places.length])
  }

  return {
    start,
    /** Starts on another machine until the lease of who was killed has run out. */
    async takeOver(number: number): Promise<RunningCommand> {
      while (true) {
        const running = start(number)
        const began = running.says('"run"').then(
          () => true,
          () => false,
        )
        if (await began) return running
        if (!running.said.err.includes('LEASE_HELD')) throw new Error(`a coordinator ended: ${running.said.err}`)
      }
    },
    ledger: () => ledgerIn(own),
    /** Runs of which the ledger says what they came to. */
    through: () => (existsSync(join(path(own), 'sweep.jsonl')) ? ledgerIn(own).split('"run":').length - 1 : 0),
    async undisturbed(): Promise<string> {
      const make = ['doctor', ...machines.joining, '--make-bucket', BUCKET, '--bucket-size', '500MB']
      const made = await machines.command(make).ended
      if (!made.out.includes(BUCKET)) throw new Error(`no bucket was made: ${made.err}`)
      const { code, err } = await machines.command(argv('undisturbed')).ended
      if (code !== 0) throw new Error(`the undisturbed sweep ended with ${code}: ${err}`)
      return ledgerIn('undisturbed')
    },
  }
}
