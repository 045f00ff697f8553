import { setTimeout } from 'node:timers/promises'
import { Command } from 'commander'
import { callRoll, versionInWords, type WorkerDiscovery } from '../../actors/fleet/discover-workers.js'
import type { Stranger, WorkerOffer } from '../../actors/fleet/fleet-messages.js'
import { ownVersions } from '../../actors/fleet/join-fleet.js'
import { freeSlots } from '../../actors/fleet/pick-slots.js'
import { interruptibly, leavesNothing } from '../interruption.js'
import { addJoinFlags, type JoinFlags, joinMissing } from '../join/join-flags.js'
import { joinRendezvous } from '../join/join-rendezvous.js'
import { jsonLines, type Shown, shown } from '../shown.js'
import { formatTable } from '../table.js'
import type { Terminal } from '../terminal.js'

interface WorkersFlags extends JoinFlags {
  readonly watch: boolean
  readonly json: boolean
}

/** Between two looks, in ms. */
const PAUSE = 2000

/** `antidrome workers`: who is there, and what they do. */
export function workersCommand(terminal: Terminal): Command {
  const command = new Command('workers').description(
    'List the workers at a NATS server, what they do and how they are.',
  )
  return addJoinFlags(command, 'URLs of NATS servers, such as nats://host:4222, with commas between several')
    .option('--watch', 'list them again every two seconds, until interrupted', false)
    .action((flags: WorkersFlags) => list(flags, terminal))
}

async function list(flags: WorkersFlags, terminal: Terminal): Promise<void> {
  const { join, json, watch } = flags
  if (join === undefined) throw joinMissing()
  await interruptibly(leavesNothing, async (signal) => {
    await using rendezvous = await joinRendezvous({ ...flags, join }, 'workers')
    do {
      const muster = await callRoll(rendezvous, ownVersions())
      terminal.out(json ? linesOf(muster) : tableOf(muster))
      if (watch) await setTimeout(PAUSE, undefined, { signal })
    } while (watch)
  })
}

function sorted<Worker extends Stranger>(workers: readonly Worker[]): readonly Worker[] {
  return [...workers].sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)) || (a.id < b.id ? -1 : 1))
}

function linesOf({ offers, strangers }: WorkerDiscovery): Shown {
  const known = sorted(offers).map(({ sealKey: _, ...offer }) => ({ ...offer, free: freeSlots(offer), isAlike: true }))
  const others = sorted(strangers).map((stranger) => ({ ...stranger, isAlike: false }))
  return jsonLines([...known, ...others])
}

/** Of those of another version there is no more to say: what else they tell may mean another thing. */
function tableOf({ offers, strangers }: WorkerDiscovery): Shown {
  if (offers.length + strangers.length === 0) return shown`There are no workers.\n`
  const rows = sorted(offers).map((offer) => [
    offer.name,
    offer.machine,
    `${freeSlots(offer)} of ${offer.slots}`,
    runsIn(offer),
    offer.load.toFixed(2),
    `${(offer.freeMemory / 2 ** 30).toFixed(1)} GiB`,
    offer.versions.antidrome,
    offer.isLeaving ? 'leaving' : `${Math.round(offer.uptime)} s`,
  ])
  const others = sorted(strangers).map(({ name, versions }) => {
    return [name, '-', 'none', '-', '-', '-', `${versions.antidrome} (another: ${versionInWords(versions)})`, '-']
  })
  return formatTable(['worker', 'machine', 'free', 'runs', 'load', 'memory', 'version', 'up'], [...rows, ...others])
}

function runsIn({ taken }: WorkerOffer): string {
  const runs = taken.map(
    // Without a lease it has no name but one that was drawn.
    ({ run, epoch, cores }) => `${epoch === 0 ? run.slice(0, 8) : `${run}@${epoch}`}: ${cores.join(',')}`,
  )
  return runs.length === 0 ? '-' : runs.join('; ')
}
