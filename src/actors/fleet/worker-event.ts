import type { CoreWorkerEnd } from '../supervision/failure-report.js'
import type { OrderEpoch } from './order-epoch.js'

/** The process of a slot, and the start of a run that it is held for. */
interface HeldSlot {
  readonly stamp: OrderEpoch
  readonly slot: number
  readonly cores: readonly number[]
  readonly pid: number
}

/** What happens at a worker, for its log. */
export type WorkerEvent =
  | ({ readonly type: 'engaged' } & HeldSlot)
  | ({ readonly type: 'ended'; readonly end: CoreWorkerEnd } & HeldSlot)
  /** `by` is the later start of the run, for which the process is ended. */
  | ({ readonly type: 'fenced'; readonly by: OrderEpoch } & HeldSlot)
  | { readonly type: 'refused'; readonly stamp: OrderEpoch | null; readonly error: Error }
  | { readonly type: 'unreported'; readonly stamp: OrderEpoch; readonly error: Error }
