import { entryOf } from '../events/by-name.js'
import type { GroupParameters, Parameters } from '../learning/session.js'
import type { Network } from '../network/description/network.js'
import { TAU_FIELDS } from '../network/description/time-constants.js'
import { learnableOf } from '../network/models/models.js'
import type { NamedNumbers } from './named-numbers.js'

/**
 * Learnable numbers of a network, or their gradients, one array after the other: every projection in file order
 * (weights, then delays), then every group (threshold, adaptStep, bias; li: bias). Not the time constants.
 *
 * @param what stands in front of every name
 */
export function parameterNumbers(
  what: string,
  network: Network,
  { projections, groups }: Parameters,
): readonly NamedNumbers[] {
  const named = (of: string, kinds: Readonly<Record<string, Float64Array | undefined>>) =>
    Object.entries(kinds).flatMap(([kind, values]) =>
      values === undefined ? [] : [{ name: `${what} ${of} ${kind}`, values }],
    )
  return [
    ...network.projections.flatMap(({ key }) => {
      const { weights, delays } = entryOf(projections, key) ?? {}
      return named(key, { weights, delays })
    }),
    ...network.groups.flatMap((group) => {
      const numbers: Partial<GroupParameters> = entryOf(groups, group.name) ?? {}
      return named(group.name, Object.fromEntries(learnableOf(group).map(({ field }) => [field, numbers[field]])))
    }),
  ]
}

/** The time constants of a network, or their gradients: every group in file order, in the order of `TAU_FIELDS`. */
export function tauNumbers(what: string, network: Network, { groups }: Parameters): readonly NamedNumbers[] {
  return network.groups.flatMap(({ name }) =>
    TAU_FIELDS.flatMap((field) => {
      const values = entryOf(groups, name)?.[field]
      return values === undefined ? [] : [{ name: `${what} ${name} ${field}`, values }]
    }),
  )
}
