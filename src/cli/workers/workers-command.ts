import { setTimeout } from 'node:timers/promises'
import { Command } from 'commander'
import type { WorkerOffer } from '../../actors/fleet/fleet-messages.js'
import { ownVersions } from '../../actors/fleet/join-fleet.js'
import { callRoll, type Muster } from '../../actors/fleet/muster.js'
import { freeSlots } from '../../actors/fleet/pick-slots.js'
import { InputError } from '../../events/errors.js'
import { formatJson } from '../../storage/format-json.js'
import { interruptibly, leavesNothing } from '../interruption.js'
import { addJoinFlags, type JoinFlags } from '../join/join-flags.js'
import { joinRendezvous } from '../join/join-rendezvous.js'
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
    .option('--watch', 'list them anew every two seconds, until interrupted', false)
    .action((flags: WorkersFlags) => list(flags, terminal))
}

async function list(flags: WorkersFlags, terminal: Terminal): Promise<void> {
  const { join, json, watch } = flags
  if (join === undefined)
    throw new InputError({
      code: 'FLAG_MISSING',
      field: '--join',
      found: 'nothing',
      expected: 'the URL of a NATS server',
      remedy: 'Give --join nats://host:4222.',
    })
  await interruptibly(leavesNothing, async (signal) => {
    await using rendezvous = await joinRendezvous({ ...flags, join }, 'workers')
    do {
      const muster = await callRoll(rendezvous, ownVersions())
      terminal.out(json ? linesOf(muster) : tableOf(muster))
      if (watch) await setTimeout(PAUSE, undefined, { signal })
    } while (watch)
  })
}

const sorted = ({ offers, strangers }: Muster) =>
  [...offers, ...strangers].sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)) || (a.id < b.id ? -1 : 1))

function linesOf(muster: Muster): string {
  return sorted(muster)
    .map(
      ({ sealKey: _, ...offer }) =>
        `${formatJson({ ...offer, free: freeSlots(offer), isAlike: muster.offers.some(({ id }) => id === offer.id) })}\n`,
    )
    .join('')
}

function tableOf(muster: Muster): string {
  const workers = sorted(muster)
  if (workers.length === 0) return 'There are no workers.\n'
  const rows = workers.map((offer) => [
    offer.name,
    offer.machine,
    `${freeSlots(offer)} of ${offer.slots}`,
    runsIn(offer),
    offer.load.toFixed(2),
    `${(offer.freeMemory / 2 ** 30).toFixed(1)} GiB`,
    muster.offers.includes(offer) ? offer.versions.antidrome : `${offer.versions.antidrome} (other)`,
    offer.isLeaving ? 'leaving' : `${Math.round(offer.uptime)} s`,
  ])
  return formatTable(['worker', 'machine', 'free', 'runs', 'load', 'memory', 'version', 'up'], rows)
}

function runsIn({ taken }: WorkerOffer): string {
  const runs = taken.map(
    // Without a lease it has no name but one that was drawn.
    ({ run, epoch, cores }) => `${epoch === 0 ? run.slice(0, 8) : `${run}@${epoch}`}: ${cores.join(',')}`,
  )
  return runs.length === 0 ? '-' : runs.join('; ')
}
