import { describeOrderEpoch } from '../../actors/fleet/order-epoch.js'
import type { WorkerEvent } from '../../actors/fleet/worker-event.js'
import type { CoreWorkerEnd } from '../../actors/supervision/failure-report.js'
import { AntidromeError } from '../../events/errors.js'
import { bounded } from '../../events/printable.js'
import type { RendezvousStatus } from '../../rendezvous/rendezvous.js'
import { jsonLine } from '../shown.js'
import type { Terminal } from '../terminal.js'
import { say } from '../warn.js'

/** The log of a worker: lines for people on stderr or, with `--json`, a JSON object per line on stdout. */
export interface WorkerLog {
  event(event: WorkerEvent): void
  status(status: RendezvousStatus): void
  note(event: string, message: string, fields?: Readonly<Record<string, unknown>>): void
}

/** @param now the date in ms */
export function createWorkerLog(terminal: Terminal, worker: string, json: boolean, now: () => number): WorkerLog {
  const write = (level: 'info' | 'warn', event: string, words: string, fields: Readonly<Record<string, unknown>>) => {
    const message = bounded(words)
    if (json) terminal.out(jsonLine({ time: new Date(now()).toISOString(), level, event, worker, ...fields, message }))
    else say(terminal, message)
  }
  return {
    event(event) {
      const { type, stamp } = event
      const fields = stamp === null ? {} : { run: stamp.run, epoch: stamp.epoch, start: stamp.start }
      const of = stamp === null ? 'an order' : `run ${stamp.run}`
      switch (type) {
        case 'engaged': {
          const { slot, cores, pid } = event
          return write('info', type, `slot ${slot} holds ${coresInWords(cores)} of ${of}, process ${pid}.`, {
            ...fields,
            slot,
            cores,
            pid,
          })
        }
        case 'ended': {
          const { slot, cores, pid, end } = event
          const isWell = end.exitCode === 0
          const words = isWell || end.lastWords === '' ? '' : ` Its last words: ${end.lastWords}`
          const message = `slot ${slot} is free: ${coresInWords(cores)} of ${of} ended with ${manner(end)}.${words}`
          return write(isWell ? 'info' : 'warn', type, message, { ...fields, slot, cores, pid, ...end })
        }
        case 'fenced': {
          const { by, slot, cores, pid } = event
          const message = `slot ${slot}: process ${pid} with ${coresInWords(cores)} of ${of} is ended, for ${describeOrderEpoch(by)}.`
          return write('warn', type, message, { ...fields, slot, cores, pid, by })
        }
        case 'refused':
          return write('warn', type, `${of} was refused: ${event.error.message}`, { ...fields, ...codeOf(event.error) })
        case 'unreported':
          return write(
            'warn',
            type,
            `the coordinator of ${of} could not be notified of an end: ${event.error.message}`,
            {
              ...fields,
              ...codeOf(event.error),
            },
          )
      }
    },
    status(status) {
      const { kind, ...fields } = status
      write(kind === 'reconnected' || kind === 'lease-renewed' ? 'info' : 'warn', kind, statusInWords(status), fields)
    },
    note: (event, message, fields = {}) => write('info', event, message, fields),
  }
}

function coresInWords(cores: readonly number[]): string {
  return `${cores.length === 1 ? 'core' : 'cores'} ${cores.join(', ')}`
}

function manner({ exitCode, signal }: CoreWorkerEnd): string {
  return signal === null ? `exit code ${exitCode}` : `signal ${signal}`
}

function codeOf(error: Error): { readonly code?: string } {
  return error instanceof AntidromeError ? { code: error.code } : {}
}

function statusInWords(status: RendezvousStatus): string {
  switch (status.kind) {
    case 'disconnected':
      return `the connection to ${status.server} is lost; runs continue, and it is dialled again.`
    case 'reconnected':
      return `connected to ${status.server} again.`
    case 'denied':
      return `the server does not let this user ${status.operation} ${status.subject}.`
    case 'lease-unrenewed':
      return `the lease ${status.lease} could not be renewed: ${status.reason}`
    case 'lease-renewed':
      return `the lease ${status.lease} is renewed again.`
  }
}
