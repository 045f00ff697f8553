import type { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { someText } from '../../network/reading/flag-values.js'
import type { CheckpointPlace, ObjectPlace } from '../checkpoint/checkpoint-place.js'
import { checkpointPlace } from '../checkpoint/checkpoint-place.js'
import { addJoinFlags, type JoinFlags, requireJoinFlags } from '../join/join-flags.js'
import { addNetworkFlags } from '../learning-flags.js'
import { addModulesFlag, type ModulesFlag } from '../modules-flag.js'
import type { NetworkFlags } from '../place/place-network.js'
import { refuseFlags } from '../refuse-flags.js'
import { addSizeFlags, type SizeFlags } from '../simulation-tasks.js'
import { byteCount } from './byte-count.js'

export interface DoctorFlags extends JoinFlags, NetworkFlags, SizeFlags, ModulesFlag {
  readonly checkpoint?: CheckpointPlace
  readonly makeBucket?: string
  /** In bytes. */
  readonly bucketSize?: number
  readonly dial?: boolean
  readonly json: boolean
}

/** What is to be looked at beside the server and its workers. */
export interface BucketWishes {
  /** In which checkpoints are to be kept. */
  readonly place: ObjectPlace | null
  readonly made: { readonly name: string; readonly bytes: number } | null
  /** Whether links to workers are opened; default: no. */
  readonly dial?: boolean
}

const OF_NETWORKS = ['preset', 'learn', 'hidden', 'recurrent', 'neurons', 'inDegree', 'allowModules'] as const
const OF_SERVERS = ['join', 'checkpoint', 'makeBucket', 'bucketSize', 'dial'] as const

export function addDoctorFlags(command: Command): Command {
  addJoinFlags(
    command,
    'check NATS servers with these URLs, and the workers there, in place of this machine: nats://host:4222, with commas between several',
  )
    .option(
      '--checkpoint <place>',
      'object:BUCKET, in which an object is written, read and removed, as checkpoints are (default: none)',
      checkpointPlace('--checkpoint'),
    )
    .option(
      '--make-bucket <name>',
      'make a bucket for checkpoints first, of --bucket-size, on every server of three or more, or on the only one (default: none)',
      someText('--make-bucket', 'a name'),
    )
    .option(
      '--bucket-size <bytes>',
      'most bytes in --make-bucket, as in 500MB, 10GB or 10GiB',
      byteCount('--bucket-size'),
    )
  command.option(
    '--dial',
    'have every worker start a process in each of its free slots, for a moment, and open a link to it from here',
  )
  return addSizeFlags(addNetworkFlags(addModulesFlag(command)))
}

/** Raises `InputError` FLAG_CONFLICT for flags of a server beside a network, and for those of a network without one. */
export function refuseOthers(network: string | undefined, flags: DoctorFlags): void {
  if (network === undefined) refuseFlags(flags, OF_NETWORKS, 'it says which network a task has, and none is named')
  else refuseFlags(flags, OF_SERVERS, 'a network is looked at without a server')
}

/** Raises `InputError` FLAG_CONFLICT and FLAG_VALUE. */
export function readWishes(flags: DoctorFlags): BucketWishes {
  const { join, checkpoint, makeBucket, bucketSize, dial } = flags
  requireJoinFlags(flags)
  const idle = Object.entries({ checkpoint, 'make-bucket': makeBucket, 'bucket-size': bucketSize, dial })
  const [flag] = idle.find(([, value]) => value !== undefined) ?? []
  if (join === undefined && flag !== undefined)
    throw conflict(`--${flag}`, 'the flag without --join', 'the URL of a NATS server beside it', 'Add --join URL.')
  if (checkpoint?.kind === 'folder')
    throw new InputError({
      code: 'FLAG_VALUE',
      field: '--checkpoint',
      found: JSON.stringify(checkpoint.path),
      expected: 'object:BUCKET',
    })
  if ((makeBucket === undefined) !== (bucketSize === undefined))
    throw makeBucket === undefined
      ? conflict('--bucket-size', 'the flag without --make-bucket', 'a bucket to make', 'Add --make-bucket NAME.')
      : conflict('--make-bucket', 'the flag without --bucket-size', 'how large it may grow', 'Add --bucket-size 10GB.')
  const made = makeBucket === undefined || bucketSize === undefined ? null : { name: makeBucket, bytes: bucketSize }
  return { place: checkpoint ?? null, made, dial: dial ?? false }
}

function conflict(field: string, found: string, expected: string, remedy: string): InputError {
  return new InputError({ code: 'FLAG_CONFLICT', field, found, expected, remedy })
}
