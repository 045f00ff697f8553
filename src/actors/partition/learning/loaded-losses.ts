import { InternalError, RunError } from '../../../events/errors.js'
import type { Loss } from '../../../learning/loss.js'
import type { LossDefinition, LossModule } from '../../../learning/losses/user-loss.js'
import { loadLoss } from '../../modules/loss-module.js'
import type { ModulePolicy } from '../../modules/module-policy.js'
import type { LossTraits, RunOrder } from '../partition.js'

/** The losses of users that a process or thread has loaded, however many cores are here. */
export interface LoadedLosses {
  /** See `Partition.prepareLoss`. */
  prepare(number: number, module: LossModule, traits: LossTraits): Promise<void>
  /** An order with the loss that it names, if it names one. */
  withLoss(order: RunOrder): RunOrder
}

/**
 * @param beat sends a sign of life to the peers that might take this process or thread for silent
 */
export function createLoadedLosses(modules: ModulePolicy, beat: () => void = () => undefined): LoadedLosses {
  const loaded = new Map<number, LossDefinition & { readonly module: LossModule }>()
  return {
    async prepare(number, module, traits) {
      beat()
      const definition = await loadLoss(module, modules)
      beat()
      requireAlike(traitsOf(definition), traits, module)
      loaded.set(number, { ...definition, module })
    },
    withLoss({ ownLoss, ...order }) {
      const { loss } = order.run
      if (ownLoss === undefined || loss === null) return order
      const definition = loaded.get(ownLoss)
      if (definition === undefined) throw new InternalError(`An order names the loss ${ownLoss}, which is not here.`)
      const own: Loss = { ...definition, kind: 'own', group: loss.loss.group }
      return { ...order, run: { ...order.run, loss: { ...loss, loss: own } } }
    },
  }
}

/** What everybody has to know of a loss, but for its functions. */
export function traitsOf(definition: LossDefinition): LossTraits {
  const { name, observes, labels = 'any' } = definition
  return observes === 'integral'
    ? { name, observes, labels, tau: definition.tau ?? Infinity }
    : { name, observes, labels }
}

/** A module may make something else of the same options in another place. */
function requireAlike(found: LossTraits, expected: LossTraits, { module, name }: LossModule): void {
  const [own, other] = [found, expected].map((traits) =>
    JSON.stringify(traits, (_, value) => (value === Infinity ? 'Infinity' : value)),
  )
  if (own === other) return
  throw new RunError({
    code: 'LOSS_DIFFERS',
    message: `The module ${name} makes another loss here than at the coordinator: found ${own}, expected ${other}.`,
    details: { module, name },
    remedy: 'Let the loss be a function of its options alone.',
  })
}
