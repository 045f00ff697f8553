import { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { type KeptRun, keptRuns, removeKeptRun } from '../../storage/checkpoint/bucket-checkpoints.js'
import type { ObjectBucket } from '../../storage/checkpoint/object-bucket.js'
import { interruptibly, leavesNothing } from '../interruption.js'
import { addJoinFlags, type JoinFlags, joinMissing } from '../join/join-flags.js'
import { jsonLines, type Shown, shown } from '../shown.js'
import { formatTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { checkpointPlace, formatPlace, type ObjectPlace } from './checkpoint-place.js'
import { type ObjectStore, type OpenObjectStore, openStoreOf } from './open-checkpoint-store.js'

interface CheckpointsFlags extends JoinFlags {
  readonly remove: boolean
  readonly json: boolean
}

/** `antidrome checkpoints object:BUCKET`: which runs have checkpoints in a bucket; removes those of one. */
export function checkpointsCommand(terminal: Terminal, openStore: OpenObjectStore = openStoreOf): Command {
  const command = new Command('checkpoints')
    .description('List the runs whose checkpoints a bucket at a NATS server keeps, or remove those of one run.')
    .argument('<place>', 'object:BUCKET for all of its runs, or object:BUCKET/PREFIX for those below', placeOfObjects)
  return addJoinFlags(command, 'URLs of NATS servers, such as nats://host:4222, with commas between several')
    .option('--remove', 'remove the checkpoints of the run object:BUCKET/PREFIX, which must not be running', false)
    .action(async (place: ObjectPlace, flags: CheckpointsFlags) => {
      if (flags.join === undefined) throw joinMissing()
      if (flags.remove && place.prefix === null) throw prefixMissing(place)
      await interruptibly(leavesNothing, async () => {
        await using store = await openStore(flags)
        const bucket = await store.bucket(place.bucket)
        const runs = flags.remove ? [await remove(place, bucket, store)] : await keptRuns(bucket, place.prefix)
        const { bucket: name } = place
        terminal.out(flags.json ? jsonLines(runs.map((run) => ({ bucket: name, ...run }))) : tableOf(place, runs))
      })
    })
}

async function remove(place: ObjectPlace, bucket: ObjectBucket, { takeLease }: ObjectStore): Promise<KeptRun> {
  const run = await removeKeptRun({ bucket, prefix: place.prefix ?? '', takeLease })
  if (run !== null) return run
  throw new InputError({
    code: 'CHECKPOINTS_MISSING',
    file: formatPlace(place),
    field: 'checkpoints',
    found: 'none',
    expected: 'checkpoints of a run',
    remedy: `See which runs there are: antidrome checkpoints object:${place.bucket} --join URL.`,
  })
}

function tableOf({ bucket }: ObjectPlace, runs: readonly KeptRun[]): Shown {
  if (runs.length === 0) return shown`There are no checkpoints.\n`
  const rows = runs.map(({ prefix, checkpoints, newest }) => {
    return [`object:${bucket}/${prefix}`, String(checkpoints), newest ?? '-']
  })
  return formatTable(['run', 'checkpoints', 'newest'], rows)
}

function placeOfObjects(text: string): ObjectPlace {
  const place = checkpointPlace('place')(text)
  if (place.kind === 'object') return place
  throw new InputError({
    code: 'FLAG_VALUE',
    field: 'place',
    found: JSON.stringify(place.path),
    expected: 'object:BUCKET or object:BUCKET/PREFIX',
    remedy: 'Give the bucket; checkpoints in a folder are files, which you see and remove there.',
  })
}

function prefixMissing(place: ObjectPlace): InputError {
  return new InputError({
    code: 'FLAG_CONFLICT',
    field: '--remove',
    found: `the flag with ${formatPlace(place)}`,
    expected: 'one run, object:BUCKET/PREFIX',
    remedy: 'Leave out --remove to see which runs there are.',
  })
}
