import { createHash, randomUUID } from 'node:crypto'
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { hasCode } from '../has-code.js'
import { processFields } from '../process-fields.js'

/** The process that holds a lock; null stands for what a platform does not tell. Plain data. */
export interface LockOwner {
  readonly process: number
  readonly host: string
  /** Tells machines of the same name apart. */
  readonly machine: string | null
  /** Of the last start of the machine: the processes from before are gone. */
  readonly boot: string | null
  /** Within which process ids count; a container may have its own. */
  readonly namespace: string | null
  /** Tells the process from a later one with the same id. */
  readonly started: string | null
  /** Tells this lock from every other. */
  readonly token: string
}

/** Whether the owner of a lock still runs; unknown if one cannot see it from here. */
export type OwnerStatus = 'running' | 'gone' | 'unknown'

/** Of the fields behind the name of a process: its state, and when it started, counted from the start of the machine. */
const STATE_AT = 0
const STARTED_AT = 19
/** Has ended; its exit status has not been collected (a zombie). */
const ENDED = /^[ZXx]$/

/** This process, as the owner of a new lock. */
export async function describeThisProcess(): Promise<LockOwner> {
  const [machine, boot, namespace] = await Promise.all([
    trimmed(readFile('/etc/machine-id', 'utf8')),
    trimmed(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    trimmed(readlink('/proc/self/ns/pid')),
  ])
  return {
    process: process.pid,
    host: hostname(),
    // The id itself is not for others to see.
    machine: machine === null ? null : createHash('sha256').update(`antidrome ${machine}`).digest('hex').slice(0, 16),
    boot,
    namespace,
    started: processFields(process.pid)?.[STARTED_AT] ?? null,
    token: randomUUID(),
  }
}

async function trimmed(output: Promise<string>): Promise<string | null> {
  const text = await output.catch(() => '')
  return text.trim() || null
}

/** Whether the owner of a lock still runs, as `here` can tell: it never takes one for gone that it might not see. */
export function statusOf(owner: LockOwner, here: LockOwner): OwnerStatus {
  if (owner.host !== here.host || owner.machine !== here.machine) return 'unknown'
  if (owner.boot !== here.boot) {
    const isSameMachine = owner.machine !== null && owner.boot !== null && here.boot !== null
    return isSameMachine ? 'gone' : 'unknown'
  }
  if (owner.namespace !== here.namespace) return 'unknown'
  return isRunning(owner) ? 'running' : 'gone'
}

function isRunning({ process: id, started }: LockOwner): boolean {
  const fields = processFields(id)
  if (fields === null) return isReached(id)
  return !ENDED.test(fields[STATE_AT] ?? '') && (started === null || fields[STARTED_AT] === started)
}

function isReached(id: number): boolean {
  try {
    return process.kill(id, 0)
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return hasCode(error, 'EPERM')
  }
}

/** The owner that a lock names; null for a text that names none. */
export function parseOwner(text: string): LockOwner | null {
  try {
    const value = JSON.parse(text) as Readonly<Record<string, unknown>>
    const { process: id, host, token } = value
    if (!Number.isSafeInteger(id) || Number(id) < 1 || typeof host !== 'string' || !isToken(token)) return null
    const { machine, boot, namespace, started } = value
    return {
      process: Number(id),
      host,
      machine: textOf(machine),
      boot: textOf(boot),
      namespace: textOf(namespace),
      started: textOf(started),
      token,
    }
  } catch {
    return null
  }
}

/** It becomes part of a file name. */
function isToken(token: unknown): token is string {
  return typeof token === 'string' && /^[\da-f-]{1,64}$/.test(token)
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
