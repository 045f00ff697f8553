import { InputError, InternalError } from '../../events/errors.js'
import { isDeepEqual } from '../../events/is-deep-equal.js'
import type { Placement } from '../../hardware/placement.js'
import type { Loss } from '../../learning/loss.js'
import type { LossModule, UserLoss } from '../../learning/losses/user-loss.js'
import type { Run, RunLoss } from '../group/run.js'
import { traitsOf } from '../partition/learning/loaded-losses.js'
import type { Partition, RunOrder } from '../partition/partition.js'

/** What the partitions of a session know of the losses of users. */
export interface PreparedLosses {
  /**
   * What has to be done before a loss can be ordered, if a partition elsewhere has to load it and has not; else null.
   * A later order of the loss raises what went wrong.
   */
  preparing(loss: unknown): (() => Promise<void>) | null
  /**
   * The form in which a partition receives a loss.
   *
   * Raises `InputError` LOSS_NOT_A_MODULE for functions of this process where the loss is evaluated elsewhere, and what went
   * wrong while it was prepared.
   */
  lossFor(partition: Partition, loss: RunLoss | null): Pick<Run, 'loss'> & Pick<RunOrder, 'ownLoss'>
}

interface KnownLoss {
  readonly number: number
  readonly core: number
  readonly module: LossModule
  state: 'asked' | 'ready' | { readonly reason: unknown }
}

export function createPreparedLosses(partitions: readonly Partition[], placement: Placement): PreparedLosses {
  let known: readonly KnownLoss[] = []
  let last = 0

  /** Where a loss on a group is evaluated: with its first neurons. */
  function homeOf(group: string): Partition | undefined {
    const home = placement.cores.find(({ slices }) =>
      slices.some((slice) => slice.group === group && slice.start === 0),
    )
    return partitions.find(({ core }) => core === home?.core)
  }

  function find(core: number, module: LossModule): KnownLoss | undefined {
    const there = known.filter((each) => each.core === core)
    return there.find((each) => each.module === module) ?? there.find((each) => isDeepEqual(each.module, module))
  }

  /** What failed is asked for once more. */
  function enter(core: number, module: LossModule): KnownLoss | null {
    const before = find(core, module)
    if (before !== undefined && typeof before.state === 'string') return null
    const entry: KnownLoss = { number: ++last, core, module, state: 'asked' }
    known = [...known.filter((each) => each !== before), entry]
    return entry
  }

  return {
    preparing(loss) {
      if (!isFromModule(loss)) return null
      const home = homeOf(loss.group)
      const entry = home?.prepareLoss === undefined ? null : enter(home.core, loss.module)
      if (entry === null) return null
      return async () => {
        try {
          await home?.prepareLoss?.(entry.number, entry.module, traitsOf(loss))
          entry.state = 'ready'
        } catch (reason) {
          entry.state = { reason }
        }
      }
    },
    lossFor(partition, ordered) {
      if (ordered?.loss.kind !== 'own' || partition.prepareLoss === undefined) return { loss: ordered }
      const { loss } = ordered
      const plain = { loss: { ...ordered, loss: travellingLoss(loss) } }
      const home = homeOf(loss.group)
      if (home?.core !== partition.core) return plain
      if (!isFromModule(loss)) throw notFromModule(loss)
      const entry = find(partition.core, loss.module)
      if (entry?.state === 'ready') return { ...plain, ownLoss: entry.number }
      throw typeof entry?.state === 'object'
        ? entry.state.reason
        : new InternalError(`The loss "${loss.name}" was ordered before it was prepared.`)
    },
  }
}

/** A loss without its functions, which cannot travel. */
export function travellingLoss(loss: Loss): Loss {
  return loss.kind === 'own' ? ({ kind: 'own', group: loss.group, ...traitsOf(loss) } as Loss) : loss
}

function isFromModule(loss: unknown): loss is UserLoss & { readonly module: LossModule } {
  const { kind, module } = (loss ?? {}) as { readonly kind?: unknown; readonly module?: unknown }
  return kind === 'own' && typeof module === 'object' && module !== null
}

function notFromModule({ name }: UserLoss): InputError {
  return new InputError({
    code: 'LOSS_NOT_A_MODULE',
    field: 'loss',
    found: `"${name}", functions of this process`,
    expected: 'a loss from a module, as the partitions are in other threads or processes',
    remedy: "Export it from a module of its own, and give await lossModule(new URL('./its-name.js', import.meta.url)).",
  })
}
