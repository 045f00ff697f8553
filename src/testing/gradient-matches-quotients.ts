import { brokenLaw } from './broken-law.js'
import { compareGradient, type GradientComparisonOptions } from './compare-gradient.js'

/** How much of a gradient a check could look at. */
export interface GradientCoverage {
  readonly compared: number
  /** Numbers around which the sequence of events changes. */
  readonly skipped: number
}

/**
 * Law: the gradient of a session is the limit of its difference quotients, for every number; see `compareGradient`.
 *
 * Raises `RunError` LAW_BROKEN with kind, index, gradient and quotient of the worst number.
 *
 * @example
 * const loss = { kind: 'spikeCount', group: 'layer2', tau: 20 } as const
 * await gradientMatchesQuotients({ open, network, trials, loss, labels })
 */
export async function gradientMatchesQuotients(options: GradientComparisonOptions): Promise<GradientCoverage> {
  const checks = await compareGradient(options)
  let compared = 0
  let skipped = 0
  for (const [kind, check] of checks) {
    compared += check.compared.length
    skipped += check.skipped.length
    const { worst, failures } = check
    if (worst === null || failures.length === 0) continue
    const { index, exact, quotient, error } = worst
    const found = `${kind}[${index}] has gradient ${exact}, but the quotient is ${quotient}, give or take ${error}`
    throw brokenLaw('gradientMatchesQuotients', found, { kind, index, exact, quotient, error })
  }
  return { compared, skipped }
}
